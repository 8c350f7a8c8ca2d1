package main

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestHiddenLine(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"sesame\r": "sesame", "sesame\nmore": "sesame", "wrong\x15sesame\r": "sesame", "sesamü\x7fe\r": "sesame",
		"\x7f\x08a\tb\r": "ab",
	} {
		if got, err := hiddenLine(strings.NewReader(typed)); err != nil || got != want {
			t.Errorf("%q gives %q, %v", typed, got, err)
		}
	}
	if _, err := hiddenLine(strings.NewReader("ses\x03ame\r")); !errors.Is(err, errInterrupted) {
		t.Errorf("ctrl-c gives %v", err)
	}
	if _, err := hiddenLine(strings.NewReader("\x04")); !errors.Is(err, io.EOF) {
		t.Errorf("ctrl-d gives %v", err)
	}
	if _, err := hiddenLine(strings.NewReader("ses\x1b[Dame\r")); err == nil || strings.Contains(err.Error(), "ses") {
		t.Errorf("an arrow gives %v", err)
	}
}
