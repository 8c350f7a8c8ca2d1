package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"charm.land/huh/v2"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// secretFlags say where a secret is. None of them takes the secret itself, because other users of the machine see a
// command line.
type secretFlags struct {
	name  string
	given config.Secret
	stdin bool
	// text is the secret itself, once it is known, and entry where it goes in the keyring when the file is written;
	// empty where it does not.
	text, entry string
}

func (f *secretFlags) register(cmd *cobra.Command, name, what string) {
	f.name = name
	set := cmd.Flags()
	set.StringVar(&f.given.Env, name+"-env", "", what+": the environment variable that holds it")
	set.Var(&parsedFlag[[]string]{&f.given.Command, "", "--" + name + "-command: ", splitCommand},
		name+"-command", what+": the command that prints it")
	set.StringVar(&f.given.Keyring, name+"-keyring", "", what+": its entry in the keyring")
	set.BoolVar(&f.stdin, name+"-stdin", false, what+": read a line of standard input, and keep it in the file, or "+
		"with --"+name+"-keyring there")
	cmd.MarkFlagsMutuallyExclusive(name+"-env", name+"-command", name+"-keyring")
	cmd.MarkFlagsMutuallyExclusive(name+"-env", name+"-stdin")
	cmd.MarkFlagsMutuallyExclusive(name+"-command", name+"-stdin")
}

// splitCommand takes a command as it was typed. One whose words have blanks is written into the file by hand.
func splitCommand(text string) ([]string, error) {
	list := strings.Fields(text)
	if len(list) == 0 {
		return nil, errors.New("the command has no words")
	}
	return list, nil
}

// Where a secret can be kept.
const (
	inConfigFile = "file"
	inKeyring    = "keyring"
	inVariable   = "variable"
	fromCommand  = "command"
)

// resolveSecret gives a reference to a secret, by flags where they say it, and otherwise by asking; the secret itself
// is for the test. entry is the last part of its usual name in the keyring.
func (s *setUp) resolveSecret(
	ctx context.Context, f *secretFlags, what, entry string, again bool,
) (secret config.Secret, err error) {
	f.entry = "" // what was chosen before, and did not let us in
	entry = "scimdrift/" + s.draft.Name + "/" + entry
	variable := map[bool]string{true: "SCIM_TOKEN", false: "ONELOGIN_CLIENT_SECRET"}[f == &s.token]
	named := f.given.Env != "" || f.given.Keyring != "" || f.given.Command != nil
	switch {
	case f.stdin && !again:
		line, err := s.q.in.lines.ReadString('\n')
		if f.text, err = oneSecret(line, err); err != nil {
			return secret, fmt.Errorf("--%s-stdin: %w", f.name, err)
		}
		return secretReference(f, f.given.Keyring), nil
	case named && !again:
		return s.fetchSecret(ctx, f, what, f.given)
	case s.yes:
		return secret, missingFlag(fmt.Sprintf("--%s-env, --%s-command, --%s-keyring or --%s-stdin", f.name, f.name,
			f.name, f.name), what)
	}
	if err := s.q.choose(ctx, what+": where is it to be kept?", "Nothing else of this program keeps it.",
		s.secretPlaces(ctx, entry, variable), &s.secretPlace); err != nil {
		return secret, err
	}
	switch s.secretPlace {
	case inVariable:
		err = s.q.text(ctx, "Name of the environment variable", "It has to be set now, for the test, and whenever "+
			"scimdrift runs.", &variable, func(text string) error {
			_, err := config.ReadSecret(map[string]any{"env": strings.TrimSpace(text)})
			return err
		})
		secret.Env = strings.TrimSpace(variable)
	case fromCommand:
		text := ""
		err = s.q.text(ctx, "Command that prints the secret",
			`Program and arguments, without a shell: op read op://ops/scim/token`, &text, func(text string) error {
				_, err := splitCommand(text)
				return err
			})
		secret.Command = strings.Fields(text)
	case inConfigFile:
		f.text, err = s.q.secret(ctx, what)
		return config.LiteralSecret(f.text), err
	case inKeyring:
		f.text, err = s.q.secret(ctx, what)
		return secretReference(f, entry), err
	}
	if err != nil {
		return secret, err
	}
	return s.fetchSecret(ctx, f, what, secret)
}

// secretReference refers to a secret that goes into the keyring under that name, or into the file where there is none.
func secretReference(f *secretFlags, entry string) config.Secret {
	if entry == "" {
		return config.LiteralSecret(f.text)
	}
	f.entry = entry
	return config.Secret{Keyring: entry}
}

func (s *setUp) secretPlaces(ctx context.Context, entry, variable string) []huh.Option[string] {
	all := []huh.Option[string]{
		huh.NewOption("in an environment variable, such as "+variable, inVariable),
		huh.NewOption("in a password manager whose command prints it", fromCommand),
		huh.NewOption("in the configuration file, which only you can read", inConfigFile),
	}
	// A keyring that cannot say whether it has an entry will not take one either.
	if _, err := s.secrets.Keyring.Get(ctx, entry); err == nil || errors.Is(err, config.ErrNoEntry) {
		all = slices.Insert(all, 0, huh.NewOption("in the keyring of this machine", inKeyring))
	}
	if s.secretPlace == "" {
		s.secretPlace = all[0].Value
	}
	return all
}

// unfetchedError: a secret is not where it should be. Like a refusal, somebody can correct it and try again.
type unfetchedError struct{ err error }

func (e *unfetchedError) Error() string { return e.err.Error() }
func (e *unfetchedError) Unwrap() error { return e.err }

func (s *setUp) fetchSecret(
	ctx context.Context, f *secretFlags, what string, secret config.Secret,
) (config.Secret, error) {
	text, err := secret.Fetch(ctx, s.secrets)
	if err != nil {
		return config.Secret{}, &unfetchedError{fmt.Errorf("%s %w", what, err)}
	}
	f.text = text
	return secret, nil
}

func (s *setUp) httpOptions() transport.Options {
	return transport.Options{UserAgent: userAgent(), Observe: func(e transport.Event) { logTo(s.log, e) }}
}

func (s *setUp) onelogin(app int64) (*onelogin.Client, error) {
	o := onelogin.Options{
		URL: s.draft.OneLogin.URL, ClientID: s.draft.OneLogin.ClientID, ClientSecret: s.secret.text, AppID: app,
		HTTP: s.httpOptions(),
	}
	if app == 0 {
		o.AppName = "*"
	}
	return onelogin.New(o)
}

func (s *setUp) listApps(ctx context.Context) ([]onelogin.ListedApp, error) {
	c, err := s.onelogin(0)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Apps(ctx)
}

func (s *setUp) grantingRoles(ctx context.Context) ([]string, error) {
	c, err := s.onelogin(s.draft.OneLogin.AppID)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	roles, coverage, _ := c.Roles(ctx, nil)
	var names []string
	for _, r := range roles {
		if r.Grants {
			names = append(names, r.Name)
		}
	}
	if len(roles) == 0 && coverage.Reason != "" {
		return nil, errors.New(coverage.Reason)
	}
	return names, nil
}

func (s *setUp) tryTarget(ctx context.Context) (err error) {
	wire := s.httpOptions()
	if wire.RootCAs, err = (&config.Target{CAFile: s.draft.Target.CAFile}).Authorities(); err != nil {
		return err
	}
	c, err := scim.New(scim.Options{
		URL: s.draft.Target.URL, Token: s.token.text, Dialect: s.draft.Target.Dialect, HTTP: wire,
	})
	if err != nil {
		return err
	}
	defer c.Close()
	if found := c.Capabilities(ctx); found.Trouble != "" {
		return errors.New(found.Trouble)
	}
	return nil
}
