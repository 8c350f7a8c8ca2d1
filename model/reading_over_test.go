package model

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAWorseReadTakesNothingAway: whatever failed in the later read, each part is the later one's unless the older one knew more of it,
// with the time at which it was read; and parts that hang together come from one read.
func TestAWorseReadTakesNothingAway(t *testing.T) {
	t.Parallel()
	coverage := func(t *rapid.T, name string) Coverage {
		return rapid.SampledFrom([]Coverage{CompleteCoverage(), PartialCoverage("cut"), UnknownCoverage("refused"), SkippedCoverage()}).Draw(t, name)
	}
	side := func(t *rapid.T, at time.Time, name string) SideReading {
		s := SideReading{Name: name, At: AllAt(at), Users: []User{{ID: name}}}
		for _, p := range SourceParts() {
			s.Coverage[p] = coverage(t, name+" "+p.String())
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		before, now := time.Unix(1000, 0), time.Unix(2000, 0)
		older := Reading{
			Source: SourceReading{SideReading: side(t, before, "older source"), Roles: []Role{{ID: "older"}}, Rules: []Rule{{ID: "older"}}, Events: []Event{{ID: "older"}}},
			Target: TargetReading{SideReading: side(t, before, "older target"), Groups: []Group{{ID: "older"}}},
		}
		later := Reading{
			Source: SourceReading{SideReading: side(t, now, "later source"), Roles: []Role{{ID: "later"}}, Rules: []Rule{{ID: "later"}}, Events: []Event{{ID: "later"}}},
			Target: TargetReading{SideReading: side(t, now, "later target"), Groups: []Group{{ID: "later"}}},
		}
		got := later.Over(&older)
		check := func(what string, isOlder bool, is, was *SideReading, at PartTimes, coverages Coverages, parts ...Part) {
			worse := false
			for _, p := range parts {
				worse = worse || is.Coverage[p].worth() < was.Coverage[p].worth()
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
		check("users", s.Users[0].ID == "older source", l, o, s.At, s.Coverage, PartUsers)
		check("roles", s.Roles[0].ID == "older", l, o, s.At, s.Coverage, PartGroups, PartMemberships)
		check("rules", s.Rules[0].ID == "older", l, o, s.At, s.Coverage, PartRules)
		check("events", s.Events[0].ID == "older", l, o, s.At, s.Coverage, PartEvents)
		l, o = &later.Target.SideReading, &older.Target.SideReading
		check("target", got.Target.Users[0].ID == "older target" && got.Target.Groups[0].ID == "older", l, o, got.Target.At, got.Target.Coverage, TargetParts()...)
	})
}
