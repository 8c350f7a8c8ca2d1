// Command scimdrift compares what OneLogin should provision with what a SCIM target holds.
package main

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

func main() {
	os.Exit(run())
}

func run() int {
	// The framework takes NO_COLOR=yes for false, because it parses it as a boolean; any non-empty value means no colour
	// (no-color.org). The flag is looked for by hand because help and usage errors are printed before flags are parsed.
	if os.Getenv("NO_COLOR") != "" || slices.Contains(os.Args, "--no-color") {
		_ = os.Setenv("NO_COLOR", "1")
	}
	silenceBrowser()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newProgram(os.Stdout, os.Stderr).execute(ctx, os.Args[1:])
}
