package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/tui/style"
)

// sendAfter gives a message a while later. The framework's own ticks would hold a goroutine on after the board has
// ended.
func (a *app) sendAfter(d time.Duration, msg func() tea.Msg) tea.Cmd { return sendAfter(a.ctx, d, msg) }

// sendThrottled gives a message after there was something to wake it. The pace keeps progress from costing a slow line
// more than it tells.
func (a *app) sendThrottled(ctx context.Context, wake <-chan struct{}, msg func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
			return sendAfter(ctx, a.progressInterval, msg)()
		}
	}
}

func sendAfter(ctx context.Context, d time.Duration, msg func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			return msg()
		}
	}
}

// inBackground runs something of the outside away from the event loop. The program does not end before it has, and
// nothing begins any more once it waits for that.
func (a *app) inBackground(f func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !a.backgroundWork.TryRLock() {
			return nil
		}
		defer a.backgroundWork.RUnlock()
		return f()
	}
}

const framesPerSecond = 120

// ErrInterrupted is what Run gives after ctrl-c, so that the shell can be told.
var ErrInterrupted = errors.New("interrupted")

// Run shows the board until the operator quits, and begins to read both sides at once. It returns when the terminal is
// restored and every read has ended. The error is ErrInterrupted after ctrl-c, the cause of ctx when that ended it,
// and else says why the terminal could not be used. Extra options go to the framework.
func Run(ctx context.Context, outside Outside, opts Options, extra ...tea.ProgramOption) error {
	reads, cancel := context.WithCancel(ctx)
	a := newApp(reads, outside, opts)
	defer a.backgroundWork.Lock()
	defer cancel()

	// At 60 frames a second, the framework's default, half of what an operator waits for after a key is its clock.
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(framesPerSecond)}
	if opts.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	_, err := tea.NewProgram(a, append(options, extra...)...).Run()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, tea.ErrInterrupted):
		return ErrInterrupted
	case errors.Is(err, context.Canceled):
		return context.Cause(ctx)
	default:
		return fmt.Errorf("the board ended: %w; `scimdrift check` needs no terminal", err)
	}
}

// useTerminalWidths counts cells as the terminal does, once it has answered the framework's question how. The condition
// is the framework's.
func useTerminalWidths(report tea.ModeReportMsg) {
	known := report.Value == ansi.ModeReset || report.Value == ansi.ModeSet || report.Value == ansi.ModePermanentlySet
	if report.Mode == ansi.ModeUnicodeCore && known {
		style.SetMethod(ansi.GraphemeWidth)
	}
}
