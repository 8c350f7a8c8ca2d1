package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/style"
)

// configuration reads the file that holds. What it says of the board is checked here: only the board knows its themes
// and actions.
func (p *program) configuration() (*config.File, error) {
	if p.flags.demo {
		return nil, errors.New("--demo is a tenant without a configuration file; " +
			"scimdrift simulate prints one that connects to it")
	}
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
	errs = append(errs, wrong(file, "ui.keys", tui.KeyMap(opts.Views).Wrong(opts.Keys))...)
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
