package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

func (g *guardian) unsettled() objection {
	if g.Unsettled == "" {
		return objection{}
	}
	return objection{text: "the run " + g.Unsettled +
		" on this connection has steps of which nobody knows whether they happened"}
}

func (g *guardian) oldPlan() objection {
	switch age := g.Now.Sub(g.plan.MadeAt); {
	case !g.plan.Expired(g.Now):
		return objection{}
	case age < 0:
		return objection{text: "the plan was made " + model.ToTheSecond(g.plan.MadeAt) +
			", which is in the future here"}
	default:
		return objection{text: fmt.Sprintf("both sides were read for the plan at %s, and it can be run for %d minutes",
			model.ToTheSecond(g.plan.ExpiresAt().Add(-model.PlanLife)), int(model.PlanLife.Minutes()))}
	}
}

// shrunk: where the source lost much since it was last read in full, or other groups are meant than then, what looks
// left over may be what is missing. Our own steps change the target only.
func (g *guardian) shrunk() objection {
	if g.Baseline == nil || g.Comparison == nil {
		return objection{}
	}
	now, _ := g.Comparison.Sizes()
	var parts []string
	for _, part := range []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships} {
		before, at, known := g.Baseline.Largest(part, g.Now)
		left, read := now[part.String()]
		if known && read && (before-left)*100 > g.Guard.MaxPercent*before {
			parts = append(parts, fmt.Sprintf("the source's %s fell from %d to %d%s, and the limit is %d %%",
				map[model.Part]string{
					model.PartUsers: "users", model.PartGroups: "roles", model.PartMemberships: "users of roles",
				}[part], before, left, sinceTime(at), g.Guard.MaxPercent))
		}
	}
	if at, other := g.Baseline.GroupsChanged(g.Groups.Digest(), g.Now); other {
		parts = append(parts, "the configuration of groups has changed"+sinceTime(at))
	}
	return newObjection(g.stepsThat(func(s *model.Step) bool { return g.isCounted(s) && s.Takes }),
		strings.Join(parts, "; "))
}

func sinceTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " since " + model.ToTheMinute(at)
}
