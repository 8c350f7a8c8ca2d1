package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/sample"
)

// TestEndToEnd plays what an operator does at a real terminal. Some scripts of the pictures are played too, which
// .ci/run plays all in the terminal that takes them.
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
	browser := &chrome{profile: t.TempDir()}
	t.Cleanup(browser.end)
	books := 0
	for _, file := range append(files, sample.Of(t, pictures)...) {
		ways := [][]string{nil}
		if strings.HasPrefix(filepath.Base(file), "runbook-") {
			books++
			ways = waysThrough(t, books)
		}
		name := filepath.Base(filepath.Dir(file)) + "-" + strings.TrimSuffix(filepath.Base(file), ".txt")
		for _, words := range ways {
			t.Run(strings.Join(append([]string{name}, words...), "-"), func(t *testing.T) {
				t.Parallel()
				play(t, file, words, browser)
			})
		}
	}
}

// waysThrough are the ways in which the n-th runbook is played, by the words that stand behind "with" and "without" in
// it: it has to lead to its end with the groups from roles and from rules, without the AWS lens and with it, in the
// guide's order and with buttons pressed ahead of it by somebody else. A usual run takes one way for each, and all ways
// for all runbooks together.
func waysThrough(t *testing.T, n int) [][]string {
	t.Helper()
	ways := [][]string{nil, {"rules", "ahead"}, {"lens", "ahead"}, {"lens", "rules"}}
	first := n % len(ways)
	return sample.Of(t, append(ways[first:], ways[:first]...))
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

// simulated gives the flags of a simulation for the words that are about the tenant.
func simulated(words []string) (out string) {
	for _, w := range words {
		out += map[string]string{"rules": " --from auto", "lens": " --lens"}[w]
	}
	return out
}

// play does what a script says, line by line, in a folder and a terminal of its own.
func play(t *testing.T, file string, words []string, browser *chrome) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "\nbrowser\n") {
		needChromium(t)
	}
	s := newStage(t)
	s.chrome = browser
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for strings.HasPrefix(line, "with") {
			with, rest, _ := strings.Cut(line, " ")
			word, step, _ := strings.Cut(rest, " ")
			line = step
			if slices.Contains(words, word) != (with == "with") {
				line = "" // for the others
			}
		}
		if line == "" {
			continue
		}
		if strings.HasPrefix(line, "simulate ") {
			line += simulated(words)
		}
		if err := s.do(line); err != nil {
			t.Fatalf("%s:%d: %s\n%v\nThe screen:\n%s", file, i+1, line, err, s.look())
		}
	}
	if s.pane == nil {
		t.Fatalf("%s opens nothing", file)
	}
}
