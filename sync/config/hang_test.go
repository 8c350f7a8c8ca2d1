package config

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A D-Bus service that never answers must not hold the program: it is given up, and an interrupt does not wait for it
// either.
func TestAKeyringThatNeverAnswers(t *testing.T) {
	t.Parallel()
	silent := make(chan struct{})
	t.Cleanup(func() { close(silent) })
	never := func() (string, error) {
		<-silent
		return "", nil
	}
	k := systemKeyring{limit: time.Nanosecond, reachable: func() bool { return true }}
	if _, err := k.ask(t.Context(), never); err == nil || !strings.Contains(err.Error(), "did not answer within") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k.limit = time.Hour
	if _, err := k.ask(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestACommandThatNeverEnds(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the command of this test is that of a POSIX system")
	}
	_, err := runCommand(t.Context(), []string{"sleep", "1000"}, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "did not end within 1ms and was stopped") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runCommand(ctx, []string{"sleep", "1000"}, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
