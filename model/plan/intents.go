// Package plan turns picked findings into intents, says which conditions their steps rest on and whether these hold,
// and holds the guard that can refuse a plan.
package plan

import (
	"cmp"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Intend turns picks into intents, sorted so that it does no harm to stop after any of them. What gets none is left
// out with the reason: what the finding does not offer, a second repair for one finding, what the target would
// refuse, and what the comparison itself does not bear out. All picks of one console repair become one handoff, all
// nudges one intent a user; everything else changes one record, or the members of one group, for one finding.
func Intend(c *drift.Comparison, picks []model.Pick) (intents []model.Intent, left []model.LeftOut) {
	d := &drafter{
		Comparer: &drift.Comparer{Comparison: *c}, createdGroups: map[int32]string{},
		renamedUsers:  map[string]renaming{},
		renamedGroups: map[string]renaming{}, addedMemberships: map[Placement]bool{},
	}
	d.writesExternalID, d.unprovenRules = sync.OnceValue(d.carriesExternalIDs), sync.OnceValue(d.Unproven)
	d.choosePicks(picks)
	d.prepareChoices()
	draft := draftTable()
	for _, p := range d.chosen {
		if of := draft[p.option.Repair]; of != nil && p.option.Channel == model.Direct {
			of(d, p)
		}
	}
	d.addHandoffs()
	d.addNudges()
	d.dropUnsupported()
	slices.SortFunc(d.intents, compareIntents)
	return d.intents, d.leftOut
}

type drafter struct {
	*drift.Comparer

	// chosen is one choice a finding, in the order of the findings.
	chosen []choice
	// buttons are those of the whole app that are to be pressed whatever the findings.
	buttons []model.RepairName
	intents []model.Intent
	leftOut []model.LeftOut

	// createdGroups holds the keys of the intents that create groups, by the index of the source group.
	createdGroups map[int32]string
	// renamedUsers and renamedGroups of the target get another name in this plan, by id.
	renamedUsers, renamedGroups map[string]renaming
	// waitsFor are the choices that free what changes of a target user write.
	waitsFor map[int32][]choice
	// addedMemberships are the memberships that are added already.
	addedMemberships map[Placement]bool
	// writesExternalID says whether created users get an external id, unprovenRules which rules have a shape that is
	// not confirmed.
	writesExternalID func() bool
	unprovenRules    func() []bool
}

// choice is a pick that its finding offers.
type choice struct {
	finding *model.Finding
	option  model.Option
}

// renaming is the name that an earlier intent gives to a record.
type renaming struct{ name, key string }

// Placement is a user in a group, each by id at the target or by the key of the intent that creates it.
type Placement struct{ User, Group string }

// intentKey names an intent: one finding has at most one of each repair.
func intentKey(p choice) string { return string(p.option.Repair) + " " + p.finding.ID }

// leaveOut leaves a finding out, once for each reason.
func (d *drafter) leaveOut(finding, reason string) {
	if l := (model.LeftOut{Finding: finding, Reason: reason}); !slices.Contains(d.leftOut, l) {
		d.leftOut = append(d.leftOut, l)
	}
}

func draftTable() map[model.RepairName]func(*drafter, choice) {
	return map[model.RepairName]func(*drafter, choice){
		model.CreateUser:        (*drafter).createUser,
		model.ActivateUser:      (*drafter).activateUser,
		model.UpdateUser:        (*drafter).updateUser,
		model.DeactivateUser:    (*drafter).deactivateUser,
		model.DeleteUser:        (*drafter).deleteUser,
		model.CreateGroup:       (*drafter).createGroup,
		model.RenameGroup:       (*drafter).renameGroup,
		model.AddMembers:        (*drafter).addMembers,
		model.RemoveMembers:     (*drafter).removeMembers,
		model.DeleteGroup:       (*drafter).deleteGroup,
		model.RemoveAssignments: (*drafter).removeAssignments,
		model.MoveAssignments:   (*drafter).moveAssignments,
	}
}

func newIntent(p choice) model.Intent {
	f := p.finding
	return model.Intent{
		Key: intentKey(p), Option: p.option, Findings: []string{f.ID}, Subject: f.Subject, Confidence: f.Confidence,
	}
}

func (d *drafter) addIntent(in model.Intent) { d.intents = append(d.intents, in) }

// dropUnsupported drops intents whose facts about the source do not hold in the comparison itself, such as a delete
// while memberships are unknown, with what waits for them: a run would skip them, and a plan should say so at once.
func (d *drafter) dropUnsupported() {
	e := newEvaluator(Observation{Compared: &d.Comparison})
	gone := map[string]bool{}
	for i := range d.intents {
		in := &d.intents[i]
		if why := e.brokenAtSource(in.Before); why != "" {
			gone[in.Key] = true
			for _, f := range in.Findings {
				d.leaveOut(f, why)
			}
		}
	}
	for more := len(gone) > 0; more; {
		more = false
		for i := range d.intents {
			in := &d.intents[i]
			if !gone[in.Key] && slices.ContainsFunc(in.After, func(key string) bool { return gone[key] }) {
				gone[in.Key], more = true, true
				said := func(l model.LeftOut) bool { return l.Finding == in.Findings[0] }
				if !slices.ContainsFunc(d.leftOut, said) { // another reason says more
					d.leaveOut(in.Findings[0], "it builds on a step that is left out")
				}
			}
		}
	}
	d.intents = slices.DeleteFunc(d.intents, func(in model.Intent) bool { return gone[in.Key] })
}

// brokenAtSource answers the conditions about the source that need no record which has yet to be created.
func (e *evaluator) brokenAtSource(list []model.Condition) string {
	return firstReason(list, func(s *model.Condition) string {
		unborn := s.Ref != "" || slices.ContainsFunc(s.Users, func(m model.Member) bool { return m.Ref != "" })
		if s.Side != model.AtSource || unborn {
			return ""
		}
		return e.whyBroken(s)
	})
}

// compareIntents orders by rank, then by who waits for whom, then by subject. Of two updates of one user the one that
// renames him is first: the other knows him by the new name.
func compareIntents(a, b model.Intent) int {
	renames := func(in *model.Intent) int {
		if in.Writes(model.FieldUserName) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Rank(), b.Rank()), cmp.Compare(a.Turn, b.Turn),
		model.ByFolded(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Subject.SourceID, b.Subject.SourceID), cmp.Compare(a.Subject.TargetID, b.Subject.TargetID),
		cmp.Compare(renames(&a), renames(&b)), model.ByFolded(a.Group.Name, b.Group.Name), cmp.Compare(a.Key, b.Key))
}
