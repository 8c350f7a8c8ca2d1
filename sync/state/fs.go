package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/natefinch/atomic"
)

// FS is what is asked of a file system. It is small so that tests can put one in its place that forgets what was not
// synced. Names are paths; a file that is not there gives fs.ErrNotExist, one that is there already fs.ErrExist.
type FS interface {
	// MkdirAll makes a folder with all its parents, 0700, each lasting once it returns. One that is there stays as it
	// is.
	MkdirAll(dir string) error
	// Create makes a new file, 0600, and fails if there is one. Its name lasts after SyncDir, its content after
	// File.Sync.
	Create(name string) (File, error)
	// Append opens a file that is there, to write at its end.
	Append(name string) (File, error)
	ReadFile(name string) ([]byte, error)
	// ReadDir gives the names in a folder in ascending order.
	ReadDir(dir string) ([]string, error)
	Remove(name string) error
	// Replace puts a file in place in one go, 0600, on the disk once it returns: a kill at any moment leaves the old
	// content or the new one. Content that ends with an error leaves the old one.
	Replace(name string, content io.Reader) error
	// SyncDir makes last what was created, removed and renamed in a folder.
	SyncDir(dir string) error

	// Lock takes a lock that no other process and nobody else in this one can hold, and that ends with the process.
	// With wait it waits for it; without, ok is false if somebody holds it. The lock is a file, which stays behind
	// and means nothing.
	Lock(name string, wait bool) (release func(), ok bool, err error)
	// Locked reports whether somebody holds a lock. It makes no file.
	Locked(name string) (bool, error)
}

// File is a file that is written to its end.
type File interface {
	io.Writer
	// Truncate cuts the file to its first bytes; what is written next follows them.
	Truncate(size int64) error
	// Sync returns when everything that was written is on the disk.
	Sync() error
	Close() error
}

// OS gives the file system of this machine.
func OS() FS { return osFS{} }

type osFS struct{}

// leftoverAge is longer than any write takes.
const leftoverAge = time.Hour

func (m osFS) MkdirAll(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is a file and no folder", dir)
		}
		return nil
	}
	if err := m.MkdirAll(filepath.Dir(dir)); err != nil {
		return err
	}
	// Another process may have made it in between.
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return m.SyncDir(filepath.Dir(dir))
}

func (osFS) Create(name string) (File, error) {
	const flags = os.O_CREATE | os.O_EXCL | os.O_WRONLY | os.O_APPEND
	return os.OpenFile(name, flags, 0o600) //nolint:gosec // the store makes the names
}

func (osFS) Append(name string) (File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0) //nolint:gosec // the store makes the names
}

func (osFS) ReadFile(name string) ([]byte, error) {
	return os.ReadFile(name) //nolint:gosec // the store makes the names
}

func (osFS) ReadDir(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (osFS) Remove(name string) error { return os.Remove(name) }

func (m osFS) Replace(name string, content io.Reader) error {
	if err := os.Chmod(name, 0o600); err != nil &&
		!errors.Is(err, fs.ErrNotExist) { // the new content would be as open as the old
		return err
	}
	m.removeLeftovers(name)
	if err := atomic.WriteFile(name, content); err != nil {
		return err
	}
	return m.SyncDir(filepath.Dir(name))
}

// removeLeftovers removes what a kill in the middle of Replace left beside a file, once nobody can be writing it any
// more.
func (m osFS) removeLeftovers(name string) {
	left, _ := filepath.Glob(name + "[0-9]*") // a name that is no pattern has none
	for _, stray := range left {
		if info, err := os.Stat(stray); err == nil && time.Since(info.ModTime()) > leftoverAge {
			_ = os.Remove(stray) // the next one tries again
		}
	}
}

func (osFS) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there, and its file system journals names by itself
	}
	d, err := os.Open(dir) //nolint:gosec // the store makes the names
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // some network file systems cannot either, and there is no other way to ask
	}
	return errors.Join(err, d.Close())
}

// writeNew makes a new file, 0600, with all of its content on the disk; its name lasts after FS.SyncDir. A file that
// is there already is fs.ErrExist, and stays as it is.
func writeNew(files FS, name string, content []byte) error {
	f, err := files.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, files.Remove(name))
	}
	return nil
}

// replace puts a file in place in one go, and makes its folder where there is none.
func replace(files FS, name string, content io.Reader) error {
	if err := files.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	return files.Replace(name, content)
}

// Lock takes a flock, which the kernel lets go of when the process ends, however it ends.
func (osFS) Lock(name string, wait bool) (release func(), ok bool, err error) {
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
func (osFS) Locked(name string) (bool, error) {
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
