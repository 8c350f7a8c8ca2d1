package main

import (
	"bytes"
	"os"

	"github.com/natefinch/atomic"
)

// replaceFile writes a file that only its owner can read, whole or not at all. What is no regular file, such as a pipe,
// is written as it is.
func replaceFile(path string, data []byte) error {
	const ownerOnly = 0o600
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(path, data, ownerOnly) //nolint:gosec // the operator names the file
	case err == nil:
		if err := os.Chmod(path, ownerOnly); err != nil { // the new content would be as open as the old
			return err
		}
	}
	return atomic.WriteFile(path, bytes.NewReader(data))
}
