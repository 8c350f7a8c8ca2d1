package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

const (
	// commandTime is enough for somebody to touch a sensor or type a passphrase.
	commandTime = time.Minute
	// commandGrace is how long after a command's end its output is still waited for: what it printed is in the pipe by
	// then, and an agent that it left behind may hold the other end for ever.
	commandGrace = 500 * time.Millisecond
	// commandBytes is far more than any secret; a command that prints more is the wrong one.
	commandBytes = 64 << 10
)

var errTooMuch = errors.New("printed more than 64 KiB, which is no secret; run it by hand")

// RunCommand runs a program with its arguments, without a shell, and gives what it has printed when it ends. What it
// leaves running is left alone: it may be an agent. What it prints on a failure is not in the error, because it may be
// the secret or lead to it.
func RunCommand(ctx context.Context, command []string) ([]byte, error) {
	return runCommand(ctx, command, commandTime)
}

func runCommand(parent context.Context, command []string, limit time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(parent, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the operator's own
	cmd.WaitDelay = commandGrace
	out := &limitedBuffer{remaining: commandBytes}
	cmd.Stdout = out // the errors go nowhere
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case parent.Err() != nil:
		return nil, fmt.Errorf("was interrupted: %w", context.Cause(parent))
	case ctx.Err() != nil:
		return nil, fmt.Errorf("did not end within %s and was stopped; run it by hand to see what it waits for", limit)
	case out.overflowed:
		return nil, errTooMuch
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("is not installed or not in the PATH; install it, or write its whole path")
	case errors.As(err, &exit):
		return nil, fmt.Errorf("failed (%s); run it by hand to see why, its output is not shown because it may hold "+
			"the secret", exit.ProcessState)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay): // which says that it ended well, with its output held open
		return nil, fmt.Errorf("could not be run: %w; run it by hand to see why", err)
	}
	return out.kept.Bytes(), nil
}

// limitedBuffer keeps what is written to it up to a limit. Beyond it writing fails, which ends a command that would
// print for ever.
type limitedBuffer struct {
	kept       bytes.Buffer
	remaining  int
	overflowed bool
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if len(p) > l.remaining {
		l.overflowed = true
		return 0, errTooMuch
	}
	l.remaining -= len(p)
	return l.kept.Write(p)
}
