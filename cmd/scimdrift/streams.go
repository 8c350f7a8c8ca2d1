package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/tui/style"
)

// outputGrace is how long a write may still take once the program has been told to end: more than any terminal that
// works needs, so that the screen is restored there.
const outputGrace = 500 * time.Millisecond

var (
	errStalled      = errors.New("the terminal takes no output")
	errTerminalGone = errors.New("the terminal is gone")
)

// output writes to a file. A terminal or pipe that takes nothing holds a write for ever; once the program has been told
// to end, such a write is given up, so that it does end. Its goroutine stays behind, because no system takes back a
// write that has begun. A terminal that fails is gone, which ends the program too.
type output struct {
	*os.File

	end       context.CancelCauseFunc
	ending    <-chan struct{}
	isStalled atomic.Bool
	// ascii: it is a terminal that shows no other characters.
	ascii bool
}

// output makes one of a file. Any other writer is a test's, which never stalls.
func (p *program) output(ctx context.Context, w io.Writer) io.Writer {
	f, ok := w.(*os.File)
	if !ok {
		return w
	}
	o := &output{File: f, end: func(error) {}, ending: ctx.Done()}
	if isTerminal(f) { // one that is gone is none any more
		o.end, o.ascii = p.end, asciiOnly(os.Getenv)
	}
	return o
}

// asciiOnly: the locale names a character set that is not UTF-8. Where nothing names one, terminals of today have it.
func asciiOnly(env func(string) string) bool {
	locale := strings.ToLower(cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG")))
	return locale != "" && !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
}

func (o *output) Write(p []byte) (n int, err error) {
	if o.isStalled.Load() {
		return 0, errStalled
	}
	done := make(chan struct{})
	kept := bytes.Clone(p) // the caller may use p again when this is given up
	if o.ascii {
		kept = []byte(style.ASCII(string(p)))
	}
	var written int
	var failed error
	go func() {
		defer close(done)
		if written, failed = o.File.Write(kept); failed == nil {
			written = len(p)
		}
		o.isStalled.Store(false)
	}()
	ending, late := o.ending, (<-chan time.Time)(nil)
	for {
		select {
		case <-done:
			if failed != nil {
				o.end(errTerminalGone)
			}
			return written, failed
		case <-ending:
			ending, late = nil, time.After(outputGrace)
		case <-late:
			o.isStalled.Store(true)
			return 0, errStalled
		}
	}
}

// WriteString stands in the place of the file's own.
func (o *output) WriteString(s string) (int, error) { return o.Write([]byte(s)) }

// keys reads from a terminal that passes every key on. An end or an error there is nothing that somebody typed: the
// terminal is gone, and with it whoever could end the program. A closed window also sends SIGHUP, but not everything
// between it and the program passes that on (a container, su, a session manager).
type keys struct {
	*os.File

	end context.CancelCauseFunc
}

// keys gives what a screen reads its keys from, where standard input is a terminal.
func (p *program) keys() io.Reader {
	f, _ := p.stdin.(*os.File) // which a terminal is
	return &keys{File: f, end: p.end}
}

func (k *keys) Read(p []byte) (int, error) {
	n, err := k.File.Read(p)
	if err != nil {
		k.end(errTerminalGone)
	}
	return n, err
}

func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(f.Fd())
}

// isDrawable reports whether a stream is a terminal that can be drawn on. A dumb one is a printer: it gets plain lines.
func isDrawable(stream any) bool { return isTerminal(stream) && !isDumbTerminal() }

func isDumbTerminal() bool { return os.Getenv("TERM") == "dumb" }

// openDebugLog opens the file that gets a line for each step of a request; nil where none is asked for.
func openDebugLog(path string) (*os.File, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // nothing is logged
	}
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
	return file, nil
}

func logTo(log *os.File, e transport.Event) {
	if log != nil {
		_, _ = fmt.Fprintln(log, model.Visible(e.Line())) // a full disk must not stop a run
	}
}
