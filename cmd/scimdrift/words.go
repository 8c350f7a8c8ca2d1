package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// What somebody may type: the hint at what was meant, and what the shell completes it to.

// form is a flag that takes one of a few words.
func form(cmd *cobra.Command, to *string, usage string, words ...string) {
	cmd.Flags().StringVarP(to, "output", "o", words[0], usage+": "+orList(words))
	completes(cmd, "output", func(string) []string { return words })
}

// unknownForm is the error of a form that there is not.
func unknownForm(word string, words ...string) error {
	return fmt.Errorf("-o takes %s, and not %s%s", orList(words), model.Visible(word), model.DidYouMean(word, words))
}

func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// completes says what a flag's value can be; it asks nobody.
func completes(cmd *cobra.Command, flag string, words func(typed string) []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion,
		cobra.ShellCompDirective,
	) {
		return beginning(words(typed), typed), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag does not exist
	}
}

func beginning(words []string, typed string) (out []cobra.Completion) {
	for _, w := range words {
		if strings.HasPrefix(w, typed) && w == model.Visible(w) {
			out = append(out, w)
		}
	}
	return out
}

// completesFilter lets the shell complete the last word of a filter.
func (p *program) completesFilter(cmd *cobra.Command) {
	err := cmd.RegisterFlagCompletionFunc("filter",
		func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			before, words := filter.Complete(typed, nil)
			out := make([]cobra.Completion, 0, len(words))
			for _, w := range words {
				out = append(out, before+w)
			}
			return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		})
	if err != nil {
		panic(err) // the flag does not exist
	}
}

// completeCommon is for the flags that every command has.
func (p *program) completeCommon(root *cobra.Command) {
	completes(root, "connection", func(string) []string {
		file, err := p.configuration()
		if err != nil {
			return nil
		}
		return file.Names()
	})
	completes(root, "scenario", func(string) []string { return scenarioNames() })
	completes(root, "from", func(string) []string { return []string{"roles", "rules", "auto"} })
}

func scenarioNames() []string {
	scenarios := tenants.Scenarios()
	out := make([]string, 0, len(scenarios))
	for _, s := range scenarios {
		out = append(out, s.Name)
	}
	return out
}

// findingIDs are those of what was last known of the connection; nothing is read for them.
func (p *program) findingIDs(string) []string {
	file, name, err := p.chosen()
	if err != nil {
		return nil
	}
	c, err := file.Checked(name)
	if err != nil {
		return nil
	}
	kept, err := state.Open(state.OS(), p.state, memoryOf(&c)).Reading()
	if err != nil || kept == nil {
		return nil
	}
	comparison := setup.CompareReading(&kept.Reading, drift.Options{Groups: c.Groups, Fields: c.Compare})
	out := make([]string, 0, len(comparison.Findings))
	for i := range comparison.Findings {
		out = append(out, comparison.Findings[i].ID)
	}
	return out
}

// completeRuns completes the run that a command takes as its argument.
func (p *program) completeRuns(_ *cobra.Command, args []string, typed string) ([]cobra.Completion,
	cobra.ShellCompDirective,
) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := []string{lastRun}
	if runs, err := journal.Open(state.OS(), p.state, journal.Options{}).Runs(""); err == nil {
		for _, r := range named(runs, p.flags.connection) {
			ids = append(ids, r.ID)
		}
	}
	return beginning(ids, typed), cobra.ShellCompDirectiveNoFileComp
}

// knownCommand refuses a word where a command should stand.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s has no command %s; %s --help lists them%s",
		cmd.CommandPath(), model.Visible(args[0]), cmd.CommandPath(), model.DidYouMean(args[0], commandNames(cmd)))
}

func commandNames(cmd *cobra.Command) (names []string) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// unknownFlag hints at the flag that was meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	missing := (*pflag.NotExistError)(nil)
	if !errors.As(err, &missing) || missing.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return fmt.Errorf("%w; %s --help lists them%s", err, cmd.CommandPath(),
		model.DidYouMean("--"+missing.GetSpecifiedName(), names))
}
