package model_test

import (
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Whoever looks at a source that shrank, or with a configuration that is wrong, does not make that the measure for the
// next look: for a day it is still what it was before.
func TestShrunkIsNotForgottenByLookingTwice(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	stray := onGroup(model.DeleteGroup, "g-x", "stray")
	for name, test := range map[string]struct {
		// after is how long after the last good read the plan is judged; there were looks every hour.
		after time.Duration
		users int
		// other is what the configuration was at the good read, tried what it was in between.
		other, tried string
		want         model.GuardRule
	}{
		"nothing was lost":                 {2 * time.Hour, 20, "", "", ""},
		"users were lost":                  {2 * time.Hour, 50, "", "", model.RuleShrunk},
		"users were lost the day before":   {26 * time.Hour, 50, "", "", ""},
		"other groups were meant":          {2 * time.Hour, 20, "other", "", model.RuleShrunk},
		"others were tried in between":     {2 * time.Hour, 20, "", "other", ""},
		"others were meant the day before": {26 * time.Hour, 20, "other", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuarded(stray)
			g.c.Comparison = nil
			src, tgt := g.w.sides(testOptions())
			c := asked(src, tgt, testOptions())
			digest := g.c.Groups.Digest()
			sizes, _ := c.Sizes()
			before := map[string]int{model.PartUsers.String(): test.users * sizes[model.PartUsers.String()] / 20}
			was, by := digest, digest
			if test.other != "" {
				was = test.other
			}
			if test.tried != "" {
				by = test.tried
			}
			var b model.Baseline
			b.Remember(start, before, was)
			for at := time.Hour; at <= test.after; at += time.Hour {
				b.Remember(start.Add(at), sizes, by)
				b.At, b.Source, b.Groups = start.Add(at), sizes, by
			}
			g.p.MadeAt = start.Add(test.after)
			v := plan.Judge(g.p, plan.Circumstances{
				Comparison: c, Guard: model.Guard{MaxDeletes: 100, MaxRemovals: 100, MaxGrants: 100, MaxPercent: 50},
				Groups:   g.c.Groups,
				Baseline: &b, Now: g.p.MadeAt,
			})
			got := model.GuardRule("")
			for _, r := range v.Refusals {
				got = r.Rule
			}
			if got != test.want {
				t.Errorf("refused by %q, want %q: %+v", got, test.want, v.Refusals)
			}
		})
	}
}
