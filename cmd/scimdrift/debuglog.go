package main

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// debugLog writes one line for each step of a request. A nil one writes nothing.
type debugLog struct {
	mu   sync.Mutex
	file *os.File
}

func openDebugLog(path string) (*debugLog, error) {
	const ownerOnly = 0o600
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, ownerOnly) //nolint:gosec // the operator's own
	if err != nil {
		return nil, fmt.Errorf("the debug log cannot be written: %w", err)
	}
	// It may have been there before, open to others. A terminal, a pipe or /dev/null is everybody's and stays as it is.
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = file.Chmod(ownerOnly)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the debug log cannot be kept from others: %w", err), file.Close())
	}
	return &debugLog{file: file}, nil
}

func (l *debugLog) write(e transport.Event) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = fmt.Fprintln(l.file, model.Visible(e.Line())) // a full disk must not stop a run
}

func (l *debugLog) close() {
	if l != nil {
		_ = l.file.Close()
	}
}
