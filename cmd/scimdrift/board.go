package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/tui"
)

// boardStart is where the board begins.
type boardStart struct {
	tab, finding string
	filter       filter.Query
	watch        time.Duration
}

func (p *program) startFlags(cmd *cobra.Command, at *boardStart) {
	set := cmd.Flags()
	set.StringVar(&at.tab, "tab", "", "begin on this tab: "+orList(append(tui.TabNames(), "a view's name")))
	set.StringVar(&at.finding, "select", "", "begin on this finding, by its id as check -o json prints it")
	filterFlag(cmd, &at.filter, "begin with this filter: words, sev:high, by:maya, !is:user")
	set.Var(&parsedFlag[time.Duration]{&at.watch, "", "--watch: ", func(text string) (time.Duration, error) {
		return config.ParseSpan(text, config.LeastWatch)
	}}, "watch", "look at both sides again every so often, such as 5m")
	completeFlag(cmd, "tab", func(string) []string { return tui.TabNames(p.configuredBoard().Views...) })
	completeFlag(cmd, "select", p.findingIDs)
}

// checkStart refuses what the board would not find. Only the configuration knows its views.
func (p *program) checkStart(at boardStart) error {
	tabs := tui.TabNames()
	if at.tab != "" && !slices.Contains(tabs, at.tab) && !p.flags.demo {
		file, err := p.configuration()
		if err != nil {
			return err
		}
		for _, v := range file.Views {
			tabs = append(tabs, v.Name)
		}
	}
	if at.tab != "" && !slices.Contains(tabs, at.tab) {
		return fmt.Errorf("--tab takes %s, and not %s%s", orList(tabs), model.Visible(at.tab),
			model.DidYouMean(at.tab, tabs))
	}
	return nil
}

// board opens the program on a connection. Without a terminal to draw on, the check is printed.
func (p *program) board(ctx context.Context, at boardStart) error {
	if err := p.checkStart(at); err != nil {
		return err
	}
	if !isDrawable(p.stdout) || !isTerminal(p.stdin) {
		return p.check(ctx, checkFlags{output: "text", filter: at.filter})
	}
	p.onBoard = true
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	opts := tui.Options{}
	if !p.flags.demo {
		opts = p.configuredBoard() // it was checked when the connection was opened
		others := &configuredConnections{program: p}
		defer others.close()
		opts.Connections = others
	}
	shown := s.asOpened()
	opts.Notify = s.connection.Notify
	opts.Tab, opts.Select, opts.Filter = at.tab, at.finding, at.filter.Text()
	opts.Export, opts.Watch = p.export, cmp.Or(at.watch, s.connection.Watch)
	opts.Face, opts.Press = shown.Face, shown.Press
	return p.showBoard(ctx, s, opts)
}

// showBoard gives the terminal to the board until it is left. The flags say more of its look than the configuration
// does.
func (p *program) showBoard(ctx context.Context, o tui.Outside, opts tui.Options) error {
	opts.Plain = opts.Plain || p.flags.plain
	opts.NoColor = opts.Plain || p.hasNoColour()
	err := tui.Run(ctx, o, opts, tea.WithInput(p.keys()), tea.WithOutput(p.stdout))
	switch {
	case errors.Is(err, tui.ErrInterrupted):
		p.code = exitInterrupted
	case err != nil:
		return fmt.Errorf("the board ended: %w", err)
	}
	return nil
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
