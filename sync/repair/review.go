package repair

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Review gives a plan out of a file as it can be shown before its run has asked for anything. Anybody can edit such a
// file and seal it again: of its own it keeps what a run holds against the plan that is made again, and when it was
// made. How sure its findings are, whose access it changes, what it leaves, what to mind and what the guard says are
// worked out from the last reading, and left away where a run does not rest on that. allow are rules that are
// overridden beside those of the file.
func (r *Repairer) Review(made *model.Plan, allow []model.GuardRule) (*model.Plan, error) {
	if err := r.checkRunnable(made); err != nil {
		return nil, err
	}
	shown := *made
	shown.Connection, shown.Complete, shown.Steps = r.opts.Connection, true, slices.Clone(made.Steps)
	shown.Access, shown.Forecast, shown.LeftOut, shown.Warnings = nil, nil, nil, nil
	for i := range shown.Steps {
		s := &shown.Steps[i]
		s.Confidence = model.Unknown.String()
		if s.BlastRadius != nil && s.BlastRadius.Unknown != "" {
			lost := *s.BlastRadius
			lost.Unknown = "not all of it could be read when the plan was made"
			s.BlastRadius = &lost
		}
	}
	c := r.opts.Reader.Last()
	allow = slices.Concat(allow, made.Guard.Overrides())
	why := r.readsInFull(made, allow)
	if why != "" {
		c = nil
		shown.Warnings = []string{readsInFullWarning + ": " + why + ". Whose access it changes is not known " +
			"before; and what the guard refuses then is overridden only where --allow names it now."}
	} else {
		r.review(&shown, c)
	}
	verdict, err := r.askGuard(&shown, c, allow)
	unjudged := func(said model.GuardRefusal) bool { return c == nil && !isUnreadRule(said.Rule) }
	shown.Guard.Overridden = slices.DeleteFunc(verdict.Overridden, unjudged)
	shown.Guard.Refusals = slices.DeleteFunc(verdict.Refusals, func(said model.GuardRefusal) bool {
		return unjudged(said) || said.Rule == model.RuleNotCertain // which the answers may settle that the run asks for
	})
	shown.Guard.Allowed = c != nil && len(shown.Guard.Refusals) == 0
	return &shown, err
}

func (r *Repairer) review(shown *model.Plan, c *drift.Comparison) {
	intents, _ := plan.Intend(c, shown.Picks)
	k := &compiler{r: r, c: c, plan: shown}
	steps, known := map[intentKey][]*model.Step{}, map[string]bool{}
	for i := range shown.Steps {
		s := &shown.Steps[i]
		steps[intentKeyOf(s)] = append(steps[intentKeyOf(s)], s)
	}
	for i := range intents {
		in, planned := &intents[i], false
		for _, s := range steps[intentKey{in.Repair, in.Channel, in.Subject, in.Group.ID, in.Group.Name}] {
			if slices.Equal(in.Findings, s.Findings) {
				s.Confidence, known[s.ID], planned = in.Confidence.String(), true, true
			}
		}
		if planned {
			k.planned = append(k.planned, *in)
		}
	}
	var unknown []string
	for i := range shown.Steps {
		if s := &shown.Steps[i]; (s.Takes || s.Grants) && !known[s.ID] {
			unknown = append(unknown, s.ID)
		}
	}
	shown.Complete, shown.Warnings = c.Complete(), append(r.warnings(shown, c), r.readsFirst(c)...)
	if len(unknown) > 0 {
		shown.Warnings = append(shown.Warnings, "What was last read asks for no such step as "+
			model.FirstOf(unknown, editsNamed)+": whose access that changes is not known before the run reads again.")
	}
	k.addForecast()
}

// intentKey is what an intent and its steps have in common beside their findings, as far as no request is needed to
// tell.
type intentKey struct {
	repair    model.RepairName
	channel   model.Channel
	subject   model.Subject
	group, as string
}

func intentKeyOf(s *model.Step) intentKey {
	a := intentKey{repair: s.Repair, channel: s.Channel, subject: s.Subject}
	if s.Group != nil {
		a.group, a.as = s.Group.ID, s.Group.Name
	}
	return a
}
