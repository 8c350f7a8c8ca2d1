package model

import "time"

// Relation is what a record or a membership is, seen from both sides.
type Relation uint8

func (r Relation) String() string {
	return [...]string{"unknown", "in-sync", "differs", "source-only", "target-only", ""}[r]
}

// Relation is what the kind of a finding says of its record.
func (f *Finding) Relation() Relation {
	switch {
	case f.Source == None && f.Target == None:
		return Aside
	case f.Contradicted != "":
		return Unsettled
	}
	switch f.Kind { //nolint:exhaustive // all others are of pairs
	case UserUnsynced, GroupMissing:
		return OnlySource
	case UserLingering, GroupLingering, GroupUnclaimed:
		return OnlyTarget
	}
	return Differs
}

// The relations. The zero value is Unsettled, so that what nobody judged is never taken for equal.
const (
	// Unsettled: what was read does not tell, or contradicts itself.
	Unsettled Relation = iota
	Same
	Differs
	OnlySource
	OnlyTarget
	// Aside: there are no records to compare, as with a finding about a rule or the connection.
	Aside
)

// Action is the repair that ends a finding best: the first that it offers. There is none where a person has to find
// out, decide or mend something first.
func (f *Finding) Action() (o Option, ok bool) {
	switch {
	case len(f.Repairs) == 0, f.Kind == GroupUnclaimed, f.Cause == CauseMissingAttribute, f.Cause == CauseNameConflict:
		return Option{}, false
	}
	return f.Repairs[0], true
}

// Since is when what a finding is about happened, as far as the evidence dates it: the first that explains it. It is
// zero where nothing does.
func (f *Finding) Since() time.Time {
	for i := range f.Evidence {
		if at := f.Evidence[i].At; !at.IsZero() && !f.Evidence[i].Against {
			return at
		}
	}
	return time.Time{}
}
