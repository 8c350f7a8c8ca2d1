// Command scimdrift compares what OneLogin should provision with what a SCIM target holds.
package main

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/cli/browser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

func main() {
	os.Exit(run())
}

func run() int {
	// The framework takes NO_COLOR=yes for false, because it parses it as a boolean; any non-empty value means no
	// colour (no-color.org). The flag is looked for by hand because help and usage errors are printed before flags are
	// parsed.
	if os.Getenv("NO_COLOR") != "" || slices.Contains(os.Args, "--no-color") || isDumbTerminal() {
		_ = os.Setenv("NO_COLOR", "1")
	}
	if isDumbTerminal() {
		_ = os.Unsetenv("CLICOLOR_FORCE") // the help's library would still write escape sequences
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard // else its starter prints across the board, or in a result
	collectSooner()
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	defer stop()
	p := newProgram(os.Stdout, os.Stderr)
	hideInput()
	return p.execute(ctx, os.Args[1:])
}

// collectSooner lets the heap grow by a quarter, and not to twice its size, before garbage is collected: a hundred
// thousand users take 245 MB so and 300 MB at a half, for a few hundredths of a millisecond of processor time a
// request.
func collectSooner() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
}

// endSignals are the signals that end the program in order. Under nohup it outlives its terminal.
func endSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// hideInput keeps the help's library from asking the terminal for its background (charm.land/fang/v2, mustColorscheme),
// which it does before help and errors whenever standard input and output are terminals, even dumb and stalled ones. On
// Windows it opens the console itself, and the framework needs the real one.
func hideInput() {
	if runtime.GOOS == "windows" {
		return
	}
	if nothing, err := os.Open(os.DevNull); err == nil {
		os.Stdin = nothing
	}
}

// version and commit are set by the linker on releases.
//
//nolint:gochecknoglobals // the linker can set nothing else
var (
	version = "dev"
	commit  = ""
)

func (p *program) version(context.Context, []string) error {
	text := "scimdrift " + version
	if commit != "" {
		text += " (" + commit + ")"
	}
	return p.print("%s\n", text)
}

func userAgent() string { return "scimdrift/" + version }

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
	// configuredPlain: the configuration wants no colours. The board opens connections beside what it does.
	configuredPlain atomic.Bool
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
	err := fang.Execute(ctx, root, fang.WithVersion(version), fang.WithCommit(commit),
		fang.WithErrorHandler(p.printError), fang.WithColorSchemeFunc(colours))
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

// printError prints an error as it is: it ends with what to do next, and its lines must not be wrapped or styled apart.
func (p *program) printError(w io.Writer, _ fang.Styles, err error) {
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

// command is a command by how it is called and what it does in a line; what it says at length comes with describe.
func command(
	use, short string, takes cobra.PositionalArgs, run func(ctx context.Context, args []string) error,
) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: takes,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args) },
	}
}

func (p *program) root() *cobra.Command {
	var at boardStart
	root := command("scimdrift", "See, explain and repair drift between OneLogin and a SCIM target",
		rejectUnknownCommand, func(ctx context.Context, _ []string) error { return p.board(ctx, at) })
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	p.startFlags(root, &at)
	root.SetFlagErrorFunc(explainUnknownFlag)
	p.commonFlags(root)
	root.SetHelpCommand(p.helpCommand())
	root.AddCommand(
		p.checkCommand(), p.planCommand(), p.undoCommand(), p.historyCommand(), p.snapshotCommand(), p.doctorCommand(),
		p.demoCommand(), p.initCommand(), p.configCommand(),
		runCommand("apply PLAN", "Run a saved plan, step by step, and read back what it did", p.apply),
		command("simulate", "Serve both simulated services until stopped, and print the configuration that connects "+
			"to them", cobra.NoArgs, p.simulate),
		keyringCommand("login", "Put the connection's secrets into the keyring of this machine", p.login),
		keyringCommand("logout", "Remove the connection's secrets from the keyring of this machine", p.logout),
		command("version", "Print the version", cobra.NoArgs, p.version),
	)
	root.InitDefaultCompletionCmd() // left to the library it comes later, and takes any word for a shell
	explainWrongArgs(root)
	describe(root)
	return root
}
