package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/style"
)

// configPath is the file that holds: that of the flag, else of the environment, else the usual one.
func (p *program) configPath() string {
	if p.flags.config != "" {
		return p.flags.config
	}
	return config.DefaultPath()
}

func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check the configuration, show what holds and why, or say where it is",
	}
	var secrets bool
	check := command("check", "Check every connection of the configuration file", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return p.configCheck(ctx, secrets) })
	check.Flags().BoolVar(&secrets, "secrets", false,
		"fetch the secrets too: run their commands, ask the keyring (they are not shown)")
	cmd.AddCommand(check,
		command("show", "Show what holds for a connection, secrets masked, and where each value comes from",
			cobra.NoArgs, p.configShow),
		command("path", "Print where the configuration file is looked for", cobra.NoArgs,
			func(context.Context, []string) error { return p.print("%s\n", p.configPath()) }))
	return cmd
}

func (p *program) configCheck(ctx context.Context, secrets bool) error {
	file, err := p.configuration()
	if err != nil {
		return err
	}
	if _, err := file.Choose(p.flags.connection); err != nil &&
		(p.flags.connection != "" || file.DefaultConnection != "" || len(file.Connections) == 0) {
		return err
	}
	names := file.Names()
	if p.flags.connection != "" {
		names = []string{p.flags.connection}
	}
	var wrong []error
	for _, name := range names {
		c, err := file.Checked(name)
		if err == nil {
			_, err = c.Target.Authorities()
		}
		if err == nil && secrets {
			err = c.Fetch(ctx, p.secrets)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if err := p.print("%s: fine%s%s\n", model.Visible(name), sharedWith(file.Sharing(name)),
			noLinksNote(c.OneLogin.Console())); err != nil {
			return err
		}
	}
	return errors.Join(wrong...)
}

func sharedWith(others []string) string {
	if len(others) == 0 {
		return ""
	}
	return "; it has the same target as " + model.Visible(strings.Join(others, ", "))
}

// noLinksNote says where links into the console are missing, and how to get them.
func noLinksNote(console string) string {
	if !onelogin.Regional(console) {
		return ""
	}
	return "; there are no links into OneLogin's console, because onelogin.url is a regional API host: " +
		"set onelogin.console_url to https://SUBDOMAIN.onelogin.com"
}

// chosenConnection is the configuration with the name of the connection that the flags mean.
func (p *program) chosenConnection() (file *config.File, name string, err error) {
	if file, err = p.configuration(); err == nil {
		name, err = file.Choose(p.flags.connection)
	}
	return file, name, err
}

func (p *program) configShow(context.Context, []string) error {
	file, name, err := p.chosenConnection()
	if err != nil {
		return err
	}
	return p.print("%s", file.Show(name))
}

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
	if _, err := boardOptions(file); err != nil {
		return nil, err
	}
	return file, nil
}

// configuredBoard is the board as the configuration wants it, and as it is without one where there is none that can be
// read: whoever looks up how to mend a file needs the answer.
func (p *program) configuredBoard() tui.Options {
	file, err := config.Read(p.configPath())
	if err != nil {
		return tui.Options{}
	}
	opts, err := boardOptions(file)
	if err != nil {
		return tui.Options{}
	}
	return opts
}

// boardOptions is the board as [ui] and [[views]] want it. The error has a line for each key that is wrong.
func boardOptions(file *config.File) (tui.Options, error) {
	var errs []error
	opts := tui.Options{Keys: file.UI.Keys, Plain: file.UI.Plain, NoMouse: file.UI.Mouse != nil && !*file.UI.Mouse}
	name, colours, err := file.Theme()
	if err != nil {
		errs = append(errs, err)
	}
	opts.Theme = style.Choice{Name: name, Colours: colours}
	errs = append(errs, keyErrors(file, "ui.theme", opts.Theme.Wrong())...)
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
	errs = append(errs, keyErrors(file, "ui.keys", tui.KeyMap(opts.Views).Wrong(opts.Keys))...)
	return opts, errors.Join(errs...)
}

// keyErrors places what is wrong below a key, in the order of the names.
func keyErrors(file *config.File, table string, about map[string]string) []error {
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
