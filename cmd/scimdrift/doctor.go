package main

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/onelogin"
)

func (p *program) doctorCommand() *cobra.Command {
	var output string
	var f lastKnown
	cmd := command("doctor", "Check the set-up on both sides, and say what to mend and where", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return p.doctor(ctx, output, f) })
	formFlag(cmd, &output, "form of the report", "text", "json")
	f.register(cmd.Flags())
	return cmd
}

func (p *program) doctor(ctx context.Context, output string, f lastKnown) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	c, age, err := p.readForDoctor(ctx, s, f)
	if err != nil {
		return err
	}
	p.noteUnsettled(ctx, s)
	if output == "json" {
		err = report.ChecksJSON(p.stdout, s.connection.Name, c.Checks)
	} else {
		err = report.ChecksText(p.stdout, s.connection.Name, c.Checks, p.paint(p.stdout))
	}
	p.code = doctorCode(c)
	p.checkAge(f, age)
	return err
}

// readForDoctor reads both sides and asks the questions of doctor, or gives what was last known.
func (p *program) readForDoctor(
	ctx context.Context, s *session, f lastKnown,
) (c *drift.Comparison, age time.Duration, err error) {
	if f.last {
		if c, age, err = p.lastKnownComparison(ctx, s); err == nil {
			p.noteAge(c, age)
		}
		return c, age, err
	}
	if _, err = p.loadWithProgress(ctx, s); err != nil {
		return nil, 0, err
	}
	c, err = s.Probe(ctx)
	return c, 0, err
}

// doctorCode: a side that was not read leaves checks open, so that the result is not fine even where nothing is to
// mend.
func doctorCode(c *drift.Comparison) int {
	lost := func(coverages model.Coverages) bool { return coverages[model.PartUsers].State == model.Unknown }
	switch {
	case slices.ContainsFunc(c.Checks, func(check model.Check) bool { return check.Result == model.CheckMend }):
		return exitDrift
	case lost(c.Source.Coverage) || lost(c.Target.Coverage):
		return exitFailed
	}
	return exitOK
}

// locator leads to a place in either console. AWS's has no address that would fit every region and partition.
func locator(oneLoginURL string) func(app string, p model.Place) model.Location {
	console := onelogin.Console{URL: oneLoginURL}
	return func(app string, p model.Place) model.Location {
		switch p { //nolint:exhaustive // all others are OneLogin's
		case model.PlaceTarget:
			return model.Location{Menu: "AWS > IAM Identity Center > Settings > Automatic provisioning (other " +
				"targets: where SCIM tokens are made)"}
		case model.PlaceAccessControl:
			return model.Location{Menu: "AWS > IAM Identity Center > Settings > Attributes for access control"}
		case model.PlaceAssignments:
			return model.Location{Menu: "AWS > IAM Identity Center > AWS accounts > the account > Users and groups"}
		}
		return console.Place(app, p)
	}
}
