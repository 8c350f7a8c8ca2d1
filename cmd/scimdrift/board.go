package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/cli/browser"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/tui"
)

// board opens the program on a connection. Without a terminal to draw on, the check is printed.
func (p *program) board(ctx context.Context) error {
	if !screen(p.stdout) || !terminal(p.stdin) {
		return p.check(ctx, "text", lastKnown{})
	}
	p.onBoard = true
	l := p.openLater(ctx)
	defer l.close()
	opts := tui.Options{
		Connection: demoName, ReadOnly: p.flags.readOnly, NoColor: os.Getenv("NO_COLOR") != "" || p.flags.noColor,
		Source: tui.SideName{Title: "OneLogin", Short: "OneLogin", Detail: "simulated"}, Target: targetSide("aws", "simulated"),
	}
	if !p.flags.demo { // what is wrong with a configuration is said before the screen is taken
		s, err := l.session(ctx)
		if err != nil {
			return err
		}
		face := s.face()
		opts.Connection, opts.Accent, opts.ReadOnly, opts.Source, opts.Target = face.Connection, face.Accent, face.ReadOnly, face.Source, face.Target
		opts.NoColor, opts.NoMouse = opts.NoColor || s.connection.Plain, s.connection.NoMouse
		others := &connections{program: p}
		defer others.close()
		opts.Connections = others
	}
	return p.show(ctx, l, opts)
}

// show gives the terminal to the board until it is left.
func (p *program) show(ctx context.Context, o tui.Outside, opts tui.Options) error {
	err := tui.Run(ctx, o, opts, tea.WithInput(p.keys()), tea.WithOutput(p.stdout))
	switch {
	case errors.Is(err, tui.ErrInterrupted):
		p.code = exitInterrupted
	case err != nil:
		return fmt.Errorf("the board ended: %w", err)
	}
	return nil
}

// silenceBrowser drops what a browser's starter prints: it would stand across the board, or in a
// result. The library keeps where it prints for the whole process, so this is done once, at its start.
func silenceBrowser() { browser.Stdout, browser.Stderr = io.Discard, io.Discard }

func targetSide(dialect, name string) tui.SideName {
	if dialect == "aws" {
		return tui.SideName{Title: "AWS IAM Identity Center", Short: "AWS", Detail: name}
	}
	return tui.SideName{Title: "SCIM target", Short: "target", Detail: name}
}

// outside answers what the board asks, over one session.
type outside struct{ s *session }

var _ tui.Outside = outside{}

// Load reads both sides.
func (o outside) Load(ctx context.Context, watch tui.Watch) (*model.Comparison, error) {
	c, err := o.s.loader.Load(ctx, load.Watch{
		Part: func(p load.Progress) {
			watch.Part(tui.PartProgress{
				Side: tui.Side(p.Side), Part: p.Part, State: tui.PartState(p.State), Done: p.Done, Expected: p.Expected,
				Requests: p.Requests, Calls: p.Calls, WaitingUntil: p.WaitingUntil, WaitingFor: p.WaitingFor, Reason: p.Reason,
			})
		},
		Interim: func(_ uint64, c *model.Comparison) { watch.Interim(c) },
	})
	o.s.stands(c) //nolint:contextcheck // what is kept is kept also where the read was cancelled
	o.s.spent(c)
	return c, err
}

// Summary sums up what was last known of the connection. One that cannot be read is none: all of it comes a moment later.
func (o outside) Summary(context.Context) *model.Summary {
	known, err := o.s.store.Known()
	if err != nil || known == nil || !o.s.connection.Remember {
		return nil
	}
	return &known.Summary
}

// Known gives what was last known of the connection.
func (o outside) Known(ctx context.Context) (*model.Comparison, error) { return o.s.recall(ctx) }

// Caution says what reading everything again would cost, where that matters.
func (o outside) Caution() tui.Caution {
	return o.caution("Reading both sides", time.Now())
}

func (o outside) caution(what string, now time.Time) tui.Caution {
	text, verdict := o.s.forecast(what, now)
	return tui.Caution{Text: text, Short: verdict == model.Short}
}

// Refresh re-reads one record on both sides.
func (o outside) Refresh(ctx context.Context, subject model.Subject) (*model.Comparison, error) {
	c, err := o.s.loader.Refresh(ctx, subject)
	o.s.stands(c) //nolint:contextcheck // what is kept is kept also where the read was cancelled
	return c, err
}

// Events follows OneLogin's log.
func (o outside) Events(ctx context.Context, after time.Time) ([]model.Event, error) {
	return o.s.source.Tail(ctx, after)
}

// Open starts the operator's browser, unless it would come up where nobody sees it.
func (outside) Open(ctx context.Context, address string) (opened bool, err error) {
	if !browserReachable(os.Getenv) {
		return false, nil
	}
	// Some starters end only with their browser, and the board must not wait for that when it is left.
	started := make(chan error, 1)
	go func() { started <- browser.OpenURL(address) }()
	select {
	case <-ctx.Done():
		return false, fmt.Errorf("the board was left before the browser came up: %w", ctx.Err())
	case err := <-started:
		if err != nil {
			return false, fmt.Errorf("the browser could not be started: %w; follow the link by hand", err)
		}
		return true, nil
	}
}

// browserReachable: over SSH a browser would open at the other end, and a Linux without a display has none.
func browserReachable(env func(string) string) bool {
	switch {
	case env("SSH_TTY") != "" || env("SSH_CONNECTION") != "":
		return false
	case runtime.GOOS == "windows" || runtime.GOOS == "darwin":
		return true
	}
	return env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != "" || env("WSL_DISTRO_NAME") != ""
}

// Requests gives the request log of both sides, in the order in which the requests ended.
func (o outside) Requests() []tui.Exchange {
	source, target := o.s.source.Recorder().Exchanges(), o.s.recorder.Exchanges()
	out := make([]tui.Exchange, 0, len(source)+len(target))
	for len(source)+len(target) > 0 {
		if len(target) == 0 || len(source) > 0 && source[0].At.Before(target[0].At) {
			out, source = append(out, exchange("OneLogin", &source[0])), source[1:]
		} else {
			out, target = append(out, exchange(targetSide(o.s.connection.Target.Dialect, "").Short, &target[0])), target[1:]
		}
	}
	return out
}

func exchange(service string, e *transport.Event) tui.Exchange {
	path := e.Path
	if e.Query != "" {
		path += "?" + e.Query
	}
	return tui.Exchange{
		At: e.At, Service: service, Method: e.Method, Path: path, Status: e.Status, Err: e.Err, Duration: e.Duration, Waited: e.Waited,
	}
}

// Budgets gives what both services said last about their rate limits.
func (o outside) Budgets() tui.Budgets {
	var b tui.Budgets
	for side, got := range map[tui.Side]transport.Budget{tui.Source: o.s.source.Budget(), tui.Target: o.s.reach.Budget()} {
		b[side] = tui.Budget{Known: got.Known, Remaining: got.Remaining, Limit: got.Limit, Reset: got.Reset}
	}
	return b
}
