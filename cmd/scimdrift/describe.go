package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

//go:embed commands.txt
var commandTexts string

// lineEnd is where a paragraph goes on.
var lineEnd = regexp.MustCompile(`(\S)\n(\S)`)

// describe tells of a command and those below it at length, with examples.
func describe(cmd *cobra.Command) {
	_, text, _ := strings.Cut(commandTexts, "\n== "+cmd.CommandPath()+"\n")
	text, _, _ = strings.Cut(text, "\n== ")
	long, example, _ := strings.Cut(strings.TrimRight(text, "\n"), "\n\n-- for example\n")
	long = strings.ReplaceAll(lineEnd.ReplaceAllString(long, "$1 $2"), "{rules}", model.Listed(overridable()))
	cmd.Long, cmd.Example = strings.ReplaceAll(long, " {scenarios}", "\n"+scenarios()), example
	for _, sub := range cmd.Commands() {
		describe(sub)
	}
}

// scenarios lists them for the help.
func scenarios() string {
	var b strings.Builder
	for _, s := range tenants.Scenarios() {
		fmt.Fprintf(&b, "  %-22s %s\n", s.Name, s.About)
	}
	return b.String()
}
