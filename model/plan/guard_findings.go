package plan

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (g *guardian) notCertain() objection {
	doubted := func(f *model.Finding) bool { return f.Confidence < model.Certain }
	steps := g.stepsThat(func(s *model.Step) bool {
		// Findings that are gone by now are for the step's preconditions to see.
		less := g.plan.Undoes == "" && slices.ContainsFunc(g.findingsOf(s), doubted)
		return g.isCounted(s) && (s.Takes || s.Grants) && (s.Confidence != model.Certain.String() || less)
	})
	return countedObjection(steps, "step takes or grants something on a finding that is not certain",
		"steps take or grant something on findings that are not certain")
}

// findingsOf are those of this moment that a step ends.
func (g *guardian) findingsOf(s *model.Step) (found []*model.Finding) {
	for _, id := range append([]string{s.Finding}, s.Findings...) {
		if f := g.findingByID[id]; f != nil && !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}

// contradicted: where what was read says two things, no write can be right for sure. For a finding that is gone all
// those of its record count, since its kind may be another; but not for a way back.
func (g *guardian) contradicted() objection {
	var why model.Reasons
	steps := g.stepsThat(func(s *model.Step) bool {
		if s.Request == nil {
			return false
		}
		said, found := false, g.findingsOf(s)
		if len(found) == 0 && g.plan.Undoes == "" {
			for _, at := range recordsOf(s.Subject) {
				found = append(found, g.findingsByRecord[at]...)
			}
		}
		for _, f := range found {
			if f.Contradicted != "" {
				said = true
				why.Add("", f.Contradicted)
			}
		}
		return said
	})
	return newObjection(steps, "sources contradict each other: "+why.Text())
}

// unclaimed: nothing shows that OneLogin made the group, so that it may be Control Tower's, or somebody's.
func (g *guardian) unclaimed() objection {
	var names []string
	steps := g.stepsThat(func(s *model.Step) bool {
		now := slices.ContainsFunc(g.findingsByRecord[recordID{model.AtTarget, model.SubjectGroup, s.GroupID()}],
			func(f *model.Finding) bool { return f.Kind == model.GroupUnclaimed })
		if !g.isCounted(s) || !s.DeletesUnclaimed() && (!now || !s.EndsGroup()) {
			return false
		}
		if !slices.Contains(names, s.Subject.Name) {
			names = append(names, s.Subject.Name)
		}
		return true
	})
	return newObjection(steps, "nothing shows that OneLogin made "+model.Few(names))
}
