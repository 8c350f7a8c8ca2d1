package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/style"
)

// start is where the board begins.
type start struct{ tab, finding, filter, watch string }

func (p *program) startFlags(cmd *cobra.Command, at *start) {
	set := cmd.Flags()
	set.StringVar(&at.tab, "tab", "", "begin on this tab: "+orList(append(keymap.TabNames(), "a view's name")))
	set.StringVar(&at.finding, "select", "", "begin on this finding, by its id as check prints it")
	set.StringVar(&at.filter, "filter", "", "begin with this filter: words, sev:high, by:maya, !is:user")
	set.StringVar(&at.watch, "watch", "", "look at both sides again every so often, such as 5m")
	completes(cmd, "tab", func(string) []string { return keymap.TabNames(p.ownBoard().Views...) })
	completes(cmd, "select", p.findingIDs)
	p.completesFilter(cmd)
}

// starts refuses what the board would not find. Only the configuration knows its views.
func (p *program) starts(at start) error {
	if _, err := filter.Parse(at.filter); err != nil {
		return fmt.Errorf("--filter: %w", err)
	}
	tabs := keymap.TabNames()
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
	_, err := at.every()
	return err
}

// every is how often the board looks again; 0 where the command line does not say.
func (at start) every() (time.Duration, error) {
	if at.watch == "" {
		return 0, nil
	}
	every, err := config.ParseSpan(at.watch, config.LeastWatch)
	if err != nil {
		return 0, fmt.Errorf("--watch: %w", err)
	}
	return every, nil
}

// board opens the program on a connection. Without a terminal to draw on, the check is printed.
func (p *program) board(ctx context.Context, at start) error {
	if err := p.starts(at); err != nil {
		return err
	}
	every, _ := at.every() // it was checked just now
	if !screen(p.stdout) || !terminal(p.stdin) {
		return p.check(ctx, checking{output: "text", filter: at.filter})
	}
	p.onBoard = true
	l := p.openBehind(ctx)
	defer l.close()
	opts := tui.Options{Connection: demoName, ReadOnly: p.flags.readOnly, Notify: model.Critical.String()}
	opts.Source, opts.Target = model.SideName{Title: "OneLogin", Short: "OneLogin", Detail: "simulated"},
		targetSide("aws", "simulated")
	opts.Press = l.press
	if !p.flags.demo { // what is wrong with a configuration is said before the screen is taken
		file, err := p.configuration()
		if err == nil {
			opts, err = boardOf(file)
		}
		if err != nil {
			return err
		}
		s, err := l.session(ctx)
		if err != nil {
			return err
		}
		face := s.face()
		opts.Connection, opts.Accent, opts.ReadOnly, opts.Source, opts.Target = face.Connection,
			face.Accent, face.ReadOnly,
			face.Source, face.Target
		opts.Watch, opts.Notify = s.connection.Watch, s.connection.Notify
		opts.Press = face.Press
		others := &configured{program: p}
		defer others.close()
		opts.Connections = others
	}
	opts.Plain = opts.Plain || p.flags.plain
	opts.NoColor = opts.NoColor || opts.Plain || os.Getenv("NO_COLOR") != "" || p.flags.noColor
	opts.ASCII = asciiOnly(os.Getenv)
	opts.Export, opts.Tab, opts.Select, opts.Filter = p.export, at.tab, at.finding, at.filter
	opts.Watch = cmp.Or(every, opts.Watch)
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

func targetSide(dialect, name string) model.SideName {
	if dialect == "aws" {
		return model.SideName{Title: "AWS IAM Identity Center", Short: "AWS", Detail: name}
	}
	return model.SideName{Title: "SCIM target", Short: "target", Detail: name}
}

// asciiOnly: the locale names a character set that is not UTF-8. Where nothing names one, terminals of today have it.
func asciiOnly(env func(string) string) bool {
	locale := strings.ToLower(cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG")))
	return locale != "" && !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
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

// export writes what leaves the board to a file of its own where the program was started.
func (p *program) export(e export.Export) (export.Exported, error) {
	r := report.Report{
		Connection: e.Connection, ReadAt: e.Comparison.Source.ReadAt, Comparison: e.Comparison, Filter: e.Filter,
	}
	form, known := map[export.Form]struct {
		end   string
		write func(io.Writer) error
	}{
		export.Markdown: {"md", func(w io.Writer) error { return report.Markdown(w, r) }},
		export.CSV:      {"csv", func(w io.Writer) error { return report.CSV(w, r) }},
		export.JSON:     {"json", func(w io.Writer) error { return report.JSON(w, r) }},
		export.Plan:     {"plan.json", func(w io.Writer) error { return report.PlanJSON(w, e.Plan) }},
	}[e.Form]
	if !known {
		return export.Exported{}, fmt.Errorf("no form is called %s", e.Form)
	}
	var b bytes.Buffer
	if err := form.write(&b); err != nil {
		return export.Exported{}, err
	}
	name := strings.Map(func(r rune) rune {
		if r == filepath.Separator || r == '/' || r < ' ' {
			return '-'
		}
		return r
	}, "scimdrift-"+e.Connection+"-"+time.Now().UTC().Format("20060102T150405Z")+"."+form.end)
	if err := replaceFile(name, b.Bytes()); err != nil {
		return export.Exported{}, fmt.Errorf("the file could not be written: %w; start scimdrift in a folder that you "+
			"may write to", err)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		path = name
	}
	return export.Exported{Path: path, Command: p.equivalent(e, name)}, nil
}

// equivalent is the command line that gives what was exported.
func (p *program) equivalent(e export.Export, file string) string {
	parts := []string{"scimdrift", "check"}
	if e.Form == export.Plan {
		parts[1] = "plan"
	}
	if p.flags.demo {
		parts = append(parts, "--demo")
	} else {
		parts = append(parts, "--last", "--connection", model.ShellQuoted(e.Connection))
	}
	if !e.Filter.Empty() {
		parts = append(parts, "--filter", model.ShellQuoted(e.Filter.Text()))
	}
	if e.Form == export.Plan {
		return strings.Join(append(parts, "--out", model.ShellQuoted(file)), " ")
	}
	return strings.Join(append(parts, "-o", string(e.Form), ">", model.ShellQuoted(file)), " ")
}

// configuration reads the file that holds. What it says of the board is checked here: only the board knows its themes
// and actions.
func (p *program) configuration() (*config.File, error) {
	file, err := config.Read(p.configPath())
	if err != nil {
		return nil, err
	}
	if _, err := boardOf(file); err != nil {
		return nil, err
	}
	return file, nil
}

// ownBoard is the board as the configuration wants it, and as it is without one where there is none that can be read:
// whoever looks up how to mend a file needs the answer.
func (p *program) ownBoard() tui.Options {
	file, err := config.Read(p.configPath())
	if err != nil {
		return tui.Options{}
	}
	opts, err := boardOf(file)
	if err != nil {
		return tui.Options{}
	}
	return opts
}

// boardOf is the board as [ui] and [[views]] want it. The error has a line for each key that is wrong.
func boardOf(file *config.File) (tui.Options, error) {
	var errs []error
	opts := tui.Options{Keys: file.UI.Keys, Plain: file.UI.Plain, NoMouse: file.UI.Mouse != nil && !*file.UI.Mouse}
	name, colours, err := file.Theme()
	if err != nil {
		errs = append(errs, err)
	}
	opts.Theme = style.Choice{Name: name, Colours: colours}
	errs = append(errs, wrong(file, "ui.theme", opts.Theme.Wrong())...)
	for i, v := range file.Views {
		key := fmt.Sprintf("views.%d", i)
		if v.Name == "" {
			errs = append(errs, file.Wrong(key+".name", "is missing; it stands on the tab"))
		}
		if slices.ContainsFunc(opts.Views, func(other keymap.View) bool { return other.Name == v.Name }) {
			errs = append(errs, file.Wrong(key+".name", "is that of another view; each needs its own"))
		}
		if q, err := filter.Parse(v.Filter); err != nil {
			errs = append(errs, file.Wrong(key+".filter", "is no filter: "+err.Error()))
		} else if q.Empty() {
			errs = append(errs, file.Wrong(key+".filter", "is missing; write one such as sev:high by:maya"))
		}
		opts.Views = append(opts.Views, keymap.View(v))
	}
	errs = append(errs, wrong(file, "ui.keys", opts.Keys.Wrong(opts.Views))...)
	return opts, errors.Join(errs...)
}

// wrong places what is wrong below a key, in the order of the names.
func wrong(file *config.File, table string, about map[string]string) []error {
	errs := make([]error, 0, len(about))
	for _, name := range slices.Sorted(maps.Keys(about)) {
		key := table
		if name != "" {
			key += "." + name
		}
		errs = append(errs, file.Wrong(key, about[name]))
	}
	return errs
}
