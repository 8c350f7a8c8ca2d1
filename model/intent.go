package model

import (
	"encoding/json"
	"iter"
	"slices"
)

// Pick is the choice of one repair for one finding.
type Pick struct {
	Option

	// Finding is the id of the finding; empty for a button of the whole app that no finding asks for.
	Finding string `json:"finding"`
	// Named: somebody chose this very finding, by its id or on its row, and not as one of many. Some deletes want that.
	Named bool `json:"named,omitempty"`
}

// Member is a user as a step means it, by id and by name, so that a re-read can tell whether it is still that one.
type Member struct {
	// ID is the id at the target; empty where an earlier step creates the user.
	ID       string `json:"id"`
	UserName string `json:"user_name"`
	SourceID string `json:"source_id,omitempty"`
	// Ref names what creates the user: the key of an intent, and in a plan the id of a step.
	Ref string `json:"ref,omitempty"`
}

// GroupRef is a group at the target as a step means it. Ref is as in Member.
type GroupRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Ref  string `json:"ref,omitempty"`
}

// Intent is one change that a repair makes, in the model's words. An adapter's Encode turns it into one request or,
// where a service takes no more than a hundred members at once, into several.
type Intent struct {
	Option

	// Key names it among the intents of a plan.
	Key string
	// Findings are the ids of those that it ends; a handoff can end many, everything else has one.
	Findings []string
	Subject  Subject
	// Confidence is the lowest of its findings.
	Confidence Confidence

	// User is what create-user writes.
	User *User
	// Changes are what update-user, activate-user, deactivate-user and rename-group write: Source is the value to come,
	// Target the one that is there. Names are SCIM's: userName, name.givenName, active ("true", "false").
	Changes []FieldDiff
	// Group is the group that is created, renamed, deleted, or whose members change.
	Group GroupRef
	// Members are those whom add-members or remove-members are about; for delete-group those who lose it; for a nudge
	// or a handoff the users whom it should reach.
	Members []Member
	// Assignments are what the repairs of account assignments are about.
	Assignments []Assignment
	// Groups, for delete-user, are those the user is in.
	Groups []GroupRef
	// After are the keys of intents without whose success this one makes no sense.
	After []string
	// Turn grows along a queue of intents of which each frees a name for the next.
	Turn int

	// Record is the record as the target answers it, or as earlier steps of the plan leave it, where the adapter asked
	// for it (repair.Target.Needs). Rewritten: an earlier step writes it: its version is not known.
	Record    json.RawMessage
	Rewritten bool

	// Before must hold when it is re-read just before the write, and Afterwards proves that the write did it.
	Before, Afterwards []Condition
}

// Encoded is one request of an intent, with its members, and with what must hold before it beside the intent's own.
type Encoded struct {
	Request Request
	Members []Member
	Before  []Condition
}

// RecordRef names a record of the target, by its id or as what an intent creates. The zero value is none.
type RecordRef struct {
	Type    SubjectType
	ID, Ref string
}

// Takes reports whether the repair can cost somebody access.
func (in *Intent) Takes() bool {
	return in.Channel == Direct && (in.Repair.takes() || in.Repair == UpdateUser && in.Writes("userName"))
}

// Grants reports whether the repair can give somebody access.
func (in *Intent) Grants() bool { return in.Channel == Direct && in.Repair.facts().counts.Grants > 0 }

// Counts are what a step of so many members takes and grants. Those of a deleted group lose it as if removed.
func (in *Intent) Counts(members int) (n Counts) {
	if in.Channel != Direct {
		return n
	}
	facts, times := in.Repair.facts(), 1
	if facts.eachMember {
		times = members
	}
	n = Counts{times * facts.counts.Deletes, times * facts.counts.Removals, times * facts.counts.Grants}
	if in.Repair == DeleteGroup {
		n.Removals = len(in.Members)
	}
	return n
}

// Writes reports whether the intent changes the attribute.
func (in *Intent) Writes(field string) bool {
	return slices.ContainsFunc(in.Changes, func(c FieldDiff) bool { return c.Name == field })
}

// RequireSourceValue states that the source still has the value that is written.
func (in *Intent) RequireSourceValue(field string, src *User, who Member) {
	value, _ := src.Attribute(field)
	in.Before = append(in.Before, Wants.On("", "").Being(field, value).With(who))
}

// WaitFor makes an intent depend on others; an empty key is nobody's.
func (in *Intent) WaitFor(keys ...string) {
	for _, key := range keys {
		if key != "" && !slices.Contains(in.After, key) {
			in.After = append(in.After, key)
		}
	}
}

// SetActive fills in the change of the active attribute.
func (in *Intent) SetActive(id string, to bool) {
	word := map[bool]string{true: "true", false: "false"}
	active := FieldActive.String()
	in.Changes = []FieldDiff{{Name: active, Source: word[to], Target: word[!to]}}
	in.Before = append(in.Before, FieldIs.On(id, "").Being(active, word[!to]))
	in.Afterwards = append(in.Afterwards, FieldIs.On(id, "").Being(active, word[to]))
}

// Ends are those of some findings that it ends.
func (in *Intent) Ends(all []Finding) iter.Seq[*Finding] {
	ids := Set(in.Findings)
	return func(yield func(*Finding) bool) {
		for i := range all {
			if ids[all[i].ID] && !yield(&all[i]) {
				return
			}
		}
	}
}

// Set holds each of some values once.
func Set[K comparable](values []K) map[K]bool { return SetOf(values, func(v *K) K { return *v }) }

// By finds records by what they are known by, the last of those that share it.
func By[T any, K comparable](records []T, key func(*T) K) map[K]*T {
	at := make(map[K]*T, len(records))
	for i := range records {
		at[key(&records[i])] = &records[i]
	}
	return at
}

// Map gives what a function makes of each record.
func Map[T, R any](records []T, to func(*T) R) []R {
	out := make([]R, len(records))
	for i := range records {
		out[i] = to(&records[i])
	}
	return out
}

// SetOf holds what some records are known by.
func SetOf[T any, K comparable](records []T, key func(*T) K) map[K]bool {
	set := make(map[K]bool, len(records))
	for i := range records {
		set[key(&records[i])] = true
	}
	return set
}
