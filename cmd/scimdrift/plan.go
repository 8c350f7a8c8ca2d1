package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/style"
)

type planFlags struct {
	findings, kinds []string
	allow           []model.GuardRule
	repair          string
	filter          filter.Query
	output, out     string
	known           lastKnown
}

func (p *program) planCommand() *cobra.Command {
	var f planFlags
	cmd := command("plan", "Make a plan that ends findings: print it, save it, write nothing", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return p.plan(ctx, f) })
	set := cmd.Flags()
	set.StringArrayVar(&f.findings, "finding", nil, "finding to end, by its id in check -o json (again for more)")
	set.StringSliceVar(&f.kinds, "kind", nil, "kind of findings to end (again for more)")
	set.StringVar(&f.repair, "repair", "", "what to end them by (default the first that each offers)")
	allowFlag(cmd, &f.allow)
	filterFlag(cmd, &f.filter, "words and fields of findings to end, as on the board: sev:high by:maya (as --kind, "+
		"beside it)")
	formFlag(cmd, &f.output, "form of the plan", "text", "json", "markdown")
	set.StringVar(&f.out, "out", "", "save the plan to this file, to be run by apply")
	f.known.register(set)
	completeFlag(cmd, "finding", p.findingIDs)
	completeFlag(cmd, "kind", func(string) []string { return model.Texts(model.Kinds()) })
	completeFlag(cmd, "repair", func(string) []string { return model.Texts(model.RepairNames()) })
	return cmd
}

func (p *program) plan(ctx context.Context, f planFlags) error {
	query, err := f.query()
	if err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	r, err := p.readOrRestore(ctx, s, f.known)
	if err != nil {
		return err
	}
	if f.known.last {
		p.noteAge(r.Comparison, r.Age)
	}
	if !f.filter.Empty() {
		query.Filtered = f.filter.Findings(r.Comparison)
	}
	s.forgets = s.sim != nil || !s.connection.Remember // the plan is run by another process
	plan, err := export.PlanOf(ctx, r.Comparison, query, s.Plan, f.allow)
	if err != nil {
		return err
	}
	if err := p.writePlan(f.output, plan); err != nil {
		return err
	}
	if f.out != "" {
		if err := p.savePlan(plan, f.out); err != nil {
			return err
		}
	}
	switch {
	case !plan.Complete:
		p.code = exitIncomplete
	case len(plan.Steps) > 0:
		p.code = exitDrift
	}
	p.checkAge(f.known, r.Age)
	return nil
}

// query refuses names that nobody knows before anything is read; findings are looked up afterwards.
func (f planFlags) query() (plan.Query, error) {
	q := plan.Query{Findings: f.findings, Repair: model.RepairName(f.repair)}
	for _, name := range f.kinds {
		q.Kinds = append(q.Kinds, model.Kind(name))
	}
	_, _, err := plan.Select(&drift.Comparison{}, plan.Query{Kinds: q.Kinds, Repair: q.Repair})
	return q, err
}

// allowFlag is the flag for rules of the guard that are overridden.
func allowFlag(cmd *cobra.Command, to *[]model.GuardRule) {
	cmd.Flags().Var(&parsedFlag[[]model.GuardRule]{to, "", "", func(text string) ([]model.GuardRule, error) {
		more, err := parseGuardRules(strings.Split(text, ","))
		return append(*to, more...), err
	}}, "allow", "rule of the guard to override (again for more)")
	completeFlag(cmd, "allow", func(string) []string { return model.Texts(overridableRules()) })
}

func parseGuardRules(names []string) ([]model.GuardRule, error) {
	known := plan.GuardRules()
	var allow []model.GuardRule
	for _, name := range names {
		rule := model.GuardRule(name)
		switch {
		case !slices.Contains(known, rule):
			return nil, fmt.Errorf("the guard has no rule %q; --allow takes: %s%s", name,
				model.Listed(overridableRules()), model.DidYouMean(name, model.Texts(overridableRules())))
		case !plan.Overridable(rule):
			return nil, fmt.Errorf("nothing overrides the rule %s; --allow takes: %s", name,
				model.Listed(overridableRules()))
		}
		allow = append(allow, rule)
	}
	return allow, nil
}

func overridableRules() []model.GuardRule {
	return slices.DeleteFunc(slices.Clone(plan.GuardRules()),
		func(r model.GuardRule) bool { return !plan.Overridable(r) })
}

func (p *program) writePlan(form string, plan *model.Plan) error {
	switch form {
	case "json":
		return report.PlanJSON(p.stdout, plan)
	case "markdown":
		return report.PlanMarkdown(p.stdout, plan)
	}
	return report.PlanText(p.stdout, plan, p.paint(p.stdout))
}

// savePlan keeps the plan for apply, whatever form was printed.
func (p *program) savePlan(plan *model.Plan, path string) error {
	var b strings.Builder
	if err := report.PlanJSON(&b, plan); err != nil {
		return err
	}
	if err := replaceFile(path, []byte(b.String())); err != nil {
		return fmt.Errorf("the plan could not be saved: %w; choose another file with --out", err)
	}
	words := []string{"apply", fileOperand(path)}
	for _, rule := range plan.Guard.Overrides() {
		words = append(words, "--allow", string(rule))
	}
	if !p.flags.quiet {
		_, _ = fmt.Fprintf(p.stderr, "saved to %s; run it with: %s\n", model.Visible(path), p.commandLine("", words...))
	}
	return nil
}

// fileOperand is a file as a command takes it, whose name may begin as a flag does.
func fileOperand(path string) string {
	if strings.HasPrefix(path, "-") {
		return "./" + path
	}
	return path
}

// paint gives what is printed to a stream its colours; nil where none belong there.
func (p *program) paint(w any) report.Paint {
	if !isTerminal(w) || p.hasNoColour() || p.configuredPlain.Load() {
		return nil
	}
	return style.Print
}

func (p *program) hasNoColour() bool { return p.flags.noColor || os.Getenv("NO_COLOR") != "" }
