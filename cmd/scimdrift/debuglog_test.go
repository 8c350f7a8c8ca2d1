package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A log that was open to others is closed to them; a device is everybody's, and its rights are not ours to change.
func TestDebugLogChangesTheRightsOfFilesOnly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no such rights and devices here")
	}
	file := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	rights := func(path string) os.FileMode {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	device := rights(os.DevNull)
	for _, path := range []string{file, os.DevNull} {
		log, err := openDebugLog(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		_ = log.Close()
	}
	if got := rights(file); got != 0o600 {
		t.Errorf("the log has the rights %o", got)
	}
	if got := rights(os.DevNull); got != device {
		if err := os.Chmod(os.DevNull, device); err != nil {
			t.Error(err)
		}
		t.Errorf("the device got the rights %o in place of %o", got, device)
	}
}
