package model

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Principal is a user or a group of the target, as account assignments mean it.
type Principal struct {
	Type SubjectType
	ID   string
}

// Assignment gives a principal a permission set in an AWS account. The names are raw, and empty where unreadable.
type Assignment struct {
	AccountID        string      `json:"account_id"`
	Account          string      `json:"account,omitempty"`
	PermissionSetARN string      `json:"permission_set_arn"`
	PermissionSet    string      `json:"permission_set,omitempty"`
	PrincipalType    SubjectType `json:"principal_type"`
	// PrincipalID is empty where an earlier step creates the principal; then PrincipalRef names what does.
	PrincipalID  string `json:"principal_id,omitempty"`
	PrincipalRef string `json:"principal_ref,omitempty"`
}

// String names permission set and account, each by its id where its name is not known.
func (a Assignment) String() string {
	account := a.AccountID
	if a.Account != "" {
		account = a.Account + " (" + a.AccountID + ")"
	}
	return cmp.Or(a.PermissionSet, a.PermissionSetARN) + " in " + account
}

// ForPrincipal is the same permission set in the same account for a principal, by ids alone, so that two can be
// compared.
func (a Assignment) ForPrincipal(kind SubjectType, id string) Assignment {
	return Assignment{
		AccountID: a.AccountID, PermissionSetARN: a.PermissionSetARN, PrincipalType: kind, PrincipalID: id,
	}
}

// WithoutNames is the assignment by ids alone, without names, so that two that were read at different times compare
// equal.
func (a Assignment) WithoutNames() Assignment { return a.ForPrincipal(a.PrincipalType, a.PrincipalID) }

// Same reports whether two assignments give the same permission set in the same account, to whomever.
func (a Assignment) Same(b Assignment) bool {
	return a.AccountID == b.AccountID && a.PermissionSetARN == b.PermissionSetARN
}

// Assigned are the account assignments of one principal.
type Assigned struct {
	List []Assignment `json:"list"`
	// Unknown is why they could not be read; empty if List is all of them.
	Unknown string `json:"unknown,omitempty"`
}

// AssignedOf is what a question for a principal's account assignments was answered with.
func AssignedOf(list []Assignment, err error) Assigned {
	if err != nil {
		return Assigned{Unknown: err.Error()}
	}
	return Assigned{List: list}
}

// Has reports whether the principal has an assignment to that permission set in that account.
func (a Assigned) Has(want Assignment) bool { return slices.ContainsFunc(a.List, want.Same) }

// AssignmentNames words assignments, sorted.
func AssignmentNames(list []Assignment) []string {
	names := Map(list, (*Assignment).String)
	slices.Sort(names)
	return names
}

// Assignment is the account assignment that a step takes away or makes; nil for any other step.
func (s *Step) Assignment() *Assignment {
	if !s.Repair.OfAssignments() {
		return nil
	}
	for i := range s.Precondition {
		if a := s.Precondition[i].Assignment; a != nil {
			return a
		}
	}
	return nil
}

// FormerName is what a group of the target was called that may be gone by now, and what shows it. The name is raw.
type FormerName struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	At   time.Time `json:"at,omitzero"`
	// Where says what shows it, such as "the journal of run 20261123-080000-ab12".
	Where string `json:"where"`
}

// maxFormerNames is how many groups that are gone are remembered, and formerNameLife how long.
const (
	maxFormerNames = 2000
	formerNameLife = 90 * 24 * time.Hour
)

// NamesOf are the names that groups had when they were read.
func NamesOf(groups []Group, at time.Time) []FormerName {
	return Map(groups, func(g *Group) FormerName {
		return FormerName{ID: g.ID, Name: g.Name, At: at, Where: "what was last known of the target"}
	})
}

// GoneGroupNames are those of some names whose groups are not there now, each with the last name that it had: at most
// 2,000, and none that was last seen more than 90 days before the newest.
func GoneGroupNames(known []FormerName, now []Group) []FormerName {
	there := SetOf(now, func(g *Group) string { return g.ID })
	last := map[string]FormerName{}
	for _, f := range known {
		if was, twice := last[f.ID]; !there[f.ID] && (!twice || !f.At.Before(was.At)) {
			last[f.ID] = f
		}
	}
	out := slices.SortedFunc(maps.Values(last), func(a, b FormerName) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	for i := range out {
		if i == maxFormerNames || out[0].At.Sub(out[i].At) > formerNameLife {
			return out[:i]
		}
	}
	return out
}

// FormerByRuns is what runs say of the groups that they created, renamed or deleted: each name, with its run.
func FormerByRuns(runs []Run) (out []FormerName) {
	for r := range runs {
		run := &runs[r]
		for s, rec := range run.Confirmed() {
			if s.Group == nil {
				continue
			}
			f := FormerName{ID: s.Group.ID, Name: s.Group.Name, At: rec.At, Where: "the journal of run " + run.ID}
			switch s.Repair {
			case CreateGroup:
				f.ID = rec.CreatedID
			case RenameGroup:
				for _, after := range s.Afterwards {
					if after.Fact == GroupIs && after.ID == f.ID {
						f.Name = after.Name
					}
				}
			case DeleteGroup:
			default:
				continue
			}
			if f.ID != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

// Stranded are the account assignments that hang on the id of one group that is gone. AWS keeps them, and gives a
// group that is made again a new id (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
type Stranded struct {
	ID   string
	List []Assignment
	// Name is what the group was called, raw, and Proof what shows it; empty where nothing does, or proofs disagree.
	Name  string
	Proof []Evidence
	// Group is the target's group of that name; None where there is not exactly one.
	Group int32
	// Why is why they cannot be moved to that group, as a phrase; empty where they can.
	Why string
}

// Movable reports whether it is proven whose they were, and whose they should be.
func (s *Stranded) Movable() bool { return s.Why == "" }

// Called names the group that is gone by the name that it had, else by its id.
func (s *Stranded) Called() string { return "the deleted group " + cmp.Or(s.Name, s.ID) }
