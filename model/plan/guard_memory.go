package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// shrunk: where the source lost much since it was last read in full, or other groups are meant than then, what looks
// left over may be what is missing. Our own steps change the target only.
func (g *guardian) shrunk() objection {
	if g.Baseline == nil || g.Comparison == nil {
		return objection{}
	}
	steps := g.stepsThat(func(s *model.Step) bool { return g.counts(s) && s.TakesAnything() })
	if len(steps) == 0 {
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
					model.PartUsers: "users", model.PartGroups: "roles",
					model.PartMemberships: "users of roles",
				}[part], before, left, since(at), g.Guard.MaxPercent))
		}
	}
	if at, other := g.Baseline.Otherwise(g.Groups.Digest(), g.Now); other {
		parts = append(parts, "the configuration of groups has changed"+since(at))
	}
	return objection{strings.Join(parts, "; "), steps}
}

func since(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " since " + at.UTC().Format("2006-01-02 15:04 UTC")
}
