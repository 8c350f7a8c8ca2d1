package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// readOnly: a read-only connection writes nothing, neither to the target nor to OneLogin.
func (g *guardian) readOnly() objection {
	if !g.Guard.ReadOnly {
		return objection{}
	}
	return countedObjection(g.writingSteps(), "step writes, and the connection is read-only",
		"steps write, and the connection is read-only")
}

func (g *guardian) maxDeletes() objection {
	return g.checkLimit(func(c model.Counts) int { return c.Deletes }, g.Guard.MaxDeletes, "deletion or deactivation",
		"deletions and deactivations")
}

func (g *guardian) maxRemovals() objection {
	return g.checkLimit(func(c model.Counts) int { return c.Removals }, g.Guard.MaxRemovals,
		"membership or assignment removed", "memberships and assignments removed")
}

func (g *guardian) maxGrants() objection {
	return g.checkLimit(func(c model.Counts) int { return c.Grants }, g.Guard.MaxGrants,
		"user, membership or assignment granted", "users, memberships and assignments granted")
}

// checkLimit compares what the plan and this connection's runs of a day count to a limit; a plan that adds nothing
// passes.
func (g *guardian) checkLimit(of func(model.Counts) int, most int, one, many string) objection {
	planned := of(g.plan.Totals())
	spent := max(of(g.Spent.Counts), 0)
	if planned == 0 || planned+spent <= most {
		return objection{}
	}
	text := model.Counted(planned+spent, one, many)
	if spent > 0 {
		text += fmt.Sprintf(", %d of them in the last 24 hours", spent)
	}
	return objection{
		fmt.Sprintf("%s; the limit is %d", text, most),
		g.stepsThat(func(s *model.Step) bool { return g.isCounted(s) && of(s.Counts) > 0 }),
	}
}

// minRecordsForPercent is how many records of a type there must be before a share of them means anything.
const minRecordsForPercent = 10

// maxPercent compares with the target's records of each type, each for itself.
func (g *guardian) maxPercent() objection {
	if g.Comparison == nil {
		return objection{} // coverage refuses whatever writes
	}
	t := &g.Comparison.Target
	var o objection
	for _, kind := range []struct {
		name           string
		records, spent int
		share          func(*model.Step) int
	}{
		{"users", len(t.Users), g.Spent.Deletes - g.Spent.Groups, removalsBy(model.DeleteUser, model.DeactivateUser)},
		{"groups", len(t.Groups), g.Spent.Groups, removalsBy(model.DeleteGroup)},
		{"memberships", t.Members.Total(), g.Spent.Memberships, removalsBy(model.RemoveMembers)},
	} {
		planned, spent := 0, max(kind.spent, 0)
		steps := g.stepsThat(func(s *model.Step) bool {
			if !g.isCounted(s) || kind.share(s) == 0 {
				return false
			}
			planned += kind.share(s)
			return true
		})
		all := planned + spent
		if planned == 0 || kind.records+spent < minRecordsForPercent || all*100 <= g.Guard.MaxPercent*kind.records {
			continue
		}
		text := fmt.Sprintf("%d of the target's %d %s", all, kind.records, kind.name)
		if spent > 0 {
			text += fmt.Sprintf(", %d of them in the last 24 hours", spent)
		}
		o.text = strings.TrimPrefix(o.text+"; "+text, "; ")
		o.steps = append(o.steps, steps...)
	}
	if o.text != "" {
		o.text += fmt.Sprintf("; the limit is %d %% of each", g.Guard.MaxPercent)
	}
	return o
}

// removalsBy counts what steps with some repairs take. The deletion of a group counts as that alone.
func removalsBy(repairs ...model.RepairName) func(*model.Step) int {
	return func(s *model.Step) int {
		if !slices.Contains(repairs, s.Repair) {
			return 0
		}
		return cmp.Or(s.Counts.Deletes, s.Counts.Removals)
	}
}

// allRecords: no repair of ours empties a target. One that holds a single record is no measure.
func (g *guardian) allRecords() objection {
	if g.Comparison == nil {
		return objection{}
	}
	users, groups := map[string]bool{}, map[string]bool{}
	hits := func(s *model.Step) bool {
		if !g.isCounted(s) {
			return false
		}
		switch s.Repair { //nolint:exhaustive // the others end no record
		case model.DeleteUser, model.DeactivateUser:
			_, there := g.target.User(s.Subject.TargetID)
			users[s.Subject.TargetID] = there
			return there
		case model.DeleteGroup:
			_, there := g.target.Group(s.GroupID())
			groups[s.GroupID()] = there
			return there
		}
		return false
	}
	steps := g.stepsThat(hits)
	var parts []string
	for _, kind := range []struct {
		name    string
		hit     map[string]bool
		records int
	}{{"users", users, len(g.Comparison.Target.Users)}, {"groups", groups, len(g.Comparison.Target.Groups)}} {
		n := 0
		for _, there := range kind.hit {
			if there {
				n++
			}
		}
		if kind.records > 1 && n == kind.records {
			parts = append(parts, fmt.Sprintf("all %d %s of the target would be deleted or deactivated", n, kind.name))
		}
	}
	return objection{strings.Join(parts, "; "), steps}
}

func (g *guardian) sharedTarget() objection {
	if len(g.SharedWith) == 0 {
		return objection{}
	}
	steps := g.stepsThat(func(s *model.Step) bool { return s.Takes || s.Grants })
	return newObjection(steps, "the same target is configured for "+model.Few(g.SharedWith)+
		" too, which may have put the records there")
}
