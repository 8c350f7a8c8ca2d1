package report

import (
	"cmp"
	"fmt"
	"io"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// DifferenceText writes what changed between two snapshots, one line each.
func DifferenceText(w io.Writer, d drift.Difference) error {
	t := newText(w, nil)
	if len(d.Changes) == 0 {
		t.linef("Nothing that was read completely in both differs.")
	} else {
		t.linef("%d differences", len(d.Changes))
	}
	section := ""
	for _, c := range d.Changes {
		if next := cmp.Or(map[string]string{model.AtSource: "OneLogin", model.AtTarget: "Target"}[c.Side],
			"Findings"); next != section {
			section = next
			t.linef("")
			t.linef("%s", section)
		}
		what := c.Type + " "
		if c.Side == "" {
			what = ""
		}
		line := fmt.Sprintf("  %-8s %s%s", c.What, what, model.Visible(c.Name))
		if c.Of != "" {
			line += " in " + model.Visible(c.Of)
		}
		t.linef("%s", line)
		for _, f := range c.Fields {
			before, now := model.Distinct(f.Before, f.After)
			t.linef("           %s: %q is %q now", model.Visible(f.Name), model.Visible(before), model.Visible(now))
		}
	}
	if len(d.Open)+len(d.Unknown) > 0 {
		t.linef("")
		t.linef("Not compared, because one of the two did not read it completely")
	}
	for _, part := range d.Open {
		t.linef("  %s", model.Visible(part))
	}
	for _, group := range d.Unknown {
		t.linef("  members of %s", model.Visible(group))
	}
	return t.flush("differences")
}

//nolint:embeddedstructfieldcheck // the schema stands first in all our JSON
type jsonDifference struct {
	Schema int `json:"schema"`
	drift.Difference
}

// DifferenceJSON writes the same as JSON, schema 1: changes with side, type, what, name, of and fields, open, the parts
// that could not be compared, and members_unknown, the groups whose members could not. Names are raw.
func DifferenceJSON(w io.Writer, d drift.Difference) error {
	d.Changes, d.Open, d.Unknown = model.EmptyIfNone(d.Changes), model.EmptyIfNone(d.Open), model.EmptyIfNone(d.Unknown)
	return writeJSON(w, jsonDifference{1, d}, "differences")
}
