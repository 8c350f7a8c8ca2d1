package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

type historyFlags struct {
	settle, purge bool
	output        string
}

func (p *program) historyCommand() *cobra.Command {
	var f historyFlags
	cmd := command("history [RUN]",
		"List earlier runs, or show one with its steps; settle what a killed one left in doubt", cobra.MaximumNArgs(1),
		func(ctx context.Context, args []string) error {
			return p.history(ctx, strings.Join(args, ""), f) // one at most
		})
	set := cmd.Flags()
	set.BoolVar(&f.settle, "settle", false, "read what became of the steps in doubt of RUN")
	set.BoolVar(&f.purge, "purge", false, "remove runs older than 90 days that left nothing in doubt, and what was "+
		"last known of connections")
	formFlag(cmd, &f.output, "form (markdown for one run only)", "text", "json", "markdown")
	cmd.ValidArgsFunction = p.completeRuns
	return cmd
}

func (p *program) history(ctx context.Context, id string, f historyFlags) error {
	switch {
	case f.output == "markdown" && id == "":
		return errors.New("-o markdown writes one run, for a ticket: scimdrift history RUN -o markdown")
	case f.settle && id == "":
		return errors.New("--settle needs the run that it is about: scimdrift history RUN --settle")
	case f.purge && id != "":
		return errors.New("--purge is about all runs; leave RUN away")
	case f.settle:
		return p.settle(ctx, id, f)
	}
	store, err := p.requireJournal()
	if err != nil {
		return err
	}
	if f.purge {
		return p.purge(store)
	}
	runs, err := store.Runs("")
	if err != nil {
		return err
	}
	runs = runsOfConnection(runs, p.flags.connection)
	if id == "" {
		return p.printRuns(runs, f)
	}
	if id != lastRun {
		run, err := store.Run(id)
		if err != nil {
			return err
		}
		return p.printRun(&run, f)
	}
	if len(runs) == 0 {
		return errors.New("there was no run yet; `scimdrift plan` makes what can be run")
	}
	return p.printRun(&runs[0], f)
}

// runsOfConnection are the runs of the connection of that name, of all if it is empty. A journal whose head is damaged
// tells no name: it may be any connection's.
func runsOfConnection(runs []model.Run, name string) []model.Run {
	return slices.DeleteFunc(runs, func(r model.Run) bool {
		return name != "" && r.Plan.Connection != "" && r.Plan.Connection != name
	})
}

// requireJournal opens the journals of this machine. A demo's are gone with it.
func (p *program) requireJournal() (*journal.Store, error) {
	if p.flags.demo {
		return nil, errors.New("a demo keeps its runs only while it runs; look at them on its board, under History")
	}
	return p.journalStore(), nil
}

func (p *program) journalStore() *journal.Store { return journal.Open(state.OS(), p.state, time.Now) }

func (p *program) printRuns(runs []model.Run, f historyFlags) error {
	if f.output == "json" {
		return report.RunsJSON(p.stdout, runs)
	}
	for i := range runs {
		if r := &runs[i]; r.InDoubt() {
			on := cmp.Or(model.Visible(r.Plan.Connection), "a connection whose name is lost")
			if err := p.print("Not settled: run %s on %s. Nothing new runs there before: %s\n\n", r.ID, on,
				p.settleCommand(r)); err != nil {
				return err
			}
		}
	}
	return report.RunsText(p.stdout, runs, p.paint(p.stdout))
}

func (p *program) settleCommand(run *model.Run) string {
	return p.commandLine(run.Plan.Connection, "history", run.ID, "--settle")
}

func (p *program) printRun(run *model.Run, f historyFlags) error {
	switch f.output {
	case "json":
		return report.RunJSON(p.stdout, run)
	case "markdown":
		return report.RunMarkdown(p.stdout, run)
	}
	return report.RunText(p.stdout, run, p.settleCommand(run), p.paint(p.stdout))
}

func (p *program) purge(store *journal.Store) error {
	n, err := store.Purge(time.Now().Add(-journal.Kept))
	if err != nil {
		return err
	}
	forgotten, err := state.ForgetReadings(state.OS(), p.state, time.Now())
	if err != nil {
		return err
	}
	return p.print("%d runs removed. What was last known was removed of %d connections.\n", n, forgotten)
}

// settle reads what became of the steps in doubt. It reads only.
func (p *program) settle(ctx context.Context, id string, f historyFlags) error {
	return p.withRun(ctx, id, func(s *session, run model.Run) error {
		if _, err := s.restore(ctx); err != nil {
			return err
		}
		run, err := s.Settle(ctx, run.ID)
		if run.ID != "" {
			err = errors.Join(p.printRun(&run, f), err)
		}
		return err
	})
}

func (p *program) withRun(ctx context.Context, id string, do func(*session, model.Run) error) error {
	if _, err := p.requireJournal(); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	run, err := s.findRun(ctx, id)
	if err == nil {
		err = s.requireOwnPlan(ctx, run.Plan)
	}
	if err != nil {
		return err
	}
	return do(s, run)
}
