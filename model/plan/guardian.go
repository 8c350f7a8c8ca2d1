package plan

import (
	"github.com/scimdrift/scimdrift/model"
)

// guardian is a plan with what it is judged by, and the records of the target by id.
type guardian struct {
	Circumstances

	plan *model.Plan
	// target finds the target's records.
	target Index
	// findingByID are the findings of this moment by id, findingsByRecord those of a record by its type and id.
	findingByID      map[string]*model.Finding
	findingsByRecord map[recordID][]*model.Finding
}

type recordID struct {
	side string
	kind model.SubjectType
	id   string
}

// recordsOf are those of a subject, on each side that has one.
func recordsOf(s model.Subject) (ids []recordID) {
	if s.TargetID != "" {
		ids = append(ids, recordID{model.AtTarget, s.Type, s.TargetID})
	}
	if s.SourceID != "" {
		ids = append(ids, recordID{model.AtSource, s.Type, s.SourceID})
	}
	return ids
}

func newGuardian(p *model.Plan, c Circumstances) *guardian {
	g := &guardian{
		plan: p, Circumstances: c, target: NewIndex(&model.Directory{}),
		findingByID: map[string]*model.Finding{}, findingsByRecord: map[recordID][]*model.Finding{},
	}
	if c.Comparison == nil || p.Writes() == 0 {
		return g
	}
	for i := range c.Comparison.Findings {
		f := &c.Comparison.Findings[i]
		g.findingByID[f.ID] = f
		for _, at := range recordsOf(f.Subject) {
			g.findingsByRecord[at] = append(g.findingsByRecord[at], f)
		}
	}
	g.target = NewIndex(&c.Comparison.Target)
	return g
}

func (g *guardian) stepsThat(is func(*model.Step) bool) (ids []string) {
	for i := range g.plan.Steps {
		if is(&g.plan.Steps[i]) {
			ids = append(ids, g.plan.Steps[i].ID)
		}
	}
	return ids
}

func (g *guardian) writingSteps() []string {
	return g.stepsThat(func(s *model.Step) bool { return s.Request != nil })
}

// isCounted reports whether the guard counts a step: what an undone run made itself may go again.
func (g *guardian) isCounted(s *model.Step) bool { return !g.plan.Own(s) }

// countedObjection objects if there is any step, with a sentence in the singular or plural.
func countedObjection(steps []string, one, many string) objection {
	return newObjection(steps, model.Counted(len(steps), one, many))
}

// newObjection objects if there is any step that it is about.
func newObjection(steps []string, text string) objection {
	if len(steps) == 0 {
		return objection{}
	}
	return objection{text, steps}
}
