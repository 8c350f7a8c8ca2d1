package config

import (
	"context"
	"errors"
	"fmt"
	"os"
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
		"a desktop session, over D-Bus); " + insteadOfKeyring)
	// ErrNoEntry means that the keyring has no entry of that name.
	ErrNoEntry = errors.New("the keyring has no such entry; store it with scimdrift login")
)

const insteadOfKeyring = `use { env = "NAME" } or { command = ["PROGRAM", "ARGUMENT"] } in its place`

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
		fmt.Errorf("the keyring did not answer within %s; unlock it and try again, or %s", k.limit, insteadOfKeyring))
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
		return errors.New("the secret is too long for this keyring; " + insteadOfKeyring)
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return ErrNoKeyring
	}
	return fmt.Errorf("the keyring could not be used: %w; unlock it, or %s", err, insteadOfKeyring)
}
