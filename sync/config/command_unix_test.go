//go:build unix

package config

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestACommandThatLeavesAChild: a password manager's command may start its agent, which holds the output open
// (exec.Cmd's WaitDelay). The secret is what was printed when the command ended, and the child is not waited for.
func TestACommandThatLeavesAChild(t *testing.T) {
	t.Parallel()
	gate := filepath.Join(t.TempDir(), "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // lets the child end
		if f, err := os.OpenFile(gate, os.O_WRONLY, 0); err == nil {
			_ = f.Close()
		}
	})
	// The child reads the gate, which nobody opens before the end of the test.
	out, err := runCommand(t.Context(), []string{"sh", "-c", `echo secret; cat "$0" &`, gate}, time.Hour)
	if string(out) != "secret\n" || err != nil {
		t.Errorf("got %q, %v", out, err)
	}
}
