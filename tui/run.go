package tui

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Run shows the board until the operator quits, and begins to read both sides at once. It returns when the terminal is
// restored and every read has ended; an error means that the terminal could not be used, or that the program was ended
// from outside. Extra options go to the framework.
func Run(ctx context.Context, outside Outside, opts Options, extra ...tea.ProgramOption) error {
	// The framework restores the terminal on SIGINT and SIGTERM; a closed window sends SIGHUP, which it does not watch.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	reads, cancel := context.WithCancel(ctx)
	a := newApp(reads, outside, opts)
	defer a.running.wait()
	defer cancel()

	options := []tea.ProgramOption{tea.WithContext(ctx)}
	if opts.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.Ascii))
	}
	_, err := tea.NewProgram(a, append(options, extra...)...).Run()
	switch {
	case err == nil || errors.Is(err, tea.ErrInterrupted):
		return err
	case errors.Is(err, context.Canceled):
		return context.Cause(ctx)
	default:
		return fmt.Errorf("the board ended: %w; `scimdrift check` needs no terminal", err)
	}
}
