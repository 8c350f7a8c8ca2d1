package main

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui"
)

// TestTheEndOfTheKeys: where the terminal's end reads as the end of a file (BSD, macOS, a serial line), the framework
// alone would go on without anybody to end it (ultraviolet's StreamEvents takes an end of input for none).
func TestTheEndOfTheKeys(t *testing.T) {
	t.Parallel()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	ctx, end := context.WithCancelCause(t.Context())
	defer end(nil)
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	p := newProgram(io.Discard, io.Discard)
	p.flags.demo = true
	s, err := p.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	err = tui.Run(ctx, s, tui.Options{}, tea.WithInput(&keys{File: from, end: end}), tea.WithOutput(io.Discard),
		tea.WithoutSignals())
	if !errors.Is(err, errTerminalGone) {
		t.Errorf("the board ended with %v, want %v", err, errTerminalGone)
	}
}

// TestAStalledPipe: whoever reads the output has stopped. What is written waits, until the program is told to end; then
// it is given up, and so is all after it, at once.
func TestAStalledPipe(t *testing.T) {
	t.Parallel()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancelCause(t.Context())
	p := newProgram(nil, nil)
	out := p.output(ctx, to)
	if _, err := out.Write([]byte("taken")); err != nil {
		t.Fatal(err)
	}
	given := make(chan error)
	go func() {
		_, err := out.Write(make([]byte, 1<<20)) // more than any system's pipe holds
		given <- err
		_, err = out.Write([]byte("and more"))
		given <- err
	}()
	end(nil)
	for range 2 {
		if err := <-given; !errors.Is(err, errStalled) {
			t.Errorf("a write ended with %v, want %v", err, errStalled)
		}
	}
	_ = from.Close() // lets the write end that was given up
	_ = to.Close()
}
