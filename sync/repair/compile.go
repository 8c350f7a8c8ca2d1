package repair

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// item is an intent on its way into a plan, with what only the way back knows.
type item struct {
	model.Intent

	// removesOwnRecord: it removes what the undone run created and nobody has changed since. undoneStep is the step
	// that it takes back.
	removesOwnRecord bool
	undoneStep       string
	// originalRecord is the record, as the target answered it, that a create makes once more; nil for any other.
	originalRecord []byte
}

type compiler struct {
	r     *Repairer
	c     *drift.Comparison
	stamp string
	index plan.Index
	// groups are those of each user of the target, by index, made when first asked for.
	groups [][]int32
	// stepsByIntent is for each intent the ids of its steps, firstStepOf the id of the first: what a reference to its
	// key means.
	stepsByIntent map[string][]string
	firstStepOf   map[string]string
	plan          *model.Plan
	// planned are the intents of which the plan has the steps.
	planned []model.Intent
	// records are those that the adapter asked for, as the steps so far leave them; rewritten those that a step writes.
	records   map[model.RecordRef]json.RawMessage
	rewritten map[model.RecordRef]bool
	// assigned are the account assignments of those whom the plan takes from, removed those that its steps take away.
	assigned map[string]model.Assigned
	removed  map[string][]model.Assignment
	// revisions are those of the records that the plan deletes, by their ids.
	revisions map[string]string
}

// recordChangedBy is the record that an item changes by one of some repairs; its id is empty for any other item.
func (in *item) recordChangedBy(by ...model.RepairName) model.Principal {
	switch {
	case !slices.Contains(by, in.Repair):
		return model.Principal{}
	case in.Group.ID != "":
		return model.Principal{Type: model.SubjectGroup, ID: in.Group.ID}
	}
	return model.Principal{Type: model.SubjectUser, ID: in.Subject.TargetID}
}

// compile makes the steps of some intents, in their order. One that an adapter cannot word is left out with the reason,
// and with it those that build on it.
func (r *Repairer) compile(ctx context.Context, into *model.Plan, c *drift.Comparison, items []item) *compiler {
	k := &compiler{
		r: r, c: c, stamp: into.MadeAt.Format(time.RFC3339), index: plan.NewIndex(&c.Target),
		stepsByIntent: map[string][]string{}, firstStepOf: map[string]string{}, plan: into,
		assigned: r.readAssignments(ctx, items), removed: map[string][]model.Assignment{},
		revisions: r.readRevisions(ctx, into, items),
		records:   map[model.RecordRef]json.RawMessage{}, rewritten: map[model.RecordRef]bool{},
	}
	unprepared := r.opts.Target.Prepare(ctx)
	for i := range items {
		err := unprepared
		if err == nil || items[i].Channel != model.Direct {
			err = k.add(ctx, &items[i])
		}
		if err != nil {
			delete(k.firstStepOf, items[i].Key)
			for _, finding := range items[i].Findings {
				into.LeftOut = append(into.LeftOut, model.LeftOut{Finding: finding, Reason: err.Error()})
			}
		}
	}
	return k
}

func (k *compiler) add(ctx context.Context, in *item) error {
	if _, err := k.dependencies(in, nil); err != nil {
		return err
	}
	record, err := k.recordFor(ctx, in)
	if err != nil {
		return err
	}
	k.pinRevision(in)
	requests, err := k.encode(ctx, in)
	if err != nil {
		return err
	}
	var steps []model.Step
	for _, encoded := range requests {
		after, err := k.dependencies(in, encoded.Before)
		if err != nil {
			return err
		}
		step := k.newStep(in, requestMembers(in, encoded), after)
		step.ID = stepID(len(k.plan.Steps) + len(steps))
		step.Precondition = append(step.Precondition, k.narrowConditions(encoded.Before, nil)...)
		if encoded.Request.Method != "" {
			req, err := encoded.Request.RenameRefs(k.stepOf)
			if err != nil {
				return err
			}
			step.Request = &req
		} else {
			step.Handoff = k.handoff(in)
		}
		steps = append(steps, step)
	}
	for i := range steps {
		k.stepsByIntent[in.Key] = append(k.stepsByIntent[in.Key], steps[i].ID)
	}
	k.plan.Steps = append(k.plan.Steps, steps...)
	k.rememberRecord(in, record, requests)
	k.planned = append(k.planned, in.Intent)
	return nil
}

// addForecast says whose access the plan changes and what it leaves of the findings.
func (k *compiler) addForecast() {
	if len(k.plan.Steps) == 0 {
		return
	}
	assigned := maps.Clone(k.c.Target.Assignments)
	if assigned == nil {
		assigned = map[string]model.Assigned{}
	}
	maps.Copy(assigned, k.assigned)
	after, effects := k.c, plan.Effects(k.c, k.planned, assigned)
	if slices.ContainsFunc(k.planned, func(in model.Intent) bool { return in.Channel == model.Direct }) {
		after = k.r.opts.Reader.Suppose(effects)
	}
	k.plan.Access = plan.Access(k.c, after, effects, assigned)
	k.plan.Forecast = plan.Forecast(k.c, after, k.planned)
}

// requestMembers gives the users of one request: only memberships and nudges are split.
func requestMembers(in *item, e model.Encoded) []model.Member {
	if in.Channel == model.Nudge || in.Repair == model.AddMembers || in.Repair == model.RemoveMembers {
		return e.Members
	}
	return in.Members
}

// encode words the intent; a handoff is one step without a request.
func (k *compiler) encode(ctx context.Context, in *item) ([]model.Encoded, error) {
	// A record that the plan creates is referred to by the step to come: a create is always a single request.
	k.firstStepOf[in.Key] = stepID(len(k.plan.Steps))
	switch in.Channel {
	case model.Console:
		return []model.Encoded{{Members: in.Members}}, nil
	case model.Nudge:
		return k.r.opts.Source.Encode(&in.Intent, k.stamp)
	case model.Direct:
	}
	if in.Repair.OfAssignments() {
		if k.r.opts.Lens == nil {
			return nil, errNoLens
		}
		return k.r.opts.Lens.Encode(ctx, &in.Intent)
	}
	requests, err := k.r.opts.Target.Encode(&in.Intent)
	if err == nil && in.originalRecord != nil {
		requests, err = rebuildRequests(requests, in.originalRecord)
	}
	return requests, err
}

func stepID(at int) string { return "s" + strconv.Itoa(at+1) }

// stepOf gives the step that a reference to an intent means.
func (k *compiler) stepOf(key string) (string, error) {
	if len(k.stepsByIntent[key]) == 0 {
		return "", fmt.Errorf("it needs what %s would create, which is no step of this plan; choose that too",
			model.Visible(key))
	}
	return k.stepsByIntent[key][0], nil
}

// dependencies gives the ids of all steps that the intent builds on, or what else must hold before its request.
func (k *compiler) dependencies(in *item, more []model.Condition) (ids []string, err error) {
	needs := append([]string(nil), in.After...)
	needs = append(needs, in.Group.Ref)
	members := in.Members
	for _, s := range slices.Concat(in.Before, in.Afterwards, more) {
		needs, members = append(needs, s.Ref), append(slices.Clip(members), s.Users...)
	}
	for _, m := range members {
		needs = append(needs, m.Ref)
	}
	known := map[string]bool{"": true, in.Key: true} // its own statements name it
	for _, key := range needs {
		if known[key] {
			continue
		}
		known[key] = true
		if len(k.stepsByIntent[key]) == 0 {
			_, err := k.stepOf(key)
			return nil, err
		}
		ids = append(ids, k.stepsByIntent[key]...)
	}
	return ids, nil
}

func (k *compiler) newStep(in *item, members []model.Member, after []string) model.Step {
	s := model.Step{
		Repair: in.Repair, Findings: in.Findings, Channel: in.Channel, Confidence: in.Confidence.String(),
		Subject: in.Subject, Takes: in.Takes(), Grants: in.Grants(), Own: in.removesOwnRecord, Undoes: in.undoneStep,
		After: after, Members: renamedMembers(members, k.firstStepOf),
		Precondition: k.narrowConditions(in.Before, members), Afterwards: k.narrowConditions(in.Afterwards, members),
	}
	if len(in.Findings) > 0 {
		s.Finding = in.Findings[0]
	}
	if in.Group != (model.GroupRef{}) {
		group := in.Group
		group.Ref = k.firstStepOf[group.Ref]
		s.Group = &group
	}
	if !in.removesOwnRecord {
		s.Counts = in.Counts(len(members))
	}
	if s.Takes {
		s.BlastRadius = k.blastRadius(in, members)
	}
	return s
}

// narrowConditions narrows those that are about the intent's members to the members of this request.
func (k *compiler) narrowConditions(list []model.Condition, members []model.Member) []model.Condition {
	out := make([]model.Condition, 0, len(list))
	for _, s := range list {
		if s.OfRequest {
			s.Users, s.OfRequest = members, false
		}
		s.Ref, s.Users = k.firstStepOf[s.Ref], renamedMembers(s.Users, k.firstStepOf)
		out = append(out, s)
	}
	return out
}

func (k *compiler) handoff(in *item) *model.Handoff {
	return k.r.handoff(k.c.Source.App.ID, plan.PlaceOf(k.c, &in.Intent),
		in.Repair == model.ReapplyMappings && k.awaitApproval(in))
}

func (r *Repairer) handoff(app string, place model.Place, boxesOff bool) *model.Handoff {
	h := &model.Handoff{DeadlineS: int(r.opts.HandoffDeadline.Seconds()), BoxesOff: boxesOff}
	if r.opts.Locate == nil {
		return h
	}
	at := r.opts.Locate(app, place)
	h.URL, h.Menu = at.Link, at.Menu
	if boxesOff {
		h.Menu = r.opts.Locate(app, model.PlaceProvisioning).Menu +
			": take the boxes under Require admin approval off, and save; then " + at.Menu
	}
	return h
}

// awaitApproval: somebody of the findings waits for an approval, for which a reapply with the boxes on would ask again.
func (k *compiler) awaitApproval(in *item) bool {
	for f := range in.Ends(k.c.Findings) {
		if f.Cause == model.CausePendingApproval {
			return true
		}
	}
	return false
}
