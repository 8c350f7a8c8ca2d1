package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
)

// setUp is a connection on its way into the configuration. Flags fill in its draft; each step asks for the rest, and
// tests what can be tested.
type setUp struct {
	*program

	q     *questions
	path  string
	log   *os.File
	draft config.Draft
	// subdomain stands for the draft's address of OneLogin.
	subdomain string
	// yes asks nothing.
	yes bool
	// secret and token are what the draft's references stand for.
	secret, token secretFlags
	apps          []onelogin.ListedApp
	// secretPlace is where the last secret was kept, which is proposed for the next.
	secretPlace string
}

func (p *program) initCommand() *cobra.Command {
	s := &setUp{program: p}
	cmd := command("init", "Connect a OneLogin app and its target: ask, test, and write the configuration",
		cobra.NoArgs, s.run)
	set, d := cmd.Flags(), &s.draft
	set.StringVar(&s.subdomain, "subdomain", "", "the OneLogin account: acme for https://acme.onelogin.com")
	set.StringVar(&d.OneLogin.URL, "onelogin-url", "", "the OneLogin account's whole address, in place of --subdomain")
	set.StringVar(&d.OneLogin.ClientID, "client-id", "", "the API credential's id (Developers > API Credentials, "+
		"scope Read All)")
	s.secret.register(cmd, "client-secret", "the API credential's secret")
	set.Int64Var(&d.OneLogin.AppID, "app-id", 0, "the app, by the number in its address in the console")
	set.StringVar(&d.Target.URL, "target-url", "", "the SCIM endpoint, with or without a slash at its end")
	set.StringVar(&d.Target.Dialect, "dialect", "", "aws (default) or generic")
	set.StringVar(&d.Target.CAFile, "ca-file", "", "certificate authorities (PEM) of a private target")
	s.token.register(cmd, "token", "the SCIM endpoint's token")
	set.StringVar(&d.Groups.Roles, "roles", "", "which roles become groups, as a pattern such as '^aws-'; only looked "+
		"at where rules cannot be read, or with --from roles")
	set.StringVar(&d.Groups.From, "from", "", "where expected groups come from: auto (default), rules or roles")
	set.BoolVar(&s.yes, "yes", false, "ask nothing, and write the file")
	cmd.MarkFlagsMutuallyExclusive("subdomain", "onelogin-url")
	return cmd
}

func (s *setUp) run(ctx context.Context, _ []string) (err error) {
	if s.path, err = resolveSymlinks(s.configPath()); err != nil {
		return err
	}
	before, err := os.ReadFile(s.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the configuration file cannot be read: %w; check the path and its rights", err)
	}
	existing, err := config.Parse(before, s.path)
	if err != nil {
		return fmt.Errorf("%w\nmend the file first, or name another with --config", err)
	}
	q, done := s.questions(ctx, existing.UI.Plain)
	defer done()
	s.q = q
	if s.log, err = openDebugLog(s.flags.debugLog); err != nil {
		return err
	}
	defer s.log.Close() //nolint:errcheck // as far as there is one
	if err := s.name(ctx, existing); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.source, s.app, s.target, s.roles} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.writeConfig(ctx, before)
}

// resolveSymlinks is the file itself where the path is a link: a dotfile that is kept elsewhere must stay one.
func resolveSymlinks(path string) (string, error) {
	file, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return path, nil
	case err != nil:
		return "", fmt.Errorf("the configuration file cannot be found: %w; check the path and its rights", err)
	}
	return file, nil
}

func (s *setUp) writeConfig(ctx context.Context, before []byte) error {
	after, err := s.draft.Add(before, s.path)
	if err != nil {
		return err
	}
	verb := "Write"
	if len(before) > 0 {
		verb = "Add to"
	}
	s.q.sayf("\n%s %s:\n\n%s", verb, model.Visible(s.path),
		"  "+strings.ReplaceAll(strings.TrimSpace(s.draft.Text(true)), "\n", "\n  ")+"\n")
	if !s.yes {
		if err := s.q.confirm(ctx, "Write it?"); err != nil {
			return err
		}
	}
	if now, err := os.ReadFile(s.path); err == nil && string(now) != string(before) {
		return fmt.Errorf("%s was changed meanwhile, and nothing was written; start again", s.path)
	}
	if err := ensureWritable(s.path); err != nil {
		return err // before the keyring holds what nothing refers to
	}
	if err := s.storeSecrets(ctx); err != nil {
		return err
	}
	if err := replaceFile(s.path, after); err != nil {
		return fmt.Errorf("the configuration was not written: %w", err)
	}
	return s.print("wrote connection %s to %s\nNext: %s\n", s.draft.Name, s.path,
		s.commandLine(s.draft.Name, "doctor"))
}

func (s *setUp) storeSecrets(ctx context.Context) error {
	stored := ""
	for _, f := range []*secretFlags{&s.secret, &s.token} {
		if f.entry == "" {
			continue
		}
		if err := s.secrets.Keyring.Set(ctx, f.entry, f.text); err != nil {
			return fmt.Errorf("the secret for %s was not stored, and the configuration was not written: %w%s", f.entry,
				err, stored)
		}
		stored = "; the keyring holds " + f.entry + " by now: remove that, or start again"
	}
	return nil
}

// ensureWritable makes the folder of a file, and sees whether one can be written there.
func ensureWritable(path string) error {
	const ownerOnly = 0o700
	if err := os.MkdirAll(filepath.Dir(path), ownerOnly); err != nil { //nolint:gosec // the operator names the file
		return fmt.Errorf("nothing was written, because the folder of the configuration cannot be made: %w; name "+
			"another file with --config", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".scimdrift-*")
	if err != nil {
		return fmt.Errorf("nothing was written, because the folder of the configuration takes no file: %w; mend its "+
			"rights, or name another file with --config", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) //nolint:gosec // it is ours
}
