package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state"
)

// What somebody may type: the hint at what was meant, and what the shell completes it to.

// parsedFlag is a flag whose text is read, and refused, before the command begins.
type parsedFlag[T any] struct {
	to          *T
	text        string // as it was typed, or the default
	errorPrefix string // what its errors begin with
	parse       func(text string) (T, error)
}

func (f *parsedFlag[T]) String() string { return f.text }
func (*parsedFlag[T]) Type() string     { return "string" }

// Set implements pflag.Value. Its errors say all that there is to say.
func (f *parsedFlag[T]) Set(text string) error {
	value, err := f.parse(text)
	if err != nil {
		return &misreadError{f.errorPrefix + err.Error()}
	}
	*f.to, f.text = value, text
	return nil
}

// misreadError is the error of a flag of ours, which needs no words of the library around it.
type misreadError struct{ text string }

func (e *misreadError) Error() string { return e.text }

func choiceFlag(cmd *cobra.Command, set *pflag.FlagSet, to *string, name, short, usage string, words []string) {
	shown := "--" + name
	if short != "" {
		shown = "-" + short
	}
	set.VarP(&parsedFlag[string]{to, *to, "", func(word string) (string, error) {
		if !slices.Contains(words, word) {
			return "", fmt.Errorf("%s takes %s, and not %s%s", shown, orList(words), model.Visible(word),
				model.DidYouMean(word, words))
		}
		return word, nil
	}}, name, short, usage+": "+orList(words))
	completeFlag(cmd, name, func(string) []string { return words })
}

// formFlag is the flag for the form of what is printed.
func formFlag(cmd *cobra.Command, to *string, usage string, words ...string) {
	*to = words[0]
	choiceFlag(cmd, cmd.Flags(), to, "output", "o", usage, words)
}

// filterFlag is a flag that takes a filter, whose last word the shell completes.
func filterFlag(cmd *cobra.Command, to *filter.Query, usage string) {
	cmd.Flags().Var(&parsedFlag[filter.Query]{to, "", "--filter: ", filter.Parse}, "filter", usage)
	completeFlag(cmd, "filter", func(typed string) []string {
		before, last := filter.Complete(typed, nil)
		return model.Map(last, func(word *string) string { return before + *word })
	}, cobra.ShellCompDirectiveNoSpace)
}

func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// completeFlag says what a flag's value can be; it asks nobody.
func completeFlag(
	cmd *cobra.Command, flag string, words func(typed string) []string, more ...cobra.ShellCompDirective,
) {
	how := cobra.ShellCompDirectiveNoFileComp
	for _, m := range more {
		how |= m
	}
	err := cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion,
		cobra.ShellCompDirective,
	) {
		return withPrefix(words(typed), typed), how
	})
	if err != nil {
		panic(err) // the flag does not exist
	}
}

func withPrefix(words []string, typed string) (out []cobra.Completion) {
	for _, w := range words {
		if strings.HasPrefix(w, typed) && w == model.Visible(w) {
			out = append(out, w)
		}
	}
	return out
}

func (p *program) connectionNames(string) []string {
	file, err := p.configuration()
	if err != nil {
		return nil
	}
	return file.Names()
}

func scenarioNames() []string {
	return model.Map(tenants.Scenarios(), func(s *tenants.Scenario) string { return s.Name })
}

// findingIDs are those of what was last known of the connection; nothing is read for them.
func (p *program) findingIDs(string) []string {
	file, name, err := p.chosenConnection()
	if err != nil {
		return nil
	}
	c, err := file.Checked(name)
	if err != nil {
		return nil
	}
	kept, err := state.Open(state.OS(), p.state, stateKeyOf(&c)).Reading()
	if err != nil || kept == nil {
		return nil
	}
	options := drift.Options{Groups: c.Groups, Fields: c.Compare}
	return setup.CompareReading(&kept.Reading, kept.Rosters, options).FindingIDs()
}

func (p *program) completeRuns(_ *cobra.Command, args []string, typed string) ([]cobra.Completion,
	cobra.ShellCompDirective,
) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := []string{lastRun}
	if runs, err := p.journalStore().Runs(""); err == nil {
		for _, r := range runsOfConnection(runs, p.flags.connection) {
			ids = append(ids, r.ID)
		}
	}
	return withPrefix(ids, typed), cobra.ShellCompDirectiveNoFileComp
}

func rejectUnknownCommand(cmd *cobra.Command, args []string) error {
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

// explainWrongArgs has every command say what it was given, and how it is called, where it takes something else.
func explainWrongArgs(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		explainWrongArgs(sub)
	}
	if cmd.HasSubCommands() && !cmd.Runnable() {
		cmd.Args, cmd.RunE = rejectUnknownCommand, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	takes := cmd.Args
	if takes == nil || cmd.HasSubCommands() {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		switch err := takes(cmd, args); {
		case err == nil:
			return nil
		case len(args) == 0 || takes(cmd, append(slices.Clone(args), args[0])) == nil:
			return fmt.Errorf("%s needs more than that; call it as %s", cmd.CommandPath(), cmd.UseLine())
		default:
			return fmt.Errorf("%s does not take %s; call it as %s%s", cmd.CommandPath(),
				model.Visible(strings.Join(args, " ")), cmd.UseLine(), model.DidYouMean(args[0], cmd.ValidArgs))
		}
	}
}

func explainUnknownFlag(cmd *cobra.Command, err error) error {
	if ours, ok := errors.AsType[*misreadError](err); ok {
		return ours
	}
	missing := (*pflag.NotExistError)(nil)
	if !errors.As(err, &missing) || missing.GetSpecifiedShortnames() != "" {
		return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
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
