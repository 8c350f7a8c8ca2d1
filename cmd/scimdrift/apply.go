package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/muesli/cancelreader"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/repair"
)

func (p *program) apply(ctx context.Context, file string, c consent) error {
	plan, err := p.readPlan(file)
	if err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.requireOwnPlan(ctx, plan); err != nil {
		return err
	}
	if len(plan.Steps) == 0 {
		return p.printEmptyPlan(plan)
	}
	// The run asks again itself: it must not rest on what was there when somebody was asked.
	if _, err := s.restore(ctx); err != nil {
		return err
	}
	repairer, err := s.sharedRepairer(ctx)
	if err != nil {
		return err
	}
	shown, err := repairer.Review(plan, c.allow)
	if err != nil {
		return err
	}
	return p.showAndRun(ctx, s, plan, shown, c)
}

func (p *program) readPlan(file string) (*model.Plan, error) {
	data, err := p.readFile(file)
	if err != nil {
		return nil, fmt.Errorf("the plan cannot be read: %w; make one with: scimdrift plan --out FILE", err)
	}
	plan, err := model.ReadPlan(data)
	if err == nil && plan.Undoes != "" {
		// It rests on the journal in place of the source, so that it is made from the journal each time and never
		// saved.
		err = errors.New("the plan takes back a run, and none of those is ever saved; run the way back with: " +
			"scimdrift undo RUN")
	}
	return plan, err
}

// readFile reads a file, or standard input where it is called -.
func (p *program) readFile(file string) ([]byte, error) {
	const most = 64 << 20
	in := p.stdin
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the operator's own choice of file
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if len(data) > most {
		err = errors.New("it is larger than 64 MB, which no plan is")
	}
	return data, err
}

// requireOwnPlan refuses a plan of another connection: the same ids can mean other people there.
func (s *session) requireOwnPlan(ctx context.Context, plan *model.Plan) error {
	own, err := s.fingerprint(ctx)
	if err != nil {
		return err
	}
	if plan.Fingerprint == own {
		return nil
	}
	name := model.Visible(plan.Connection)
	way := "make one here with: scimdrift plan --out FILE"
	if plan.Connection != s.connection.Name {
		way = "choose its connection with --connection " + name
	}
	return fmt.Errorf("the plan is for connection %s (%.12s), and this is %s (%.12s): other addresses or another "+
		"app; %s",
		name, model.Visible(plan.Fingerprint), s.connection.Name, own, way)
}

// showAndRun shows a plan, lets somebody agree to it, runs it and prints what became of it. shown is the plan as it is
// agreed to, under the checksum that stands for it.
func (p *program) showAndRun(ctx context.Context, s *session, plan, shown *model.Plan, c consent) error {
	// Why a plan has no step is its result, and no progress to be quiet about.
	if !p.flags.quiet || !c.yes || len(plan.Steps) == 0 && len(plan.LeftOut) > 0 {
		// Progress goes there, because standard output is for the result.
		if err := report.PlanText(p.stderr, shown, p.paint(p.stderr)); err != nil {
			return err
		}
	}
	if len(plan.Steps) == 0 {
		return p.printEmptyPlan(plan)
	}
	if len(shown.Guard.Refusals) > 0 {
		return &repair.RefusedError{Verdict: shown.Guard}
	}
	if err := p.checkConsent(ctx, shown, c); err != nil {
		return err
	}
	progress := p.newProgress(s)
	s.loader.WatchReads(progress.watch())
	n := &narrator{program: p, plan: plan, progress: progress, printed: map[string]bool{}}
	run, err := s.run(ctx, plan, repair.RunOptions{
		Reason: c.reason, Allow: append(c.allow, shown.Guard.Overrides()...), Watch: n.watch,
	})
	progress.clear()
	if run.ID == "" {
		return err
	}
	// Whatever ended the run: what was done is printed first.
	if printed := p.printRun(&run, historyFlags{}); printed != nil {
		err = errors.Join(err, printed)
	}
	if run.State != model.RunDone {
		p.code = exitUnconfirmed
	}
	if err != nil {
		_, _ = fmt.Fprintln(p.stderr, "scimdrift:", harmless(err))
		p.code = exitUnconfirmed
	}
	return nil
}

// printEmptyPlan is the end of a plan without steps. What was left out is no success.
func (p *program) printEmptyPlan(plan *model.Plan) error {
	switch {
	case len(plan.LeftOut) > 0 && plan.Undoes != "":
		_, _ = fmt.Fprintln(p.stderr, "scimdrift: nothing of the run can be taken back; why stands above")
		p.code = exitUnconfirmed
		return nil
	case len(plan.LeftOut) > 0:
		return errors.New("the plan has no step; scimdrift plan says why each finding was left out")
	}
	if plan.Undoes != "" {
		return p.print("Nothing of the run is left to take back.\n")
	}
	return p.print("There is nothing to do.\n")
}

// consent is how somebody says yes to a plan: by typing, or beforehand by flags.
type consent struct {
	yes              bool
	checksum, reason string
	allow            []model.GuardRule
}

// runCommand is a command that runs a plan once somebody has agreed to it.
func runCommand(use, short string, run func(ctx context.Context, arg string, c consent) error) *cobra.Command {
	var c consent
	cmd := command(use, short, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return run(ctx, args[0], c)
	})
	set := cmd.Flags()
	set.BoolVar(&c.yes, "yes", false, "do not ask; with steps that take or grant, --checksum is needed too")
	set.StringVar(&c.checksum, "checksum", "", "run only the plan with this checksum")
	set.StringVar(&c.reason, "reason", "", "why, for the journal")
	allowFlag(cmd, &c.allow)
	return cmd
}

// checkConsent reports why the plan must not run, nil if somebody said yes to exactly this one.
func (p *program) checkConsent(ctx context.Context, plan *model.Plan, c consent) error {
	consequences := plan.Takes() || plan.Grants()
	switch {
	case c.checksum != "" && c.checksum != plan.Checksum:
		return fmt.Errorf("--checksum is not that of this plan, which is %s; look at the plan again, nothing was "+
			"written",
			plan.Checksum)
	case c.yes && consequences && c.checksum == "":
		return fmt.Errorf("the plan takes or grants access, so that --yes needs its checksum too, and nothing was "+
			"written; if the plan above is the one that you mean, add --checksum %s", plan.Checksum)
	case c.yes:
		return nil
	case !isTerminal(p.stdin):
		way := "--yes"
		if consequences {
			way += " --checksum " + plan.Checksum
		}
		return fmt.Errorf("there is no terminal to ask on, and nothing was written; look at the plan, then add %s", way)
	}
	return p.askConsent(ctx, plan)
}

// askConsent takes the exact words for yes and everything else for no.
func (p *program) askConsent(ctx context.Context, plan *model.Plan) error {
	word, hint := model.ConfirmWord(plan)
	if word == "" {
		word, hint = "yes", "type yes"
	}
	_, _ = fmt.Fprintf(p.stderr, "\nTo run it, %s (anything else is no): ", model.Visible(hint))
	// The read must end with the interrupt: one that is left behind takes the answer with which the terminal tells its
	// colours when the error is printed, and the program waits for that for ever.
	in, err := cancelreader.NewReader(p.stdin)
	if err != nil {
		return fmt.Errorf("the terminal cannot be read, and nothing was written: %w", err)
	}
	defer in.Close() //nolint:errcheck // the terminal itself stays open
	defer context.AfterFunc(ctx, func() { in.Cancel() })()
	line, _ := bufio.NewReader(in).ReadString('\n') // an end without a line is no
	switch {
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(p.stderr)
		return context.Cause(ctx)
	case strings.TrimRight(line, "\r\n") != word || !strings.HasSuffix(line, "\n"):
		return errors.New("that was no yes; nothing was written")
	}
	return nil
}
