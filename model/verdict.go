package model

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
