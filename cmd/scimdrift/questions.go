package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/huh/v2"
	"github.com/charmbracelet/x/term"
	"github.com/muesli/cancelreader"
)

// questions asks somebody, with one form for each question, or line by line where there is no terminal or the
// configuration wants plain output.
type questions struct {
	p     *program
	plain bool
	// in are the lines of plain answers.
	in *lineReader
}

// errNoAnswers: standard input ended before the questions did.
var errNoAnswers = errors.New("the answers ended before the questions did, and nothing was written; answer all of " +
	"them, or give them as flags (scimdrift init --help)")

func (p *program) questions(ctx context.Context, plain bool) (*questions, func()) {
	q := &questions{p: p, plain: plain || !isTerminal(p.stdin) || !isDrawable(p.stderr)}
	in, err := cancelreader.NewReader(p.stdin)
	if err != nil { // a file, which never makes anybody wait
		q.in = &lineReader{lines: bufio.NewReader(p.stdin)}
		return q, func() {}
	}
	stop := context.AfterFunc(ctx, func() { in.Cancel() })
	q.in = &lineReader{lines: bufio.NewReader(in)}
	return q, func() {
		stop()
		_ = in.Close() // standard input itself stays open
	}
}

func (q *questions) sayf(format string, args ...any) {
	_, _ = fmt.Fprintf(q.p.stderr, format+"\n", args...)
}

// text asks for a line. value holds the answer to begin with.
func (q *questions) text(ctx context.Context, title, hint string, value *string, valid func(string) error) error {
	before := *value
	input := huh.NewInput().Title(q.titleWithDefault(title, before)).Description(hint).Value(value)
	return q.ask(ctx, hint, input.Validate(func(s string) error {
		if q.plain && (q.in.ended || s == "" && before != "") {
			return nil
		}
		return valid(s)
	}))
}

// titleWithDefault says in the plain form what an empty answer means; the other shows it.
func (q *questions) titleWithDefault(title, value string) string {
	if q.plain && value != "" {
		return title + " [" + value + "]"
	}
	return title
}

func (q *questions) choose(
	ctx context.Context, title, hint string, choices []huh.Option[string], value *string,
) error {
	const rows = 14 // leaves room for title and help at 80x24
	return q.ask(ctx, hint,
		huh.NewSelect[string]().Title(title).Description(hint).Options(choices...).Value(value).Height(min(len(choices),
			rows)+2))
}

// confirm asks for a yes, which is the answer to begin with. A no is an error.
func (q *questions) confirm(ctx context.Context, title string) error {
	yes := true
	err := q.ask(ctx, "", huh.NewConfirm().Title(title).Value(&yes))
	if err == nil && !yes {
		err = errors.New("nothing was written")
	}
	return err
}

func (q *questions) secret(ctx context.Context, title string) (text string, err error) {
	if q.plain {
		return q.p.askSecret(ctx, q.in.lines, title+" (not shown): ")
	}
	err = q.ask(ctx, "",
		huh.NewInput().Title(title).Description("What you type is not shown.").EchoMode(huh.EchoModePassword).
			Value(&text).Validate(func(s string) error {
			_, err := oneSecret(s, nil)
			return err
		}))
	return strings.TrimSpace(text), err
}

func (q *questions) ask(ctx context.Context, hint string, field huh.Field) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	form := huh.NewForm(huh.NewGroup(field)).WithOutput(q.p.stderr).WithShowHelp(true)
	if q.plain {
		// The library's own way without redrawing. It leaves descriptions out, and never fails: an input that has ended
		// answers with empty lines.
		if hint != "" {
			q.sayf("%s", hint)
		}
		form = form.WithAccessible(true).WithInput(q.in).WithTheme(huh.ThemeFunc(huh.ThemeBase))
	} else {
		form = form.WithInput(q.p.keys()).WithTheme(huh.ThemeFunc(huh.ThemeBase16))
	}
	err := form.RunWithContext(ctx)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, huh.ErrUserAborted):
		return errInterrupted
	case err != nil:
		return fmt.Errorf("the question could not be asked: %w; give the answers as flags (scimdrift init --help)", err)
	case q.in.ended:
		return errNoAnswers
	}
	return nil
}

// lineReader gives one byte at a time, because the library reads ahead for each question anew and would swallow the
// answers to the next. After the end it gives empty lines, because the library expects an answer; ended tells that they
// are none.
type lineReader struct {
	lines *bufio.Reader
	// open: the last byte was not the end of a line.
	open, ended bool
}

func (r *lineReader) Read(p []byte) (int, error) {
	b, err := r.lines.ReadByte()
	if err != nil {
		r.ended = r.ended || !r.open // a last line without its end is an answer
		b = '\n'
	}
	r.open = b != '\n'
	p[0] = b
	return 1, nil
}

var _ io.Reader = (*lineReader)(nil)

// errInterrupted: somebody pressed ctrl-c at a question. Nothing needs to be said about it.
var errInterrupted = fmt.Errorf("interrupted: %w", context.Canceled)

// typedSecret reads a line from the terminal without showing it. An interrupt ends it too: the read stays behind, and
// ends with the program.
func (p *program) typedSecret(ctx context.Context, file *os.File, prompt string) (secret string, err error) {
	_, _ = fmt.Fprint(p.stderr, prompt)
	defer fmt.Fprintln(p.stderr) //nolint:errcheck // nobody is there to tell
	before, err := term.GetState(file.Fd())
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be set up to hide what is typed: %w; give the secret on standard "+
			"input", err)
	}
	type answer struct {
		line []byte
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(file.Fd())
		read <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(file.Fd(), before)
		return "", context.Cause(ctx)
	case a := <-read:
		return oneSecret(string(a.line), a.err)
	}
}
