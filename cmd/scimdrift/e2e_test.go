package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEndToEnd plays what an operator does at a real terminal. The scripts of the pictures are played too, so that a
// picture whose promise no longer holds fails here first, without a browser.
func TestEndToEnd(t *testing.T) {
	t.Parallel()
	longTable(t)
	needTmux(t)
	files, err := filepath.Glob("testdata/e2e/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob("../../screenshots/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 || len(pictures) == 0 {
		t.Fatalf("%d scenarios and %d pictures were found, want some of each", len(files), len(pictures))
	}
	for _, file := range append(files, pictures...) {
		name := filepath.Base(filepath.Dir(file)) + "-" + strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, file, "")
		})
		if strings.HasPrefix(filepath.Base(file), "runbook-") {
			t.Run(name+"-by-rules", func(t *testing.T) {
				t.Parallel()
				play(t, file, "--from auto")
			})
		}
	}
}

// needTmux skips where tmux is missing, except in CI: there a test that skips is a test that nobody misses.
func needTmux(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("tmux")
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal("tmux is missing; CI must have it")
	default:
		t.Skip("tmux is missing; install it to run the end-to-end tests")
	}
}

// play does what a script says, line by line, in a folder and a terminal of its own. Every simulation is given the flags too.
func play(t *testing.T, file, flags string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "\nbrowse ") {
		needChromium(t)
	}
	s := newStage(t)
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "simulate ") {
			line += " " + flags
		}
		if err := s.do(line); err != nil {
			t.Fatalf("%s:%d: %s\n%v\nThe screen:\n%s", file, i+1, line, err, s.look())
		}
	}
	if s.pane == nil {
		t.Fatalf("%s opens nothing", file)
	}
}
