package model

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
