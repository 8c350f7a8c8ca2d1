package runbook

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// setupCheck is what one of the set-up checks says.
func setupCheck(id model.CheckID) func(*Case) Verdict {
	return func(c *Case) Verdict {
		i := slices.IndexFunc(c.Comparison.Checks, func(k model.Check) bool { return k.ID == id })
		if i < 0 {
			return Verdict{Seen: "this check was not made"}
		}
		k := &c.Comparison.Checks[i]
		states := map[model.CheckResult]State{model.CheckFine: Done, model.CheckLook: ByHand, model.CheckMend: Open}
		return Verdict{State: states[k.Result], Seen: k.Seen, Todo: k.Todo, Place: k.Place}
	}
}

// setupCheckWithPicks is a check with what ends it where it is open.
func setupCheckWithPicks(id model.CheckID, picks func(*Case) []model.Pick) func(*Case) Verdict {
	return func(c *Case) Verdict {
		v := setupCheck(id)(c)
		if v.State == Open {
			v.Picks = picks(c)
		}
		return v
	}
}

// consoleSetting is a check of what the app's pages show: somebody mends it there, and the program can watch until it
// is seen.
func consoleSetting(id model.CheckID) func(*Case) Verdict {
	return setupCheckWithPicks(id, func(c *Case) []model.Pick {
		return picksFor(c.matchingFindings(hasKind(id)), model.Console, model.OpenApp, model.OpenRules)
	})
}

// unreadParts says which of some parts of both sides were not read; "" if all were, or were skipped.
func (c *Case) unreadParts(source, target []model.Part) (missing string) {
	return cmp.Or(c.Comparison.SourceUnsettled(source...), c.Comparison.TargetUnsettled(target...))
}

func groupParts() []model.Part { return []model.Part{model.PartGroups} }
func memberParts() []model.Part {
	return []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships}
}
func userParts() []model.Part { return []model.Part{model.PartUsers} }

// unsettled says why nothing is known of records of a type, or of the group of the case; empty if all is.
func (c *Case) unsettled(of model.SubjectType, own bool) string {
	open := c.Comparison.UnsettledRecords(of)
	if own {
		open = slices.DeleteFunc(open,
			func(o drift.UnsettledRecord) bool { return !model.SameName(o.Subject.Name, c.Group) })
	}
	switch {
	case len(open) == 0:
		return ""
	case len(open) == 1:
		return fmt.Sprintf("not known of %s: %s", open[0].Subject.Name, open[0].Why)
	}
	return fmt.Sprintf("not known of %s and %d more: %s", open[0].Subject.Name, len(open)-1, open[0].Why)
}

// matchingFindings are those that a test takes. One that is contradicted finds nothing: the record is not known.
func (c *Case) matchingFindings(take func(*model.Finding) bool) (out []*model.Finding) {
	for i := range c.Comparison.Findings {
		if f := &c.Comparison.Findings[i]; f.Contradicted == "" && take(f) {
			out = append(out, f)
		}
	}
	return out
}

func hasKind(kinds ...model.Kind) func(*model.Finding) bool {
	return func(f *model.Finding) bool { return slices.Contains(kinds, f.Kind) }
}

// picksFor choose for every finding the first repair that it offers over a channel, of those that a step is about.
func picksFor(findings []*model.Finding, channel model.Channel, repairs ...model.RepairName) (out []model.Pick) {
	for _, f := range findings {
		i := slices.IndexFunc(f.Repairs,
			func(o model.Option) bool { return o.Channel == channel && slices.Contains(repairs, o.Repair) })
		if i >= 0 {
			out = append(out, model.Pick{Finding: f.ID, Option: f.Repairs[i], Named: len(findings) == 1})
		}
	}
	return out
}

func subjectNames(findings []*model.Finding) string {
	var list []string
	for _, f := range findings {
		if !slices.Contains(list, f.Subject.Name) {
			list = append(list, f.Subject.Name)
		}
	}
	return firstNames(list)
}

func firstNames(list []string) string { return model.FirstOf(list, 5) }

// targetGroup finds the case's group at the target: the one of its id, else of its name; nil if it is not there.
func (c *Case) targetGroup() *model.Group {
	groups := c.Comparison.Target.Groups
	for i := range groups {
		if c.GroupID != "" && groups[i].ID == c.GroupID {
			return &groups[i]
		}
	}
	for i := range groups {
		if model.SameName(groups[i].Name, c.Group) {
			return &groups[i]
		}
	}
	return nil
}

// newestLogged is the newest event of a type since a moment that tells of no failure and names this app.
func (c *Case) newestLogged(eventType int, since time.Time) *model.Event {
	var newest *model.Event
	for i := range c.Comparison.Source.Events {
		e := &c.Comparison.Source.Events[i]
		if e.Type == eventType && !e.Failed && !e.At.Before(since) && e.AppID == c.Comparison.Source.App.ID &&
			(newest == nil || e.At.After(newest.At)) {
			newest = e
		}
	}
	return newest
}

// confirmedStep finds a confirmed step of a repair in the runs, since a moment.
func (c *Case) confirmedStep(repair model.RepairName, since time.Time, about func(*model.Step) bool) (*model.Step,
	*model.StepRecord,
) {
	all := c.runs()
	for r := range all {
		for s, rec := range all[r].Confirmed() {
			if s.Repair == repair && !rec.At.Before(since) && (about == nil || about(s)) {
				return s, rec
			}
		}
	}
	return nil, nil
}

// clockSlack is how well clocks are known at best: a service tells its own in whole seconds.
const clockSlack = 2 * time.Second

// logTime is a moment of our clock by that of OneLogin's log, at the earliest.
func (c *Case) logTime(ours time.Time) time.Time { return ours.Add(-c.Comparison.Skew - clockSlack) }

// lastPressed tells when a console action was last seen done since a moment of OneLogin's log, and by what.
func (c *Case) lastPressed(
	repair model.RepairName, eventType int, since time.Time,
) (at time.Time, seen string, ok bool) {
	if e := c.newestLogged(eventType, since); e != nil {
		return e.At, fmt.Sprintf("%s at %s", e.TypeName(), model.ToTheMinute(e.At)), true
	}
	if _, s := c.confirmedStep(repair, since.Add(c.Comparison.Skew), nil); s != nil {
		return c.logTime(s.At), "seen done at " + model.ToTheMinute(s.At), true
	}
	return time.Time{}, "", false
}

// lastRefresh is when OneLogin has last read the target's groups again since the case was begun; else that moment.
func (c *Case) lastRefresh() time.Time {
	if at, _, ok := c.lastPressed(model.RefreshEntitlements, model.EventEntitlementsRefresh, c.logTime(c.Begun)); ok {
		return at
	}
	return c.logTime(c.Begun)
}
