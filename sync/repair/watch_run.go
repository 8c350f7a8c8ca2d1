package repair

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// watch watches a console step, or nudges of a run that were written, and takes down what became of each.
func (r *Repairer) watch(ctx context.Context, u *running, steps []int) {
	tell := func(g glimpse) {
		u.say(func(p *plan.RunProgress) {
			p.Phase, p.Deadline, p.Ticks, p.Said, p.Compared = plan.PhaseWatching, g.Deadline,
				g.Ticks, g.Said, g.Compared
		})
	}
	var verdicts []ending
	if first := &u.plan.Steps[steps[0]]; first.Channel == model.Console {
		verdicts = []ending{handOff(ctx, &r.opts, first, u.turnTo(first.Handoff), tell)}
	} else {
		began := u.progress.Run.Steps[steps[0]].At
		touched := make([]*model.Step, len(steps))
		for k, i := range steps {
			touched[k] = &u.plan.Steps[i]
		}
		verdicts = nudged(ctx, &r.opts, touched, began, tell)
	}
	for k, i := range steps {
		u.finish(i, verdicts[k].State, verdicts[k].Detail)
	}
}

// turnTo takes down which page of the console a step needs, and reports whether the step before has led to it already.
func (u *running) turnTo(h *model.Handoff) (there bool) {
	page := ""
	if h != nil {
		page = h.URL
	}
	there, u.page = page != "" && page == u.page, page
	return there
}
