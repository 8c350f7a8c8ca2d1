package model

import (
	"fmt"
	"testing"
)

// TestAReasonIsSaidOnce, with a few of the records that it is about, however many these are; the steps name them all.
func TestAReasonIsSaidOnce(t *testing.T) {
	t.Parallel()
	const why = "HTTP 500 from the service"
	g := newGuarded()
	for i := range 6 {
		g.w.tgroups = append(g.w.tgroups,
			Group{ID: fmt.Sprint("g-s", i), Name: fmt.Sprint("stray ", i), ExternalID: fmt.Sprint(800 + i)})
		s := onGroup(DeleteGroup, fmt.Sprint("g-s", i), fmt.Sprint("stray ", i))
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
	c.Findings = append(c.Findings, Finding{
		ID:           "group-lingering/stray 0",
		Contradicted: "the list lacks ana, the record lists ana",
	})
	c.Source.Roles = append(c.Source.Roles, Role{Name: "stray 0", Grants: true})
	c.Source.Coverage[PartRules] = UnknownCoverage(why + ", too")
	g.c.Comparison = c
	want := map[GuardRule]string{
		RuleCoverage:     "not read completely: source rules: unknown: HTTP 500 from the service, too",
		RuleNoBackup:     "what would have to be given back is not all known: stray 0, stray 1, stray 2 and 3 more: HTTP 500 from the service",
		RuleContradicted: "witnesses contradict each other: the list lacks ana, the record lists ana",
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
