package journal

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Replace puts a file in place in one go, 0600, and makes its folder where there is none: a kill at any moment leaves the old
// content or the new one.
func Replace(files FS, name string, content []byte) error {
	folder, fresh := filepath.Dir(name), name+".new"
	if err := files.MkdirAll(folder); err != nil {
		return err
	}
	if err := files.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) { // a kill may have left one
		return err
	}
	if err := Write(files, fresh, content); err != nil {
		return err
	}
	if err := files.Rename(fresh, name); err != nil {
		return err
	}
	return files.SyncDir(folder)
}

// Write makes a new file, 0600, with all of its content on the disk; its name lasts after FS.SyncDir. A file that is there
// already is fs.ErrExist, and stays as it is.
func Write(files FS, name string, content []byte) error {
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
