package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/muesli/cancelreader"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
)

// consent is how somebody says yes to a plan: by typing, or beforehand by flags.
type consent struct {
	yes              bool
	checksum, reason string
	allow            []string
}

func (c *consent) register(cmd *cobra.Command) {
	set := cmd.Flags()
	set.BoolVar(&c.yes, "yes", false, "do not ask; with steps that take or grant, --checksum is needed too")
	set.StringVar(&c.checksum, "checksum", "", "run only the plan with this checksum")
	set.StringVar(&c.reason, "reason", "", "why, for the journal")
	set.StringSliceVar(&c.allow, "allow", nil, "rule of the guard to override (again for more)")
}

// present shows a plan where progress goes, because standard output is for the result.
func (p *program) present(plan *model.Plan) error {
	return report.PlanText(p.stderr, plan, report.PlanOptions{Colour: p.coloured(p.stderr)})
}

// refusedAlready stops a plan that the guard refused when it was made, before anybody is asked to agree to it. What is allowed
// now does not count against it; the run judges it again.
func refusedAlready(plan *model.Plan, allow []model.GuardRule) error {
	var lines []string
	for _, r := range plan.Guard.Refusals {
		if r.Rule.Overridable() && slices.Contains(allow, r.Rule) {
			continue
		}
		lines = append(lines, fmt.Sprintf("\n  %s: %s; %s", r.Rule, model.Visible(r.Text), model.Visible(r.Way)))
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New("the guard refuses the plan, and nothing was written:" + strings.Join(lines, ""))
}

// agreed reports why the plan must not run, nil if somebody said yes to exactly this one.
func (p *program) agreed(ctx context.Context, plan *model.Plan, c consent) error {
	consequences := plan.Takes() || plan.Grants()
	switch {
	case c.checksum != "" && c.checksum != plan.Checksum:
		return fmt.Errorf("--checksum is not that of this plan, which is %s; look at the plan again, nothing was written", plan.Checksum)
	case c.yes && consequences && c.checksum == "":
		return fmt.Errorf("the plan takes or grants access, so that --yes needs its checksum too, and nothing was written; "+
			"if the plan above is the one that you mean, add --checksum %s", plan.Checksum)
	case c.yes:
		return nil
	case !terminal(p.stdin):
		return errors.New("there is no terminal to ask on, and nothing was written; look at the plan, then add --yes" + needed(plan, consequences))
	}
	return p.ask(ctx, plan)
}

func needed(plan *model.Plan, consequences bool) string {
	if !consequences {
		return ""
	}
	return " --checksum " + plan.Checksum
}

// errNo: somebody was asked and did not say yes.
var errNo = errors.New("that was no yes; nothing was written")

// ask takes the exact words for yes and everything else for no.
func (p *program) ask(ctx context.Context, plan *model.Plan) error {
	word, hint := model.ConfirmWord(plan)
	if word == "" {
		word, hint = "yes", "type yes"
	}
	_, _ = fmt.Fprintf(p.stderr, "\nTo run it, %s (anything else is no): ", model.Visible(hint))
	// The read must end with the interrupt: one that is left behind takes the answer with which the terminal tells its colours
	// when the error is printed, and the program waits for that for ever.
	in, err := cancelreader.NewReader(p.stdin)
	if err != nil {
		return fmt.Errorf("the terminal cannot be read, and nothing was written: %w", err)
	}
	defer in.Close() //nolint:errcheck // the terminal itself stays open
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // an end without a line is no
		answer <- line
	}()
	select {
	case <-ctx.Done():
		if in.Cancel() {
			<-answer
		}
		_, _ = fmt.Fprintln(p.stderr)
		return context.Cause(ctx)
	case line := <-answer:
		if strings.TrimRight(line, "\r\n") != word || !strings.HasSuffix(line, "\n") {
			return errNo
		}
		return nil
	}
}
