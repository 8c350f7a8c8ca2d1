package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/report"
)

type checkFlags struct {
	output string
	filter filter.Query
	all    bool
	known  lastKnown
}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := command("check", "Read both sides, compare them and print what differs", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return p.check(ctx, f) })
	set := cmd.Flags()
	formFlag(cmd, &f.output, "form of the report", "text", "json", "markdown", "csv")
	set.BoolVar(&f.all, "all", false, "every connection of the configuration, one after the other by name")
	filterFlag(cmd, &f.filter, "report only what matches, as on the board: words, sev:high, by:maya, !is:user")
	f.known.register(set)
	return cmd
}

func (p *program) check(ctx context.Context, f checkFlags) error {
	if f.all {
		return p.checkAll(ctx, f)
	}
	r, err := p.openAndCheck(ctx, p.flags.connection, f.known)
	if err != nil {
		return err
	}
	r.Filter = f.filter
	if err := p.printReport(r, f.output); err != nil {
		return err
	}
	p.checkAge(f.known, r.Age)
	return nil
}

// openAndCheck opens a connection and looks at both sides once.
func (p *program) openAndCheck(ctx context.Context, name string, f lastKnown) (report.Report, error) {
	s, err := p.openNamed(ctx, name)
	if err != nil {
		return report.Report{Connection: name}, err
	}
	defer s.close()
	r, err := p.readOrRestore(ctx, s, f)
	r.Connection = s.connection.Name
	return r, err
}

// checkAll reports on every connection. One that cannot be read keeps none of the others from it.
func (p *program) checkAll(ctx context.Context, f checkFlags) error {
	if p.flags.demo || p.flags.connection != "" {
		return errors.New("--all is about every connection of the configuration; leave --connection and --demo away")
	}
	file, err := p.configuration()
	if err != nil {
		return err
	}
	names := file.Names()
	if len(names) == 0 {
		_, err := file.Choose("")
		return err
	}
	var all []report.Outcome
	failed := false
	for _, name := range names {
		r, err := p.openAndCheck(ctx, name, f.known)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r.Filter = f.filter
		all = append(all, report.Outcome{Report: r, Err: err})
		if err != nil {
			failed = true
			_, _ = fmt.Fprintf(p.stderr, "scimdrift: %s: %s\n", model.Visible(name), harmless(err))
			continue
		}
		p.setExitCode(r)
		p.checkAge(f.known, r.Age)
	}
	if failed {
		p.code = exitFailed
	}
	return p.writeAll(f.output, all)
}

// readOrRestore gives what was last known where the flags ask for that, else it reads both sides.
func (p *program) readOrRestore(ctx context.Context, s *session, f lastKnown) (report.Report, error) {
	if !f.last {
		return p.readBothSides(ctx, s)
	}
	c, age, err := p.lastKnownComparison(ctx, s)
	if err != nil {
		return report.Report{}, err
	}
	p.noteUnsettled(ctx, s)
	return report.Report{Connection: s.connection.Name, ReadAt: c.Health().At, Age: age, Comparison: c}, nil
}

// readBothSides reads both sides once. It fails if neither could be read.
func (p *program) readBothSides(ctx context.Context, s *session) (report.Report, error) {
	started := time.Now()
	c, err := p.loadWithProgress(ctx, s)
	if err != nil {
		return report.Report{}, err
	}
	p.noteUnsettled(ctx, s)
	r := report.Report{
		Connection: s.connection.Name, ReadAt: c.Source.ReadAt, Duration: time.Since(started), Comparison: c,
	}
	if r.Unreadable() {
		return r, fmt.Errorf("neither side could be read\n  OneLogin: %s\n  target: %s",
			model.Visible(c.Source.Coverage[model.PartUsers].Reason),
			model.Visible(c.Target.Coverage[model.PartUsers].Reason))
	}
	return r, nil
}

// loadWithProgress reads both sides once, and shows how that goes.
func (p *program) loadWithProgress(ctx context.Context, s *session) (*drift.Comparison, error) {
	s.warnOfCallCost()
	progress := p.newProgress(s)
	defer progress.clear()
	return s.Load(ctx, progress.watch())
}

func (p *program) printReport(r report.Report, form string) error {
	if err := writeReport(p.stdout, form, r, p.paint(p.stdout)); err != nil {
		return err
	}
	p.setExitCode(r)
	return nil
}

// setExitCode makes the exit code that of a report, unless an earlier one was worse.
func (p *program) setExitCode(r report.Report) {
	switch {
	case !r.Complete():
		p.code = exitIncomplete
	case r.Drift():
		p.code = max(p.code, exitDrift) // what was not read is worse, and a larger number
	}
}

func (p *program) writeAll(form string, all []report.Outcome) error {
	switch form {
	case "json":
		return report.AllJSON(p.stdout, all)
	case "csv":
		return report.AllCSV(p.stdout, all)
	}
	said := false
	for i := range all {
		if all[i].Err != nil { // it stands on standard error
			continue
		}
		if said {
			if err := p.print("\n"); err != nil {
				return err
			}
		}
		if err := writeReport(p.stdout, form, all[i].Report, p.paint(p.stdout)); err != nil {
			return err
		}
		said = true
	}
	return nil
}

func writeReport(w io.Writer, form string, r report.Report, paint report.Paint) error {
	switch form {
	case "json":
		return report.JSON(w, r)
	case "markdown":
		return report.Markdown(w, r)
	case "csv":
		return report.CSV(w, r)
	}
	return report.Text(w, r, paint)
}
