package model_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// TestAWorseReadTakesNothingAway: whatever failed in the later read, each part is the later one's unless the older one
// knew more of it, with the time at which it was read; and parts that hang together come from one read.
func TestAWorseReadTakesNothingAway(t *testing.T) {
	t.Parallel()
	coverage := func(t *rapid.T, name string) model.Coverage {
		return rapid.SampledFrom([]model.Coverage{
			model.CompleteCoverage(), model.PartialCoverage("cut"),
			model.UnknownCoverage("refused"), model.SkippedCoverage(),
		}).Draw(t, name)
	}
	side := func(t *rapid.T, at time.Time, name string) model.SideReading {
		s := model.SideReading{
			Name: name, At: model.AllAt(at), Users: []model.User{{ID: name}},
			Unchanged: at.Add(time.Minute),
		}
		for _, p := range model.SourceParts() {
			s.Coverage[p] = coverage(t, name+" "+p.String())
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		before, now := time.Unix(1000, 0), time.Unix(2000, 0)
		older := model.Reading{
			Source: model.SourceReading{
				SideReading: side(t, before, "older source"),
				Roles:       []model.Role{{ID: "older"}}, Rules: []model.Rule{{ID: "older"}},
				Events: []model.Event{{ID: "older"}},
			},
			Target: model.TargetReading{
				SideReading: side(t, before, "older target"),
				Groups:      []model.Group{{ID: "older"}},
			},
		}
		later := model.Reading{
			Source: model.SourceReading{
				SideReading: side(t, now, "later source"), Roles: []model.Role{{ID: "later"}},
				Rules: []model.Rule{{ID: "later"}}, Events: []model.Event{{ID: "later"}},
			},
			Target: model.TargetReading{
				SideReading: side(t, now, "later target"),
				Groups:      []model.Group{{ID: "later"}},
			},
		}
		got := later.FilledFrom(&older)
		check := func(what string, isOlder bool, is, was *model.SideReading, at model.PartTimes,
			coverages model.Coverages, parts ...model.Part,
		) {
			worse := false
			for _, p := range parts {
				worse = worse || is.Coverage[p].Rank() < was.Coverage[p].Rank()
			}
			if isOlder != worse {
				t.Fatalf("%s: of the older read %v, want %v", what, isOlder, worse)
			}
			for _, p := range parts {
				want, from := now, is
				if worse {
					want, from = before, was
				}
				if !at[p].Equal(want) || coverages[p] != from.Coverage[p] {
					t.Fatalf("%s: %s is %s of %s", what, p, coverages[p], at[p])
				}
			}
		}
		l, o, s := &later.Source.SideReading, &older.Source.SideReading, &got.Source
		check("users", s.Users[0].ID == "older source", l, o, s.At, s.Coverage, model.PartUsers)
		check("roles", s.Roles[0].ID == "older", l, o, s.At, s.Coverage, model.PartGroups, model.PartMemberships)
		check("rules", s.Rules[0].ID == "older", l, o, s.At, s.Coverage, model.PartRules)
		check("events", s.Events[0].ID == "older", l, o, s.At, s.Coverage, model.PartEvents)
		if mixed := s.At != l.At; mixed != s.Unchanged.IsZero() {
			t.Fatalf("of parts read at %v the log showed no change at %s", s.At, s.Unchanged)
		}
		l, o = &later.Target.SideReading, &older.Target.SideReading
		check("target", got.Target.Users[0].ID == "older target" && got.Target.Groups[0].ID == "older", l, o,
			got.Target.At, got.Target.Coverage, model.TargetParts()...)
	})
}
