package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

func keyringCommand(name, short string, run func(ctx context.Context, args []string) error) *cobra.Command {
	cmd := command(name+" [client_secret|token]", short, cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		run)
	cmd.ValidArgs = []string{"client_secret", "token"}
	return cmd
}

// keyringEntries gives the connection's secrets that live in the keyring, or the named one of them.
func (p *program) keyringEntries(args []string) ([]config.Secret, error) {
	file, err := p.configuration()
	if err != nil {
		return nil, err
	}
	c, err := file.Checked(p.flags.connection)
	if err != nil {
		return nil, err
	}
	var entries []config.Secret
	for _, s := range c.Secrets() {
		asked := len(args) == 0 || strings.HasSuffix(s.Key, "."+args[0])
		switch {
		case asked && s.Keyring != "":
			entries = append(entries, s)
		case asked && len(args) > 0:
			return nil, fmt.Errorf("%s does not come from the keyring but from %s; write %s = { keyring = "+
				"\"scimdrift/%s\" } into %s first",
				s.Key, secretOrigin(s), args[0], model.Visible(c.Name), file.Path())
		}
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("no secret of connection %s comes from the keyring; write { keyring = "+
			"\"scimdrift/%s\" } for it into %s first",
			model.Visible(c.Name), model.Visible(c.Name), file.Path())
	}
	return entries, nil
}

func secretOrigin(s config.Secret) string {
	if s.InFile() {
		return "the file"
	}
	return s.String()
}

func (p *program) login(ctx context.Context, args []string) error {
	entries, err := p.keyringEntries(args)
	if err != nil {
		return err
	}
	lines := bufio.NewReader(p.stdin)
	for _, e := range entries {
		// Where there is no keyring nobody should have to type a secret first.
		if _, err := p.secrets.Keyring.Get(ctx, e.Keyring); errors.Is(err, config.ErrNoKeyring) {
			return fmt.Errorf("%s was not stored: %w", e.Key, err)
		}
		secret, err := p.askSecret(ctx, lines, "Secret for "+e.Key+" (not shown): ")
		if err != nil {
			return fmt.Errorf("%s was not stored: %w", e.Key, err)
		}
		if err := p.secrets.Keyring.Set(ctx, e.Keyring, secret); err != nil {
			return fmt.Errorf("%s was not stored: %w", e.Key, err)
		}
		if err := p.print("stored %s in the keyring as %q\n", e.Key, e.Keyring); err != nil {
			return err
		}
	}
	return nil
}

// askSecret reads a secret without showing it, or one line of what is no terminal.
func (p *program) askSecret(ctx context.Context, lines *bufio.Reader, prompt string) (string, error) {
	if file, ok := p.stdin.(*os.File); ok && term.IsTerminal(file.Fd()) {
		return p.typedSecret(ctx, file, prompt)
	}
	line, err := lines.ReadString('\n')
	return oneSecret(line, err)
}

func oneSecret(line string, err error) (string, error) {
	line = strings.TrimSpace(line)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("it could not be read: %w", err)
	case line == "":
		return "", errors.New("nothing was given; type the secret, or give it as a line on standard input")
	}
	if err := config.ValidCredential(line); err != nil {
		return "", fmt.Errorf("the secret %w", err)
	}
	return line, nil
}

func (p *program) logout(ctx context.Context, args []string) error {
	entries, err := p.keyringEntries(args)
	if err != nil {
		return err
	}
	for _, e := range entries {
		said := "removed %s (%q) from the keyring\n"
		switch err := p.secrets.Keyring.Delete(ctx, e.Keyring); {
		case errors.Is(err, config.ErrNoEntry):
			said = "%s (%q) was not in the keyring\n"
		case err != nil:
			return fmt.Errorf("%s was not removed: %w", e.Key, err)
		}
		if err := p.print(said, e.Key, e.Keyring); err != nil {
			return err
		}
	}
	return nil
}
