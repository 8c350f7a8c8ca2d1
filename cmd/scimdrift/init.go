package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

// initFlags answer the questions of init beforehand.
type initFlags struct {
	subdomain, url, clientID string
	appID                    int64
	targetURL, dialect, ca   string
	roles, from              string
	secret, token            secretFlags
	yes, replace             bool
}

// secretFlags say where a secret is. None of them takes the secret itself, because other users of the machine see a
// command line.
type secretFlags struct {
	env, command, keyring string
	stdin                 bool
}

func (f *secretFlags) register(cmd *cobra.Command, name, what string) {
	set := cmd.Flags()
	set.StringVar(&f.env, name+"-env", "", what+": the environment variable that holds it")
	set.StringVar(&f.command, name+"-command", "", what+": the command that prints it, as words or as a JSON list")
	set.StringVar(&f.keyring, name+"-keyring", "", what+": its entry in the keyring")
	set.BoolVar(&f.stdin, name+"-stdin", false, what+": read a line of standard input, and keep it in the file, or "+
		"with --"+name+"-keyring there")
	cmd.MarkFlagsMutuallyExclusive(name+"-env", name+"-command", name+"-keyring")
	cmd.MarkFlagsMutuallyExclusive(name+"-env", name+"-stdin")
	cmd.MarkFlagsMutuallyExclusive(name+"-command", name+"-stdin")
}

func (p *program) initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Connect a OneLogin app and its target: ask, test, and write the configuration",
		Long: "Connect a OneLogin app and its SCIM target. Asks for the least that is needed, tests it as it goes, " +
			"shows the file and writes it\n(readable by you alone). Nothing is changed on either side. What a flag " +
			"says is not asked; with --yes nothing is asked at all.\n--connection names the connection (default prod).",
		Example: "  scimdrift init\n\n  # without a question\n  scimdrift init --yes --subdomain acme --client-id " +
			"0123… --client-secret-env ONELOGIN_CLIENT_SECRET \\\n    --app-id 500001 --target-url " +
			"https://scim.us-east-1.amazonaws.com/…/scim/v2 --token-command 'op read op://ops/scim/token' \\\n    " +
			"--roles '^aws-'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.initialise(cmd.Context(), f) },
	}
	set := cmd.Flags()
	set.StringVar(&f.subdomain, "subdomain", "", "the OneLogin account: acme for https://acme.onelogin.com")
	set.StringVar(&f.url, "onelogin-url", "", "the OneLogin account's whole address, in place of --subdomain")
	set.StringVar(&f.clientID, "client-id", "", "the API credential's id (Developers > API Credentials, scope "+
		"Read All)")
	f.secret.register(cmd, "client-secret", "the API credential's secret")
	set.Int64Var(&f.appID, "app-id", 0, "the app, by the number in its address in the console")
	set.StringVar(&f.targetURL, "target-url", "", "the SCIM endpoint, with or without a slash at its end")
	set.StringVar(&f.dialect, "dialect", "", "aws (default) or generic")
	set.StringVar(&f.ca, "ca-file", "", "certificate authorities (PEM) of a private target")
	f.token.register(cmd, "token", "the SCIM endpoint's token")
	set.StringVar(&f.roles, "roles", "", "which roles become groups, as a pattern such as '^aws-'; only looked at "+
		"where rules cannot be read, or with --from roles")
	set.StringVar(&f.from, "from", "", "where expected groups come from: auto (default), rules or roles")
	set.BoolVar(&f.yes, "yes", false, "ask nothing, and write the file")
	set.BoolVar(&f.replace, "replace", false, "replace a connection of the same name")
	cmd.MarkFlagsMutuallyExclusive("subdomain", "onelogin-url")
	return cmd
}

// initialise fills in a draft, by flags and by asking, and writes it.
func (p *program) initialise(ctx context.Context, f initFlags) error {
	path, err := whole(p.configPath())
	if err != nil {
		return err
	}
	before, err := os.ReadFile(path) //nolint:gosec // the operator's own choice of file
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the configuration file cannot be read: %w; check the path and its rights", err)
	}
	existing, err := config.Parse(before, path)
	if err != nil {
		return fmt.Errorf("%w\nmend the file first, or name another with --config", err)
	}
	q, done := p.questions(ctx, existing.UI.Plain)
	defer done()
	s := &setUp{p: p, q: q, flags: f, path: path, replace: f.replace, keep: map[string]string{}}
	if p.flags.debugLog != "" {
		if s.log, err = openDebugLog(p.flags.debugLog); err != nil {
			return err
		}
		defer s.log.close()
	}
	for _, step := range []func(context.Context, *config.File) error{s.name, s.source, s.app, s.target, s.roles} {
		if err := step(ctx, existing); err != nil {
			return err
		}
	}
	return s.write(ctx, before)
}

// whole is the file itself where the path is a link: a dotfile that is kept elsewhere must stay one.
func whole(path string) (string, error) {
	file, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return path, nil
	case err != nil:
		return "", fmt.Errorf("the configuration file cannot be found: %w; check the path and its rights", err)
	}
	return file, nil
}

// write shows the file and puts it in its place.
func (s *setUp) write(ctx context.Context, before []byte) error {
	after, err := s.draft.Add(before, s.path, s.replace)
	if err != nil {
		return err
	}
	verb := "write"
	if len(before) > 0 {
		verb = "add to"
	}
	s.q.sayf("\n%s %s:\n\n%s", strings.ToUpper(verb[:1])+verb[1:], model.Visible(s.path),
		"  "+strings.ReplaceAll(strings.TrimSpace(s.draft.Text(true)), "\n", "\n  ")+"\n")
	if !s.flags.yes {
		yes, err := s.q.yes(ctx, "Write it?", true)
		if err != nil {
			return err
		}
		if !yes {
			return errors.New("nothing was written")
		}
	}
	if now, err := os.ReadFile(s.path); err == nil && string(now) != string(before) {
		return fmt.Errorf("%s was changed meanwhile, and nothing was written; start again", s.path)
	}
	if err := makeRoom(s.path); err != nil {
		return err // before the keyring holds what nothing refers to
	}
	for name, secret := range s.keep {
		if err := s.p.secrets.Keyring.Set(ctx, name, secret); err != nil {
			return fmt.Errorf("the secret was not stored, and nothing was written: %w", err)
		}
	}
	if err := replaceFile(s.path, after); err != nil {
		return fmt.Errorf("the configuration was not written: %w", err)
	}
	_, err = fmt.Fprintf(s.p.stdout, "wrote connection %s to %s\nNext: scimdrift doctor%s\n", s.draft.Name, s.path,
		s.chosen())
	return err
}

// makeRoom makes the folder of a file, and sees whether one can be written there.
func makeRoom(path string) error {
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

// chosen are the flags that lead to what was written, where it is not what is found without any.
func (s *setUp) chosen() string {
	file, err := config.Read(s.path)
	if err != nil {
		return ""
	}
	text := ""
	if name, err := file.Choose(""); err != nil || name != s.draft.Name {
		text = " --connection " + s.draft.Name
	}
	if p := s.p.flags.config; p != "" && p != os.Getenv(configVariable) {
		text = " --config " + shellWord(p) + text
	}
	return text
}

// shellWord is text as one word of a POSIX shell.
func shellWord(text string) string {
	if strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("/._-+@%:,=", r) &&
			(r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
