package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// process runs this test binary as the program, which it is when it is called by that name.
func process(ctx context.Context, t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Args[0] = "scimdrift"
	return cmd
}

func TestTwoProcessesFindWhatTheDemoFinds(t *testing.T) {
	t.Parallel()
	simulation := process(t.Context(), t, "simulate", "--seed", "4")
	stdout, err := simulation.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := simulation.Start(); err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 64<<10)
	n, err := stdout.Read(out) // it is written at once, when both services answer
	if err != nil {
		t.Fatal(err)
	}
	out = out[:n]
	dir := t.TempDir()
	config, log := filepath.Join(dir, "sim.toml"), filepath.Join(dir, "requests.log")
	if err := os.WriteFile(config, out, 0o600); err != nil {
		t.Fatal(err)
	}
	check := process(t.Context(), t, "check", "--config", config, "-o", "csv", "--debug-log", log)
	got, err := check.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitDrift {
		t.Errorf("the check ended with %v, want exit code %d", err, exitDrift)
	}
	want, _, _ := runCLI(t, "check", "--demo", "--seed", "4", "-o", "csv")
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("two processes find something else than the demo (-demo +processes):\n%s", diff)
	}
	lines, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(lines), " 200 in ") || strings.Contains(string(lines), "corp.example") {
		t.Errorf("the debug log misses requests or holds personal data:\n%.2000s", lines)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		key, value, _ := strings.Cut(line, " = ")
		if secret := strings.Trim(value, `"`); (key == "client_secret" || key == "token") &&
			strings.Contains(string(lines), secret) {
			t.Errorf("the debug log holds the %s", key)
		}
	}
	if err := simulation.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := simulation.Wait(); err != nil {
		t.Errorf("the simulation ended with %v", err)
	}
}
