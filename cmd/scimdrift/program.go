package main

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

// Exit codes. What they mean to a command stands in commands.txt.
const (
	exitOK          = 0
	exitFailed      = 1
	exitDrift       = 2
	exitIncomplete  = 3
	exitUnconfirmed = 4
	exitInterrupted = 130
)

// program is one invocation: where it writes, the common flags, and the exit code that a command decides on.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	flags          flags
	// common are the flags that every command has, as they were given.
	common *pflag.FlagSet
	code   int
	// state is the folder of the journal and of what is remembered between reads.
	state string
	// onBoard: the screen belongs to the board, and nothing else may be written to it.
	onBoard bool
	// secrets is where secrets come from that do not stand in the file.
	secrets config.Sources
	// plain: the configuration wants no colours. The board opens connections beside what it does.
	plain atomic.Bool
	// end ends the program as a signal does.
	end context.CancelCauseFunc
	// stopped: being interrupted is how this command ends, and no failure.
	stopped bool
}

func newProgram(stdout, stderr io.Writer) *program {
	return &program{
		stdin: os.Stdin, stdout: stdout, stderr: stderr, state: config.StatePath(), end: func(error) {},
		common:  pflag.NewFlagSet("scimdrift", pflag.ContinueOnError),
		secrets: config.Sources{Env: os.LookupEnv, Keyring: config.SystemKeyring(), Run: config.RunCommand},
	}
}

// execute runs the command line and gives the exit code. A result such as drift is no error: the command sets the code.
func (p *program) execute(ctx context.Context, args []string) int {
	ctx, p.end = context.WithCancelCause(ctx)
	defer p.end(nil)
	p.stdout, p.stderr = p.output(ctx, p.stdout), p.output(ctx, p.stderr)
	root := p.root() //nolint:contextcheck // commands take the context from cobra when they run
	root.SetArgs(args)
	err := fang.Execute(ctx, root, fang.WithVersion(version), fang.WithCommit(commit), fang.WithErrorHandler(p.report),
		fang.WithColorSchemeFunc(colours))
	switch {
	case ctx.Err() != nil && !p.stopped, errors.Is(err, errInterrupted):
		return exitInterrupted
	case err != nil:
		return exitFailed
	default:
		return p.code
	}
}

// colours are those of the help: the terminal's own, on its own background, which is therefore not asked for.
func colours(either lipgloss.LightDarkFunc) fang.ColorScheme {
	c, own := fang.AnsiColorScheme(either), color.Color(lipgloss.NoColor{})
	c.Base, c.Description, c.Argument, c.Help, c.Dash, c.Comment = own, own, own, own, own, lipgloss.BrightBlack
	return c
}

// report prints an error as it is: it ends with what to do next, and its lines must not be wrapped or styled apart.
func (p *program) report(w io.Writer, _ fang.Styles, err error) {
	if !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(w, "scimdrift:", harmless(err))
	}
}

// harmless is the text of an error with its lines, and with nothing else that a name in it could move or hide.
func harmless(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = model.Visible(line)
	}
	return strings.Join(lines, "\n")
}

func (p *program) print(format string, args ...any) error {
	if _, err := fmt.Fprintf(p.stdout, format, args...); err != nil {
		return fmt.Errorf("the result could not be printed: %w", err)
	}
	return nil
}

func (p *program) root() *cobra.Command {
	var at start
	root := &cobra.Command{
		Use:   "scimdrift",
		Short: "See, explain and repair drift between OneLogin and a SCIM target",
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.board(cmd.Context(), at) },
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	p.startFlags(root, &at)
	root.Args = knownCommand
	root.SetFlagErrorFunc(unknownFlag)
	p.commonFlags(root)
	root.SetHelpCommand(p.helpCommand())
	root.AddCommand(
		p.checkCommand(), p.planCommand(), p.applyCommand(), p.undoCommand(), p.historyCommand(), p.snapshotCommand(),
		p.doctorCommand(), p.demoCommand(), p.simulateCommand(), p.initCommand(), p.loginCommand(), p.logoutCommand(),
		p.configCommand(), p.versionCommand(),
	)
	root.InitDefaultCompletionCmd() // left to the library it comes later, and takes any word for a shell
	wordedArgs(root)
	describe(root)
	return root
}
