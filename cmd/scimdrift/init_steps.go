package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
)

// setUp is a draft on its way. Each step takes what the flags say, asks for the rest, and tests what can be tested.
type setUp struct {
	p     *program
	q     *questions
	flags initFlags
	path  string
	log   *debugLog

	draft config.Draft
	// replace: a connection of the same name goes.
	replace bool
	// secret and token are what the draft's references stand for; keep is what goes into the keyring when the file is
	// written.
	secret, token string
	keep          map[string]string
	apps          []onelogin.ListedApp
	// place is where the last secret was kept, which is proposed for the next.
	place string
}

// missing is what a flag should have said where nothing may be asked.
func missing(flag, what string) error {
	return fmt.Errorf("%s is missing; add %s, or leave out --yes to be asked", what, flag)
}

func (s *setUp) name(ctx context.Context, existing *config.File) error {
	s.draft.Name, s.draft.ReadOnly = s.p.flags.connection, s.p.flags.readOnly
	if s.draft.Name == "" {
		s.draft.Name = "prod"
		if _, taken := existing.Connections["prod"]; taken && !s.flags.yes {
			s.draft.Name = ""
		}
		if !s.flags.yes && len(existing.Connections) > 0 {
			if err := s.q.text(ctx, "Name of the new connection",
				"The file has: "+model.Visible(strings.Join(existing.Names(), ", ")), &s.draft.Name,
				config.ValidName); err != nil {
				return err
			}
		}
	}
	if err := config.ValidName(s.draft.Name); err != nil {
		return fmt.Errorf("--connection: %w", err)
	}
	if _, taken := existing.Connections[s.draft.Name]; !taken || s.replace {
		return nil
	}
	if s.flags.yes {
		return fmt.Errorf("%s has a connection %s already; choose another name with --connection, or add --replace",
			s.path, s.draft.Name)
	}
	yes, err := s.q.yes(ctx, "There is a connection "+s.draft.Name+" already. Replace it?", false)
	if err == nil && !yes {
		err = errors.New("nothing was written; choose another name with --connection")
	}
	s.replace = yes
	return err
}

// source asks for the account and the credential until OneLogin lets us in.
func (s *setUp) source(ctx context.Context, _ *config.File) error {
	s.draft.OneLoginURL, s.draft.ClientID = s.flags.url, strings.TrimSpace(s.flags.clientID)
	if s.flags.subdomain != "" {
		s.draft.OneLoginURL = account(s.flags.subdomain)
	}
	for again := false; ; again = true {
		if err := s.askAccount(ctx, again); err != nil {
			return err
		}
		var err error
		if s.draft.ClientSecret, s.secret, err = s.askSecret(ctx, secretQuestion{
			flags: s.flags.secret, flag: "client-secret", what: "OneLogin's client secret",
			variable: "ONELOGIN_CLIENT_SECRET", entry: "onelogin", again: again,
		}); err == nil {
			s.q.sayf("Signing in to %s …", model.Visible(s.draft.OneLoginURL))
			s.apps, err = s.listApps(ctx)
		} else if !errors.As(err, new(*unfetchedError)) {
			return err
		}
		if err == nil {
			s.q.sayf("OneLogin lets us in, and has %s%s.", model.Counted(len(s.apps), "app", "apps"),
				linkless(s.draft.OneLoginURL))
			return nil
		}
		if err := s.retry(ctx, "OneLogin", err); err != nil {
			return err
		}
	}
}

// retry asks whether to try again after a failure, or ends with it.
func (s *setUp) retry(ctx context.Context, side string, failure error) error {
	if s.flags.yes || ctx.Err() != nil {
		return fmt.Errorf("%s could not be read, and nothing was written: %w", side, failure)
	}
	s.q.sayf("%s could not be read: %s", side, harmless(failure))
	yes, err := s.q.yes(ctx, "Correct it and try again?", true)
	if err == nil && !yes {
		err = errors.New("nothing was written")
	}
	return err
}

func (s *setUp) askAccount(ctx context.Context, again bool) error {
	if s.draft.ClientID != "" && !again {
		if err := clientID(s.draft.ClientID); err != nil {
			return fmt.Errorf("--client-id: %w", err)
		}
	}
	if s.flags.yes {
		if s.draft.OneLoginURL == "" {
			return missing("--subdomain or --onelogin-url", "the OneLogin account")
		}
		if s.draft.ClientID == "" {
			return missing("--client-id", "the API credential's id")
		}
		return config.ValidAddress(s.draft.OneLoginURL)
	}
	if s.draft.OneLoginURL == "" || again {
		answer := s.draft.OneLoginURL
		if err := s.q.text(ctx, "OneLogin account", "The subdomain, such as acme for https://acme.onelogin.com, "+
			"or the whole address.", &answer,
			func(text string) error { return config.ValidAddress(account(text)) }); err != nil {
			return err
		}
		s.draft.OneLoginURL = account(answer)
	}
	if s.draft.ClientID == "" || again {
		err := s.q.text(ctx, "Client id of an API credential",
			"OneLogin > Developers > API Credentials, scope Read All (app rules need Manage All).",
			&s.draft.ClientID, clientID)
		s.draft.ClientID = strings.TrimSpace(s.draft.ClientID)
		return err
	}
	return nil
}

// clientID refuses what can be no client id, before anything is sent.
func clientID(text string) error {
	if err := config.ValidCredential(strings.TrimSpace(text)); err != nil {
		return fmt.Errorf("the client id %w", err)
	}
	return nil
}

// account is the address that a subdomain, a host or an address stands for.
func account(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	switch {
	case text == "" || strings.Contains(text, "://"):
		return text
	case strings.Contains(text, "."):
		return "https://" + text
	}
	return "https://" + text + ".onelogin.com"
}

// app picks the app from those that were found.
func (s *setUp) app(ctx context.Context, _ *config.File) error {
	s.draft.AppID = s.flags.appID
	if len(s.apps) == 0 {
		return errors.New("the credential sees no app, and nothing was written; add the app in OneLogin, or use a " +
			"credential that may read apps (scope Read All)")
	}
	if s.draft.AppID == 0 && s.flags.yes {
		return missing("--app-id with one of "+s.appNames(), "the app")
	}
	if s.draft.AppID == 0 {
		choices := make([]choice, 0, len(s.apps))
		for _, a := range likely(s.apps) {
			choices = append(choices, choice{model.Visible(a.Name) + " (" + a.ID + ")", a.ID})
		}
		picked := choices[0].value
		if err := s.q.pick(ctx, "Which app provisions the target?", "Those that look like AWS come first.", choices,
			&picked); err != nil {
			return err
		}
		id, err := strconv.ParseInt(picked, 10, 64)
		if err != nil {
			return fmt.Errorf("OneLogin calls the app %q, which is no number; set app_name by hand", picked)
		}
		s.draft.AppID = id
	}
	i := slices.IndexFunc(s.apps, func(a onelogin.ListedApp) bool {
		return a.ID == strconv.FormatInt(s.draft.AppID, 10)
	})
	if i < 0 {
		return fmt.Errorf("OneLogin has no app %d; it has %s", s.draft.AppID, s.appNames())
	}
	s.draft.AppName = s.apps[i].Name
	s.q.sayf("App: %s (%d).", model.Visible(s.draft.AppName), s.draft.AppID)
	return nil
}

func (s *setUp) appNames() string {
	const most = 5
	var names []string
	for _, a := range likely(s.apps) {
		if len(names) == most {
			names = append(names, fmt.Sprintf("%d more", len(s.apps)-most))
			break
		}
		names = append(names, a.ID+" ("+model.Visible(a.Name)+")")
	}
	return strings.Join(names, ", ")
}

// likely sorts apps by name, those first that look like AWS's.
func likely(apps []onelogin.ListedApp) []onelogin.ListedApp {
	rank := func(a onelogin.ListedApp) int {
		for i, word := range []string{"identity center", "aws", "amazon", "scim"} {
			if strings.Contains(model.Fold(a.Name), word) {
				return i
			}
		}
		return 9
	}
	out := slices.Clone(apps)
	slices.SortStableFunc(out, func(a, b onelogin.ListedApp) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(model.Fold(a.Name), model.Fold(b.Name))
	})
	return out
}

// target asks for the endpoint and its token until it answers.
func (s *setUp) target(ctx context.Context, _ *config.File) error {
	s.draft.TargetURL, s.draft.Dialect, s.draft.CAFile = strings.TrimSpace(s.flags.targetURL),
		s.flags.dialect, s.flags.ca
	if s.draft.CAFile != "" {
		whole, err := filepath.Abs(s.draft.CAFile)
		if err != nil {
			return fmt.Errorf("--ca-file: %w; write the whole path", err)
		}
		s.draft.CAFile = whole // the configuration is somewhere else than whoever types this
	}
	for again := false; ; again = true {
		if s.draft.TargetURL == "" && s.flags.yes {
			return missing("--target-url", "the SCIM endpoint")
		}
		if s.draft.TargetURL == "" || again {
			if err := s.q.text(ctx, "SCIM endpoint", "AWS > IAM Identity Center > Settings > Automatic provisioning.",
				&s.draft.TargetURL, config.ValidAddress); err != nil {
				return err
			}
		}
		if err := config.ValidAddress(strings.TrimSpace(s.draft.TargetURL)); err != nil {
			return fmt.Errorf("--target-url: %w", err)
		}
		s.draft.TargetURL = strings.TrimRight(strings.TrimSpace(s.draft.TargetURL), "/")
		var err error
		if s.draft.Token, s.token, err = s.askSecret(ctx, secretQuestion{
			flags: s.flags.token, flag: "token", what: "The SCIM token", variable: "SCIM_TOKEN",
			entry: "target", again: again,
		}); err == nil {
			s.q.sayf("Asking %s …", model.Visible(s.draft.TargetURL))
			err = s.tryTarget(ctx)
		} else if !errors.As(err, new(*unfetchedError)) {
			return err
		}
		if err == nil {
			s.q.sayf("The target answers and takes the token. OneLogin's SCIM Base URL has to be this, without a "+
				"slash at its end:\n%s",
				model.Visible(s.draft.TargetURL))
			return nil
		}
		if err := s.retry(ctx, "the target", err); err != nil {
			return err
		}
	}
}

// roles offers a pattern for the roles that grant the app.
func (s *setUp) roles(ctx context.Context, _ *config.File) error {
	s.draft.From, s.draft.Roles = s.flags.from, s.flags.roles
	if s.flags.yes || s.draft.Roles != "" {
		return nil
	}
	granting, err := s.grantingRoles(ctx)
	if err != nil {
		s.q.sayf("note: the roles could not be read: %s", harmless(err))
	}
	s.draft.Roles = commonPattern(granting)
	return s.q.text(ctx, "Pattern of the roles that become groups", rolesSeen(granting)+
		"\nIt holds where the app's rules cannot be read. A single . is every role that grants the app.",
		&s.draft.Roles,
		s.validRoles)
}

func (s *setUp) validRoles(pattern string) error {
	d := s.draft
	d.Roles = pattern
	_, err := d.Add(nil, "the pattern", false)
	if err != nil {
		return errors.New("that is no pattern (RE2); write one such as ^aws-")
	}
	return nil
}

func rolesSeen(names []string) string {
	if len(names) == 0 {
		return "No role grants the app."
	}
	const most = 4
	shown := names[:min(len(names), most)]
	text := model.Counted(len(names), "role", "roles") + " grant the app: " + strings.Join(shown, ", ")
	if len(names) > most {
		text += ", …"
	}
	return model.Visible(text)
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

// secretQuestion is how a secret is asked for.
type secretQuestion struct {
	flags                       secretFlags
	flag, what, variable, entry string
	again                       bool
}

// words splits a command as it was typed: a JSON list, else words.
func words(text string) ([]string, error) {
	var list []string
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return nil, errors.New(`the command is no JSON list of strings; write ["op", "read", "…"]`)
		}
	} else {
		list = strings.Fields(text)
	}
	if len(list) == 0 {
		return nil, errors.New("the command has no words")
	}
	return list, nil
}
