// Command scimdrift compares what OneLogin should provision with what a SCIM target holds.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run())
}

func run() int {
	// The framework takes NO_COLOR=yes for false, because it parses it as a boolean; any non-empty value means no
	// colour (no-color.org). The flag is looked for by hand because help and usage errors are printed before flags are
	// parsed.
	if os.Getenv("NO_COLOR") != "" || slices.Contains(os.Args, "--no-color") || dumb() {
		_ = os.Setenv("NO_COLOR", "1")
	}
	if dumb() {
		_ = os.Unsetenv("CLICOLOR_FORCE") // the help's library would still write escape sequences
	}
	silenceBrowser()
	collectSooner()
	ctx, stop := signal.NotifyContext(context.Background(), ends()...)
	defer stop()
	p := newProgram(os.Stdout, os.Stderr)
	hideInput()
	return p.execute(ctx, os.Args[1:])
}

// collectSooner lets the heap grow by a good quarter, and not to twice its size, before garbage is collected: a hundred
// thousand users take 250 MB so and 300 MB at a half, for a few hundredths of a millisecond of processor time a
// request.
func collectSooner() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(28)
	}
}

// ends are the signals that end the program in order. Under nohup it outlives its terminal.
func ends() []os.Signal {
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

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := "scimdrift " + version
			if commit != "" {
				text += " (" + commit + ")"
			}
			return p.print("%s\n", text)
		},
	}
}

// agent is what the program calls itself before services.
func agent() string { return "scimdrift/" + version }
