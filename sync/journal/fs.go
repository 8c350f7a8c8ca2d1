package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// FS is what the journal asks of a file system. It is small so that tests can put one in its place that forgets what was not
// synced. Names are paths; a file that is not there gives fs.ErrNotExist, one that is there already fs.ErrExist.
type FS interface {
	// MkdirAll makes a folder with all its parents, 0700, each lasting once it returns. One that is there stays as it is.
	MkdirAll(dir string) error
	// Create makes a new file, 0600, and fails if there is one. Its name lasts after SyncDir, its content after File.Sync.
	Create(name string) (File, error)
	// Append opens a file that is there, to write at its end.
	Append(name string) (File, error)
	ReadFile(name string) ([]byte, error)
	// ReadDir gives the names in a folder in ascending order.
	ReadDir(dir string) ([]string, error)
	Remove(name string) error
	// Rename puts a file in the place of another.
	Rename(from, to string) error
	// SyncDir makes last what was created, removed and renamed in a folder.
	SyncDir(dir string) error

	// Lock takes a lock that no other process and nobody else in this one can hold, and that ends with the process. With
	// wait it waits for it; without, ok is false if somebody holds it. The lock is a file, which stays behind and means nothing.
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
func OS() FS { return machine{} }

type machine struct{}

func (m machine) MkdirAll(dir string) error {
	if err := os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrNotExist) {
		if errors.Is(err, fs.ErrExist) {
			return isFolder(dir)
		}
		if err != nil {
			return err
		}
		return m.SyncDir(filepath.Dir(dir))
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

func isFolder(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is a file and no folder", dir)
	}
	return err
}

func (machine) Create(name string) (File, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // the store makes the names
}

func (machine) Append(name string) (File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0) //nolint:gosec // the store makes the names
}

func (machine) ReadFile(name string) ([]byte, error) {
	return os.ReadFile(name) //nolint:gosec // the store makes the names
}

func (machine) ReadDir(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (machine) Remove(name string) error { return os.Remove(name) }

func (machine) Rename(from, to string) error { return os.Rename(from, to) }

func (machine) SyncDir(dir string) error {
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
