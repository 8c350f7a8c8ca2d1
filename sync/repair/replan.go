package repair

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// replan makes a plan once more, from the last reading and what is asked now, and holds it against the one that is to
// be run. A plan may come from a file, which anybody can edit and seal again, and the services go on changing: only a
// step that would be made just so now is done. rest is the plan with these steps; the others are noted with the
// reason, and if none is left it is an error. Sizes, coverage and pairing by which the guard judges are those of this
// reading, never of the file.
func (r *Repairer) replan(
	ctx context.Context, u *activeRun, allow []model.GuardRule,
) (k *compiler, rest *model.Plan, err error) {
	made := u.plan
	if err := r.errIfRefused(made, nil, allow, isUnreadRule); err != nil {
		return nil, nil, err
	}
	if made.Writes() == 0 { // a person presses the buttons, and nothing is read for that
		if c := r.opts.Reader.Last(); c != nil {
			return &compiler{r: r, c: c}, made, r.checkHandoffs(made, c)
		}
	}
	why := r.readsInFull(made, allow)
	reads := plan.PhaseReading
	if why != "" {
		reads = plan.PhaseReadingFull
	}
	u.setPhase(reads)
	c, full, failed := r.opts.Reader.Renew(ctx, why)
	if full != "" {
		u.update(func(p *plan.RunProgress) { p.Said = "both sides were read in full: " + full })
	}
	if c != nil { // whether it is certain the answers may settle
		err = r.errIfRefused(made, c, allow, func(rule model.GuardRule) bool { return rule != model.RuleNotCertain })
	}
	if err != nil {
		return nil, nil, err
	}
	if failed != nil {
		return nil, nil, fmt.Errorf("what the plan rests on could not be read again, so nothing was written: %w",
			failed)
	}
	var now *model.Plan
	if made.Undoes != "" {
		now, k, err = r.undo(ctx, made.Undoes, made.MadeAt, full != "")
	} else {
		now, k, err = r.plan(ctx, made.Picks, made.MadeAt)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the plan could not be made again, so nothing was written: %w", err)
	}
	now.Seal() // brings both into the same form
	if err := r.checkHandoffs(made, k.c); err != nil {
		return nil, nil, err
	}
	steps, gone, err := matchSteps(made, now)
	if err != nil {
		return nil, nil, err
	}
	if len(steps) == 0 {
		said := make([]string, 0, len(gone))
		for i := range made.Steps {
			said = append(said, made.Steps[i].ID+": "+gone[i])
		}
		slices.Sort(said)
		return nil, nil, fmt.Errorf("no step of the plan would be made so now, so nothing was written; %s; make the "+
			"plan again", strings.Join(slices.Compact(said), "; "))
	}
	u.goneSteps = gone
	left := *made
	left.Steps = steps
	return k, &left, nil
}

// matchSteps gives the steps of a plan that were made just so again. gone says of the others, by index, why they would
// not be made any more: what they end is gone, or they build on such a step. A step that would be made otherwise is an
// error, of the whole plan: it may have been edited, and what somebody agreed to is not what would be done.
func matchSteps(plan, now *model.Plan) (same []model.Step, gone map[int]string, err error) {
	gone = map[int]string{}
	names := map[string]string{} // what a step is called in the plan, by what it is called now
	used := map[int]bool{}
	var open []int
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if s.Channel == model.Console { // it is confirmed by what is seen, also where its findings are gone already
			same = append(same, *s)
			continue
		}
		if step, _ := findCounterpart(s, now, names, used); step != nil {
			same = append(same, *step)
			continue
		}
		open = append(open, i)
	}
	for _, i := range open { // what was made again and is in nobody's place is in theirs
		s := &plan.Steps[i]
		if _, differs := findCounterpart(s, now, names, used); differs != "" {
			return nil, nil, fmt.Errorf("step %s would be another one if it were made now (%s), so nothing was "+
				"written; make the plan again", s.ID, differs)
		}
		gone[i] = "it would not be made any more: " + whyLeftOut(now, s)
	}
	return same, gone, nil
}

// findCounterpart finds the step that was made again in the place of one, under the names of the plan; else it says in
// what the first that could be meant differs, if there is any: one for the same finding, or one that sends the same
// under another name. What builds on a step that is gone is gone too.
func findCounterpart(
	s *model.Step, now *model.Plan, names map[string]string, used map[int]bool,
) (step *model.Step, differs string) {
	for j := range now.Steps {
		made := &now.Steps[j]
		named := made.Repair == s.Repair && made.Channel == s.Channel && made.Finding == s.Finding
		if used[j] || !named && (made.Request == nil || !reflect.DeepEqual(made.Request, s.Request)) {
			continue
		}
		names[made.ID] = s.ID
		renamed, err := made.Renamed(names)
		if err == nil {
			why := renamed.Differs(s)
			if why == "" {
				used[j] = true
				return &renamed, ""
			}
			differs = cmp.Or(differs, why)
		}
		delete(names, made.ID)
	}
	return nil, differs
}

func whyLeftOut(now *model.Plan, s *model.Step) string {
	for _, left := range now.LeftOut {
		if left.Finding == s.Finding || slices.Contains(s.Findings, left.Finding) {
			return left.Reason
		}
	}
	return "nothing asks for it; reload both sides and plan again"
}

// isUnreadRule are the rules that go by nothing that would have to be read.
func isUnreadRule(rule model.GuardRule) bool {
	return rule == model.RuleReadOnly || rule == model.RuleUnsettled || rule == model.RuleOldPlan
}

// readsInFull says why a run of a plan with these rules overridden reads both sides in full; "" if single answers do.
// A read that was cut short may leave an older one in the place of a side, and that knows of another world.
func (r *Repairer) readsInFull(made *model.Plan, allow []model.GuardRule) string {
	if slices.Contains(allow, model.RuleOldPlan) {
		return "the plan may be older than an hour"
	}
	if c := r.opts.Reader.Last(); c != nil && c.AsOf().Before(made.ReadAt) {
		return "what is kept was read before that on which the plan rests"
	}
	return r.opts.Reader.ReadsInFull()
}

// errIfRefused asks the guard, and is an error where one of some rules refuses; it tells of those alone.
func (r *Repairer) errIfRefused(
	made *model.Plan, c *drift.Comparison, allow []model.GuardRule, counts func(model.GuardRule) bool,
) error {
	verdict, err := r.askGuard(made, c, allow)
	// The others rest on what has not been read yet.
	verdict.Refusals = slices.DeleteFunc(verdict.Refusals,
		func(refusal model.GuardRefusal) bool { return !counts(refusal.Rule) })
	if err == nil && len(verdict.Refusals) > 0 {
		return &RefusedError{verdict}
	}
	return err
}

// checkHandoffs reports a console step that no plan of these picks has: it is shown, kept in the journal and opened in
// a browser, and nothing is sent that could be held against it. What it should end may be gone by now, and with that
// those whom it is about.
func (r *Repairer) checkHandoffs(made *model.Plan, c *drift.Comparison) error {
	if !slices.ContainsFunc(made.Steps, func(s model.Step) bool { return s.Channel == model.Console }) {
		return nil // and nobody has to be looked up among all users
	}
	intents, _ := plan.Intend(c, made.Picks)
	users := plan.NewIndex(&c.Source.Directory)
	for i := range made.Steps {
		s := &made.Steps[i]
		if s.Channel != model.Console {
			continue
		}
		why := cmp.Or(r.handoffMismatch(s, c.Source.App.ID), pickMismatch(made, s), unknownMember(c, users, s),
			intentMismatch(c, intents, s))
		if why != "" {
			return fmt.Errorf("step %s is no handoff that this plan would have (%s), so nothing was done; make the "+
				"plan again", s.ID, why)
		}
	}
	return nil
}

func (r *Repairer) handoffMismatch(s *model.Step, app string) string {
	for _, place := range s.Repair.Places() {
		h := r.handoff(app, place, s.Handoff != nil && s.Handoff.BoxesOff && s.Repair == model.ReapplyMappings)
		if s.Handoff != nil && sameLink(h.URL, s.Handoff.URL) {
			if h.URL = s.Handoff.URL; *h == *s.Handoff {
				return ""
			}
		}
	}
	return "its page, menu or deadline is not that of " + model.Visible(string(s.Repair))
}

func pickMismatch(made *model.Plan, s *model.Step) string {
	picked := map[string]bool{}
	for _, p := range made.Picks {
		if p.Repair == s.Repair && p.Channel == s.Channel {
			picked[p.Finding] = true
		}
	}
	bare := model.Step{
		ID: s.ID, Repair: s.Repair, Finding: s.Finding, Findings: s.Findings, Subject: s.Subject, Channel: s.Channel,
		Confidence: s.Confidence, Handoff: s.Handoff, Members: s.Members,
		Precondition: s.Precondition[:0], Afterwards: s.Afterwards[:0],
	}
	switch {
	case len(picked) == 0 || slices.ContainsFunc(s.Findings, func(id string) bool { return !picked[id] }):
		return "it was not picked for that"
	case s.Finding != strings.Join(s.Findings[:min(len(s.Findings), 1)], ""):
		return "it ends another finding first"
	}
	return bare.Differs(s)
}

func unknownMember(c *drift.Comparison, users plan.Index, s *model.Step) string {
	for _, m := range s.Members {
		at, found := users.User(m.SourceID)
		if !found || c.Source.Users[at].Called() != m.UserName {
			return "OneLogin does not know " + model.Visible(m.UserName)
		}
	}
	return ""
}

func intentMismatch(c *drift.Comparison, intents []model.Intent, s *model.Step) string {
	named, subject := model.Set(s.Findings), c.AppSubject()
	if len(s.Findings) == 1 {
		subject = s.Subject // of a finding that may be gone
	}
	for i := range intents {
		now := &intents[i]
		switch {
		case now.Channel != s.Channel || now.Repair != s.Repair:
			continue
		case slices.ContainsFunc(now.Findings, func(id string) bool { return !named[id] }):
			return "it leaves out a finding"
		case len(s.Findings) == len(now.Findings):
			subject = now.Subject
		}
	}
	if s.Subject != subject {
		return "it is not about " + model.Visible(s.Subject.Name)
	}
	return ""
}

// sameLink: a simulated console has another port each time that it is started.
func sameLink(a, b string) bool {
	if a == b {
		return true
	}
	left, err := url.Parse(a)
	right, err2 := url.Parse(b)
	if err != nil || err2 != nil || left.Hostname() != "127.0.0.1" || right.Hostname() != left.Hostname() {
		return false
	}
	left.Host = right.Host
	return left.String() == right.String()
}
