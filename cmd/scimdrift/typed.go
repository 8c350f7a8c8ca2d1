package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/cancelreader"
)

// errInterrupted: somebody pressed ctrl-c at a question. Nothing needs to be said about it.
var errInterrupted = fmt.Errorf("interrupted: %w", context.Canceled)

// typedSecret reads a line from the terminal without showing it. The read ends with an interrupt, for the reason that ask gives;
// term.ReadPassword would not.
func (p *program) typedSecret(ctx context.Context, file *os.File, prompt string) (secret string, err error) {
	_, _ = fmt.Fprint(p.stderr, prompt)
	before, err := term.MakeRaw(file.Fd())
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be set up to hide what is typed: %w; give the secret on standard input", err)
	}
	defer func() {
		_ = term.Restore(file.Fd(), before)
		_, _ = fmt.Fprintln(p.stderr)
	}()
	in, err := cancelreader.NewReader(file)
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be read: %w; give the secret on standard input", err)
	}
	defer in.Close() //nolint:errcheck // the terminal itself stays open
	stop := context.AfterFunc(ctx, func() { in.Cancel() })
	defer stop()
	line, err := hiddenLine(in)
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	return oneSecret(line, err)
}

// hiddenLine reads up to enter from a terminal that passes every key on.
func hiddenLine(in io.Reader) (string, error) {
	const ctrlC, ctrlD, backspace, ctrlU, escape, del = 0x03, 0x04, 0x08, 0x15, 0x1b, 0x7f
	var line []byte
	buf := make([]byte, 256)
	for {
		n, err := in.Read(buf)
		for _, key := range buf[:n] {
			switch {
			case key == '\r' || key == '\n':
				return string(line), nil
			case key == ctrlC:
				return "", errInterrupted
			case key == ctrlD && len(line) == 0:
				return "", io.EOF
			case key == ctrlU:
				line = line[:0]
			case (key == backspace || key == del) && len(line) > 0:
				_, size := utf8.DecodeLastRune(line)
				line = line[:len(line)-size]
			case key == escape:
				return "", errors.New("a key was pressed that writes nothing; type or paste the secret again")
			case key >= ' ' && key != del:
				line = append(line, key)
			}
		}
		if err != nil {
			return string(line), err
		}
	}
}
