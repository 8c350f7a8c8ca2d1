package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/zalando/go-keyring"
)

// Keyring is the operating system's store of secrets. Entries have a name; all belong to scimdrift.
type Keyring interface {
	// Get gives an entry; ErrNoEntry if there is none.
	Get(ctx context.Context, name string) (string, error)
	Set(ctx context.Context, name, secret string) error
	// Delete removes an entry; ErrNoEntry if there is none.
	Delete(ctx context.Context, name string) error
}

var (
	// ErrNoKeyring means that this machine has no keyring that could be asked.
	ErrNoKeyring = errors.New("this machine has no keyring that can be reached (on Linux it is the Secret Service of " +
		"a desktop session, over D-Bus); " + inItsPlace)
	// ErrNoEntry means that the keyring has no entry of that name.
	ErrNoEntry = errors.New("the keyring has no such entry; store it with scimdrift login")
)

const inItsPlace = `use { env = "NAME" } or { command = ["PROGRAM", "ARGUMENT"] } in its place`

const keyringService = "scimdrift"

// keyringTime is enough for somebody to unlock the keyring when it asks. Behind it may stand a D-Bus service that never
// answers.
const keyringTime = 30 * time.Second

// SystemKeyring is the keyring of this machine: the macOS keychain, the Windows credential manager, or the Secret
// Service.
func SystemKeyring() Keyring { return systemKeyring{limit: keyringTime, reachable: keyringReachable} }

type systemKeyring struct {
	limit     time.Duration
	reachable func() bool
}

// keyringReachable: without a session bus the library would try to start one of its own, which would stay behind and be
// empty.
func keyringReachable() bool {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "bus")) //nolint:gosec // the session's own folder, and nothing is read
	return err == nil
}

func (k systemKeyring) Get(ctx context.Context, name string) (secret string, err error) {
	return k.ask(ctx, func() (string, error) { return keyring.Get(keyringService, name) })
}

func (k systemKeyring) Set(ctx context.Context, name, secret string) error {
	_, err := k.ask(ctx, func() (string, error) { return "", keyring.Set(keyringService, name, secret) })
	return err
}

func (k systemKeyring) Delete(ctx context.Context, name string) error {
	_, err := k.ask(ctx, func() (string, error) { return "", keyring.Delete(keyringService, name) })
	return err
}

// ask waits for the keyring no longer than the limit. The library cannot be called off; a call that never ends is left
// behind.
func (k systemKeyring) ask(ctx context.Context, call func() (string, error)) (string, error) {
	if !k.reachable() {
		return "", ErrNoKeyring
	}
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := call()
		done <- answer{text, err}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, k.limit,
		fmt.Errorf("the keyring did not answer within %s; unlock it and try again, or %s", k.limit, inItsPlace))
	defer cancel()
	select {
	case a := <-done:
		return a.text, keyringError(a.err)
	case <-ctx.Done():
		return "", fmt.Errorf("the keyring was not waited for: %w", context.Cause(ctx))
	}
}

func keyringError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoEntry
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return errors.New("the secret is too long for this keyring; " + inItsPlace)
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return ErrNoKeyring
	}
	return fmt.Errorf("the keyring could not be used: %w; unlock it, or %s", err, inItsPlace)
}

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
	out := &limited{left: commandBytes}
	cmd.Stdout = out // the errors go nowhere
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case parent.Err() != nil:
		return nil, fmt.Errorf("was interrupted: %w", context.Cause(parent))
	case ctx.Err() != nil:
		return nil, fmt.Errorf("did not end within %s and was stopped; run it by hand to see what it waits for", limit)
	case out.over:
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

// limited keeps what is written to it up to a limit. Beyond it writing fails, which ends a command that would print for
// ever.
type limited struct {
	kept bytes.Buffer
	left int
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		l.over = true
		return 0, errTooMuch
	}
	l.left -= len(p)
	return l.kept.Write(p)
}
