package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"charm.land/huh/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
)

// question asks for a text, unless a flag has said it.
type question struct {
	flag, what, title, hint string
	to                      *string
	valid                   func(string) error
}

// ask asks a question; again asks it whatever a flag says.
func (s *setUp) ask(ctx context.Context, q question, again bool) error {
	*q.to = strings.TrimSpace(*q.to)
	if *q.to != "" && !again {
		if err := q.valid(*q.to); err != nil {
			return fmt.Errorf("--%s: %w", q.flag, err)
		}
		return nil
	}
	if s.yes {
		return missingFlag("--"+q.flag, q.what)
	}
	err := s.q.text(ctx, q.title, q.hint, q.to, q.valid)
	*q.to = strings.TrimSpace(*q.to)
	return err
}

// missingFlag is what a flag should have said where nothing may be asked.
func missingFlag(flag, what string) error {
	return fmt.Errorf("%s is missing; add %s, or leave out --yes to be asked", what, flag)
}

func (s *setUp) askUntilReached(
	ctx context.Context, side string, ask func(again bool) error, try func(context.Context) error,
) error {
	for again := false; ; again = true {
		err := ask(again)
		if err == nil {
			err = try(ctx)
		} else if !errors.As(err, new(*unfetchedError)) {
			return err
		}
		switch {
		case err == nil:
			return nil
		case s.yes || ctx.Err() != nil:
			return fmt.Errorf("%s could not be read, and nothing was written: %w", side, err)
		}
		s.q.sayf("%s could not be read: %s", side, harmless(err))
		if err := s.q.confirm(ctx, "Correct it and try again?"); err != nil {
			return err
		}
	}
}

// name takes the connection's name from the flag, and asks where that is none or cannot be had.
func (s *setUp) name(ctx context.Context, existing *config.File) error {
	d := &s.draft
	d.Name, d.ReadOnly = cmp.Or(s.flags.connection, "prod"), s.flags.readOnly
	free := func(name string) error {
		if _, taken := existing.Connections[name]; taken {
			return fmt.Errorf("%s has a connection %s already; choose another name, or edit the file", s.path, name)
		}
		return config.ValidName(name)
	}
	err := free(d.Name)
	switch {
	case !s.yes && len(existing.Connections) > 0 && (err != nil || s.flags.connection == ""):
		if err != nil {
			d.Name = ""
		}
		return s.q.text(ctx, "Name of the new connection", "The file has: "+
			model.Visible(strings.Join(existing.Names(), ", ")), &d.Name, free)
	case err != nil:
		return fmt.Errorf("--connection: %w", err)
	}
	return nil
}

func (s *setUp) source(ctx context.Context) error {
	d := &s.draft
	d.OneLogin.URL = cmp.Or(d.OneLogin.URL, s.subdomain)
	return s.askUntilReached(ctx, "OneLogin", func(again bool) (err error) {
		if err := s.ask(ctx, question{
			flag: "subdomain or --onelogin-url", what: "the OneLogin account", title: "OneLogin account",
			hint: "The subdomain, such as acme for https://acme.onelogin.com, or the whole address.",
			to:   &d.OneLogin.URL, valid: func(text string) error { return config.ValidAddress(accountURL(text)) },
		}, again); err != nil {
			return err
		}
		d.OneLogin.URL = accountURL(d.OneLogin.URL)
		if err := s.ask(ctx, question{
			flag: "client-id", what: "the API credential's id", title: "Client id of an API credential",
			hint: "OneLogin > Developers > API Credentials, scope Read All (app rules need Manage All).",
			to:   &d.OneLogin.ClientID, valid: clientID,
		}, again); err != nil {
			return err
		}
		d.ClientSecret, err = s.resolveSecret(ctx, &s.secret, "OneLogin's client secret", "onelogin", again)
		return err
	}, func(ctx context.Context) (err error) {
		s.q.sayf("Signing in to %s …", model.Visible(d.OneLogin.URL))
		if s.apps, err = s.listApps(ctx); err == nil {
			s.q.sayf("OneLogin lets us in, and has %s%s.", model.Counted(len(s.apps), "app", "apps"),
				noLinksNote(d.OneLogin.URL))
		}
		return err
	})
}

// clientID refuses what can be no client id, before anything is sent.
func clientID(text string) error {
	if err := config.ValidCredential(strings.TrimSpace(text)); err != nil {
		return fmt.Errorf("the client id %w", err)
	}
	return nil
}

// accountURL is the address that a subdomain, a host or an address stands for.
func accountURL(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	switch {
	case text == "" || strings.Contains(text, "://"):
		return text
	case strings.Contains(text, "."):
		return "https://" + text
	}
	return "https://" + text + ".onelogin.com"
}

func (s *setUp) app(ctx context.Context) error {
	apps := awsAppsFirst(s.apps)
	names := model.Map(apps, func(a *onelogin.ListedApp) string { return a.ID + " (" + model.Visible(a.Name) + ")" })
	choices := model.Map(apps, func(a *onelogin.ListedApp) huh.Option[string] {
		return huh.NewOption(model.Visible(a.Name)+" ("+a.ID+")", a.ID)
	})
	const most = 5
	switch {
	case len(apps) == 0:
		return errors.New("the credential sees no app, and nothing was written; add the app in OneLogin, or use a " +
			"credential that may read apps (scope Read All)")
	case s.draft.OneLogin.AppID == 0 && s.yes:
		return missingFlag("--app-id with one of "+model.FirstOf(names, most), "the app")
	case s.draft.OneLogin.AppID == 0:
		picked := choices[0].Value
		if err := s.q.choose(ctx, "Which app provisions the target?", "Those that look like AWS come first.", choices,
			&picked); err != nil {
			return err
		}
		s.draft.OneLogin.AppID, _ = strconv.ParseInt(picked, 10, 64) // one that is no number is not found below
	}
	i := slices.IndexFunc(apps, func(a onelogin.ListedApp) bool {
		return a.ID == strconv.FormatInt(s.draft.OneLogin.AppID, 10)
	})
	if i < 0 {
		return fmt.Errorf("OneLogin has no app %d; it has %s", s.draft.OneLogin.AppID, model.FirstOf(names, most))
	}
	s.draft.App = apps[i].Name
	s.q.sayf("App: %s (%d).", model.Visible(s.draft.App), s.draft.OneLogin.AppID)
	return nil
}

// awsAppsFirst sorts apps by name, those first that look like AWS's.
func awsAppsFirst(apps []onelogin.ListedApp) []onelogin.ListedApp {
	words := []string{"identity center", "aws", "amazon", "scim", ""}
	rank := func(a onelogin.ListedApp) int {
		return slices.IndexFunc(words, func(word string) bool { return strings.Contains(model.Fold(a.Name), word) })
	}
	return slices.SortedStableFunc(slices.Values(apps), func(a, b onelogin.ListedApp) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(model.Fold(a.Name), model.Fold(b.Name)))
	})
}

func (s *setUp) target(ctx context.Context) error {
	d := &s.draft
	if d.Target.CAFile != "" {
		whole, err := filepath.Abs(d.Target.CAFile)
		if err != nil {
			return fmt.Errorf("--ca-file: %w; write the whole path", err)
		}
		d.Target.CAFile = whole // the configuration is somewhere else than whoever types this
	}
	return s.askUntilReached(ctx, "the target", func(again bool) (err error) {
		if err := s.ask(ctx, question{
			flag: "target-url", what: "the SCIM endpoint", title: "SCIM endpoint",
			hint: "AWS > IAM Identity Center > Settings > Automatic provisioning.",
			to:   &d.Target.URL, valid: func(text string) error { return config.ValidAddress(strings.TrimSpace(text)) },
		}, again); err != nil {
			return err
		}
		d.Target.URL = strings.TrimRight(d.Target.URL, "/")
		d.Token, err = s.resolveSecret(ctx, &s.token, "The SCIM token", "target", again)
		return err
	}, func(ctx context.Context) error {
		s.q.sayf("Asking %s …", model.Visible(d.Target.URL))
		err := s.tryTarget(ctx)
		if err == nil {
			s.q.sayf("The target answers and takes the token. OneLogin's SCIM Base URL has to be this, without a "+
				"slash at its end:\n%s", model.Visible(d.Target.URL))
		}
		return err
	})
}

func (s *setUp) roles(ctx context.Context) error {
	if s.yes || s.draft.Groups.Roles != "" {
		return nil
	}
	granting, err := s.grantingRoles(ctx)
	if err != nil {
		s.q.sayf("note: the roles could not be read: %s", harmless(err))
	}
	seen := "No role grants the app."
	if len(granting) > 0 {
		seen = model.Visible(model.Counted(len(granting), "role", "roles") + " grant the app: " + model.Few(granting))
	}
	s.draft.Groups.Roles = commonPattern(granting)
	return s.q.text(ctx, "Pattern of the roles that become groups", seen+
		"\nIt holds where the app's rules cannot be read. A single . is every role that grants the app.",
		&s.draft.Groups.Roles, func(pattern string) error {
			d := s.draft
			d.Groups.Roles = pattern
			if _, err := d.Add(nil, "the pattern"); err != nil {
				return errors.New("that is no pattern (RE2); write one such as ^aws-")
			}
			return nil
		})
}

// commonPattern matches the beginning that at least half of the names, and two, have in common up to a separator; empty
// where there is none.
func commonPattern(names []string) string {
	count := map[string]int{}
	best := ""
	for _, name := range names {
		i := strings.IndexAny(name, "-_:/. ")
		if i <= 0 {
			continue
		}
		beginning := name[:i+1]
		if count[beginning]++; count[beginning] > count[best] {
			best = beginning
		}
	}
	if n := count[best]; n < 2 || 2*n < len(names) {
		return ""
	}
	return "^" + regexp.QuoteMeta(best)
}
