package state

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"syscall"

	"github.com/gofrs/flock"
)

// Lock takes a flock, which the kernel lets go of when the process ends, however it ends.
func (machine) Lock(name string, wait bool) (release func(), ok bool, err error) {
	l := flock.New(name)
	if wait {
		for err = l.Lock(); errors.Is(err, syscall.EINTR); err = l.Lock() {
			continue // a signal of the runtime's came in between
		}
		ok = true
	} else {
		ok, err = l.TryLock()
	}
	if err != nil || !ok {
		return nil, false, err
	}
	// The file is not removed: somebody else may have opened it already, and would then lock a file without a name.
	return sync.OnceFunc(func() { _ = l.Unlock() }), true, nil // the kernel has nothing to refuse here
}

// Locked asks for a share of the lock for a moment, and so never stands in the way of another who asks.
func (machine) Locked(name string) (bool, error) {
	l := flock.New(name, flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if ok {
		_ = l.Unlock() // as above
	}
	return !ok, nil
}
