package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
)

func (p *program) checkCommand() *cobra.Command {
	var output string
	var f lastKnown
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Read both sides, compare them and print what differs",
		Long: "Read both sides, compare them and print what differs.\n\nExit code 0: in sync. 2: drift. 3: a part could " +
			"not be read completely " +
			"(a report is printed\nall the same), or what --last answers from is older than --max-age. 1: usage, " +
			"configuration, neither side could be read,\nor nothing is kept that --last could answer from.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.check(cmd.Context(), output, f) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "form of the report: text, json, markdown or csv")
	f.register(cmd.Flags())
	return cmd
}

func (p *program) check(ctx context.Context, output string, f lastKnown) error {
	write, err := p.writer(output)
	if err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return p.print(ctx, s, write, f)
}

// look gives what was last known where the flags ask for that, else it reads both sides.
func (p *program) look(ctx context.Context, s *session, f lastKnown) (report.Report, error) {
	if !f.last {
		return p.read(ctx, s)
	}
	c, age, err := p.known(ctx, s)
	if err != nil {
		return report.Report{}, err
	}
	s.unsettled(ctx)
	return report.Report{Connection: s.connection.Name, ReadAt: c.Health().At, Age: age, Comparison: c}, nil
}

// read reads both sides once. It fails if neither could be read.
func (p *program) read(ctx context.Context, s *session) (report.Report, error) {
	said := s.warn(time.Now())
	progress := p.newProgress()
	started := time.Now()
	c, err := s.loader.Load(ctx, s.foresee(progress, said))
	progress.clear()
	if err != nil {
		return report.Report{}, err
	}
	s.stands(c) //nolint:contextcheck // what is known is kept also where the command was cancelled
	s.spent(c)
	s.unsettled(ctx)
	r := report.Report{
		Connection: s.connection.Name, ReadAt: c.Source.ReadAt, Duration: time.Since(started),
		Comparison: c,
	}
	if r.Unreadable() {
		return r, fmt.Errorf("neither side could be read\n  OneLogin: %s\n  target: %s",
			model.Visible(c.Source.Coverage[model.PartUsers].Reason), model.Visible(c.Target.Coverage[model.PartUsers].Reason))
	}
	return r, nil
}

// print looks at both sides once, prints the report and decides on the exit code.
func (p *program) print(ctx context.Context, s *session, write func(report.Report) error, f lastKnown) error {
	r, err := p.look(ctx, s, f)
	if err != nil {
		return err
	}
	if err := p.reported(r, write); err != nil {
		return err
	}
	p.aged(f, r.Age)
	return nil
}

// reported prints a report and decides on the exit code.
func (p *program) reported(r report.Report, write func(report.Report) error) error {
	if err := write(r); err != nil {
		return err
	}
	switch {
	case !r.Complete():
		p.code = exitIncomplete
	case r.Drift():
		p.code = exitDrift
	}
	return nil
}

// writer picks the form of the report.
func (p *program) writer(output string) (func(report.Report) error, error) {
	switch output {
	case "text":
		return func(r report.Report) error { return report.Text(p.stdout, r, p.coloured(p.stdout)) }, nil
	case "json":
		return func(r report.Report) error { return report.JSON(p.stdout, r) }, nil
	case "markdown":
		return func(r report.Report) error { return report.Markdown(p.stdout, r) }, nil
	case "csv":
		return func(r report.Report) error { return report.CSV(p.stdout, r) }, nil
	default:
		return nil, errors.New("-o takes text, json, markdown or csv")
	}
}
