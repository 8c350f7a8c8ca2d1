package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Where a secret can be kept.
const (
	inFileSelf  = "file"
	inKeyring   = "keyring"
	inVariable  = "variable"
	fromCommand = "command"
)

// askSecret gives a reference to a secret and the secret itself, for the test. By flags where they say it, and
// otherwise by asking.
func (s *setUp) askSecret(ctx context.Context, w secretQuestion) (config.Secret, string, error) {
	switch {
	case w.flags != secretFlags{} && !w.again:
		return s.flaggedSecret(ctx, w)
	case s.flags.yes:
		return config.Secret{}, "", missing(fmt.Sprintf("--%s-env, --%s-command, --%s-keyring or --%s-stdin", w.flag,
			w.flag, w.flag, w.flag), w.what)
	}
	if err := s.q.pick(ctx, w.what+": where is it to be kept?", "Nothing else of this program keeps it.",
		s.places(ctx, w), &s.place); err != nil {
		return config.Secret{}, "", err
	}
	entry := "scimdrift/" + s.draft.Name + "/" + w.entry
	switch s.place {
	case inVariable:
		name := w.variable
		if err := s.q.text(ctx, "Name of the environment variable", "It has to be set now, for the test, and whenever "+
			"scimdrift runs.", &name, func(text string) error {
			_, err := config.ReadSecret(map[string]any{"env": strings.TrimSpace(text)})
			return err
		}); err != nil {
			return config.Secret{}, "", err
		}
		return s.fetched(ctx, w, config.Secret{Env: strings.TrimSpace(name)})
	case fromCommand:
		text := ""
		if err := s.q.text(ctx, "Command that prints the secret",
			`Program and arguments, without a shell: op read op://ops/scim/token`, &text, func(text string) error {
				_, err := words(text)
				return err
			}); err != nil {
			return config.Secret{}, "", err
		}
		command, err := words(text)
		if err != nil {
			return config.Secret{}, "", err
		}
		return s.fetched(ctx, w, config.Secret{Command: command})
	}
	text, err := s.q.secret(ctx, w.what)
	if err != nil {
		return config.Secret{}, "", err
	}
	if s.place == inKeyring {
		s.keep[entry] = text
		return config.Secret{Keyring: entry}, text, nil
	}
	return config.LiteralSecret(text), text, nil
}

// places are where a secret can be kept on this machine.
func (s *setUp) places(ctx context.Context, w secretQuestion) []choice {
	all := []choice{{"in an environment variable, such as " + w.variable, inVariable}, {"in a password manager whose " +
		"command prints it", fromCommand}}
	// A keyring that cannot say whether it has an entry will not take one either.
	if _, err := s.p.secrets.Keyring.Get(ctx, "scimdrift/"+s.draft.Name+"/"+w.entry); err == nil ||
		errors.Is(err, config.ErrNoEntry) {
		all = append([]choice{{"in the keyring of this machine", inKeyring}}, all...)
	}
	all = append(all, choice{"in the configuration file, which only you can read", inFileSelf})
	if s.place == "" {
		s.place = all[0].value
	}
	return all
}

// flaggedSecret is the secret as the flags give it.
func (s *setUp) flaggedSecret(ctx context.Context, w secretQuestion) (config.Secret, string, error) {
	f := w.flags
	if f.stdin {
		line, err := s.q.in.lines.ReadString('\n')
		text, err := oneSecret(line, err)
		if err != nil {
			return config.Secret{}, "", fmt.Errorf("--%s-stdin: %w", w.flag, err)
		}
		if f.keyring == "" {
			return config.LiteralSecret(text), text, nil
		}
		s.keep[f.keyring] = text
		return config.Secret{Keyring: f.keyring}, text, nil
	}
	if f.command != "" {
		command, err := words(f.command)
		if err != nil {
			return config.Secret{}, "", fmt.Errorf("--%s-command: %w", w.flag, err)
		}
		return s.fetched(ctx, w, config.Secret{Command: command})
	}
	return s.fetched(ctx, w, config.Secret{Env: f.env, Keyring: f.keyring})
}

// unfetchedError: a secret is not where it should be. Like a refusal, somebody can correct it and try again.
type unfetchedError struct{ err error }

func (e *unfetchedError) Error() string { return e.err.Error() }
func (e *unfetchedError) Unwrap() error { return e.err }

// fetched gets the secret for the test.
func (s *setUp) fetched(ctx context.Context, w secretQuestion, secret config.Secret) (config.Secret, string, error) {
	text, err := secret.Fetch(ctx, s.p.secrets)
	if err != nil {
		return config.Secret{}, "", &unfetchedError{fmt.Errorf("%s %w", w.what, err)}
	}
	return secret, text, nil
}

func (s *setUp) observe(e transport.Event) { s.log.write(e) }

func (s *setUp) onelogin(app int64) (*onelogin.Client, error) {
	o := onelogin.Options{
		URL: s.draft.OneLoginURL, ClientID: s.draft.ClientID, ClientSecret: s.secret, AppID: app,
		HTTP: transport.Options{UserAgent: agent(), Observe: s.observe},
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

// grantingRoles are the names of the roles that grant the app.
func (s *setUp) grantingRoles(ctx context.Context) ([]string, error) {
	c, err := s.onelogin(s.draft.AppID)
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

// tryTarget reads a page with the token.
func (s *setUp) tryTarget(ctx context.Context) error {
	roots, err := (&config.Target{CAFile: s.draft.CAFile}).Authorities()
	if err != nil {
		return err
	}
	c, err := scim.New(scim.Options{
		URL: s.draft.TargetURL, Token: s.token, Dialect: s.draft.Dialect,
		HTTP: transport.Options{UserAgent: agent(), RootCAs: roots, Observe: s.observe},
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
