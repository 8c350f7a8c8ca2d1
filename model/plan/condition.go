package plan

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Broken gives the first condition that does not hold, or that cannot be answered by what was read, as a phrase for an
// operator; "" if all hold. What was not read, or not in full, never holds.
func (s Observation) Broken(list []model.Condition) string {
	return firstReason(list, newEvaluator(s).whyBroken)
}

// firstReason gives the first thing that is said of some records; "" if nothing is.
func firstReason[T any](records []T, says func(*T) string) string {
	for i := range records {
		if why := says(&records[i]); why != "" {
			return why
		}
	}
	return ""
}

type evaluator struct {
	Observation

	// comparer is the comparison of the observation with the tests that Compare itself uses, so that a condition cannot
	// come to mean something else than the finding that it was made from; nil without a comparison.
	comparer       *drift.Comparer
	factTable      map[model.ConditionKind]fact
	source, target Index
}

func newEvaluator(s Observation) *evaluator {
	e := &evaluator{Observation: s, factTable: factTable()}
	if s.Compared != nil {
		e.comparer = &drift.Comparer{Comparison: *s.Compared}
		e.source, e.target = NewIndex(&s.Compared.Source.Directory), NewIndex(&s.Compared.Target)
	}
	return e
}

func (e *evaluator) whyBroken(s *model.Condition) string {
	if s.Ref != "" {
		return "what an earlier step creates is not there yet"
	}
	for i := range s.Users {
		if m := &s.Users[i]; m.Ref != "" {
			return model.Visible(m.UserName) + ", whom an earlier step creates, is not there yet"
		}
	}
	row, known := e.factTable[s.Fact]
	switch {
	case !known:
		return fmt.Sprintf("the condition %q is not one that this version knows; make the plan again", string(s.Fact))
	case !s.Fact.FromSource():
		return row.whyBroken(e, s)
	case e.comparer == nil:
		return "the source was not read again"
	}
	return cmp.Or(row.whyBroken(e, s), e.whyContradicted(s))
}

// whyContradicted says that sources contradict each other about the record that a condition is about, "" if they do
// not.
func (e *evaluator) whyContradicted(s *model.Condition) string {
	if s.ID == "" {
		return ""
	}
	for i := range e.comparer.Findings {
		if f := &e.comparer.Findings[i]; f.Subject.TargetID == s.ID && f.Contradicted != "" {
			return "sources contradict each other: " + f.Contradicted
		}
	}
	return ""
}

// whyAnyBroken answers a condition about all of its users; about nobody it says nothing that could hold.
func (e *evaluator) whyAnyBroken(s *model.Condition, broken func(*model.Member) string) string {
	if len(s.Users) == 0 {
		return "the condition names nobody; make the plan again"
	}
	return firstReason(s.Users, broken)
}

// NewObservation is one of nothing yet.
func NewObservation() Observation {
	return Observation{
		Users: map[string]*model.User{}, Groups: map[string]*model.Group{}, Members: map[string]model.MemberList{},
		Records: map[model.RecordRef]json.RawMessage{}, Versions: map[model.RecordRef]model.RecordVersion{},
		UserNames: map[string]string{}, GroupNames: map[string]string{}, ExternalIDs: map[string]string{},
		Assignments: map[string]model.Assigned{}, Dangling: map[model.Assignment]bool{}, Revisions: map[string]string{},
	}
}

// Observation is what a re-read showed.
type Observation struct {
	// Users and Groups are records of the target by id; nil: it is not there. What is not in the map was not read.
	Users  map[string]*model.User
	Groups map[string]*model.Group
	// Members are the members of groups, by group id.
	Members map[string]model.MemberList
	// Records are records as the target answers them, by type and id, because a user and a group may have the same id;
	// nil: it is not there.
	Records map[model.RecordRef]json.RawMessage
	// Versions are those of the records in Records.
	Versions map[model.RecordRef]model.RecordVersion
	// UserNames and GroupNames hold the id of who has a folded name, "" if nobody.
	UserNames, GroupNames map[string]string
	// ExternalIDs hold the id of the user who has an external id, "" if nobody.
	ExternalIDs map[string]string
	// Assignments are the account assignments of principals, by their ids.
	Assignments map[string]model.Assigned
	// Dangling says of account assignments of groups that are gone, by ids alone, whether they are there.
	Dangling map[model.Assignment]bool
	// Made are the groups that the run has just made for OneLogin's.
	Made []model.Provenance
	// Revisions are what AWS gives the versions of users and groups as, by their ids.
	Revisions map[string]string
	// Compared is the comparison of both sides, patched with what was read; nil if no fact of the source was asked.
	Compared *drift.Comparison
}
