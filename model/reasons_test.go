package model_test

import (
	"fmt"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestAReasonIsSaidOnce, with a few of the records that it is about, however many these are; the steps name them all.
func TestAReasonIsSaidOnce(t *testing.T) {
	t.Parallel()
	const why = "HTTP 500 from the service"
	g := newGuarded()
	for i := range 6 {
		g.w.tgroups = append(g.w.tgroups,
			model.Group{ID: fmt.Sprint("g-s", i), Name: fmt.Sprint("stray ", i), ExternalID: fmt.Sprint(800 + i)})
		s := onGroup(model.DeleteGroup, fmt.Sprint("g-s", i), fmt.Sprint("stray ", i))
		s.ID, s.Finding, s.BlastRadius.Unknown = fmt.Sprint("s", i+1), fmt.Sprintf("group-lingering/stray %d", i), why
		g.p.Steps = append(g.p.Steps, s)
	}
	c := g.w.compare()
	for i := range c.Target.Groups {
		c.Target.Groups[i].MembersUnknown = why
	}
	for i := range c.Findings {
		c.Findings[i].Contradicted = "the list lacks ana, the record lists ana"
	}
	c.Findings = append(c.Findings, model.Finding{
		ID:           "group-lingering/stray 0",
		Contradicted: "the list lacks ana, the record lists ana",
	})
	c.Source.Roles = append(c.Source.Roles, model.Role{Name: "stray 0", Grants: true})
	c.Source.Coverage[model.PartRules] = model.UnknownCoverage(why + ", too")
	g.c.Comparison = c
	want := map[model.GuardRule]string{
		model.RuleCoverage: "not read completely: source rules: unknown: HTTP 500 from the service, too",
		model.RuleNoBackup: "what would have to be given back is not all known: stray 0, stray 1, stray 2 and 3 " +
			"more: HTTP 500 from the service",
		model.RuleContradicted: "sources contradict each other: the list lacks ana, the record lists ana",
	}
	for _, r := range g.judge().Refusals {
		if text, listed := want[r.Rule]; listed && (r.Text != text || len(r.Steps) != len(g.p.Steps)) {
			t.Errorf("%s: %q for %v, want %q", r.Rule, r.Text, r.Steps, text)
		}
		delete(want, r.Rule)
	}
	if len(want) > 0 {
		t.Errorf("not refused by %v", want)
	}
}
