package model

import (
	"slices"
	"strings"
	"time"
)

// Sentence says what a source says, and who it is.
func (e *Evidence) Sentence() string {
	said := e.What
	if e.Text != "" {
		said += " " + Visible(e.Text)
	}
	if e.Where != "" {
		said = e.Where + ": " + said
	}
	return said
}

// EvidenceAssignment is what a finding says of an account assignment; its text names permission set and account.
const EvidenceAssignment = "account assignment"

// Shows reports whether any of the evidence that explains the finding says that.
func (f *Finding) Shows(what string) bool {
	return slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.What == what })
}

// Kind names what is wrong, in the words of the reports.
type Kind string

// KindOf is the kind of the finding with an id.
func KindOf(id string) Kind {
	kind, _, _ := strings.Cut(id, "/")
	return Kind(kind)
}

// Setup tells the kinds of the set-up's checks from those of records.
func (k Kind) Setup() bool { return strings.HasPrefix(string(k), "setup-") }

// The kinds of findings that come from comparing both sides.
const (
	UserUnsynced    Kind = "user-unsynced"
	UserLingering   Kind = "user-lingering"
	UserStillActive Kind = "user-still-active"
	UserInactive    Kind = "user-inactive"
	UserRenamed     Kind = "user-renamed"
	UserAttributes  Kind = "user-attributes"
	UserDuplicate   Kind = "user-duplicate"
	GroupDuplicate  Kind = "group-duplicate"
	GroupLingering  Kind = "group-lingering"
	GroupUnclaimed  Kind = "group-unclaimed"
	GroupMissing    Kind = "group-missing"
	GroupRenamed    Kind = "group-renamed"
	MembersMissing  Kind = "members-missing"
	MembersExtra    Kind = "members-extra"
	// AssignmentsStranded: account assignments of a group that was deleted and made again hang on its old id.
	AssignmentsStranded Kind = "assignments-stranded"
)

// Kinds lists every kind, the worst and most basic first: the order in which reports group findings of one severity.
func Kinds() []Kind {
	return append([]Kind{
		UserStillActive, MembersExtra, GroupLingering, GroupMissing, UserUnsynced, UserLingering, UserInactive,
		MembersMissing, AssignmentsStranded, GroupRenamed, UserRenamed, UserDuplicate, GroupDuplicate, UserAttributes,
		RuleRedundant, RuleOpaque, GroupUnclaimed,
	}, SetupKinds()...)
}

// Severity ranks findings; a larger one is worse. Info findings are no drift for exit codes.
type Severity uint8

// The severities.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

func (s Severity) String() string {
	return [...]string{"info", "low", "medium", "high", "critical"}[s]
}

// Severities are all of them, the worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// Confidence says how far a finding can be relied on: Certain where both sides were read and say so; Likely where a
// weaker match or a fallback stands behind it; Unsure where the proof could not be read.
type Confidence uint8

// The confidences. Unsure is written "unknown" in the reports.
const (
	Unsure Confidence = iota
	Likely
	Certain
)

func (c Confidence) String() string { return [...]string{"unknown", "likely", "certain"}[c] }

// Cause is why a finding is there, as far as it is known.
type Cause string

// The causes that comparing, the app's settings, the events and the provisioning states can tell.
const (
	CauseUnknown            Cause = "unknown"
	CausePendingApproval    Cause = "pending-approval"
	CauseProvisioningFailed Cause = "provisioning-failed"
	CauseMissingAttribute   Cause = "missing-attribute"
	CauseNameConflict       Cause = "name-conflict"
	CauseNeverAttempted     Cause = "never-attempted"
	CauseProvisioningOff    Cause = "provisioning-off"
	CauseTokenRejected      Cause = "token-rejected"
	CauseSourceUnassigned   Cause = "source-unassigned"
	CauseSourceDeleted      Cause = "source-deleted"
	CauseSourceUnmapped     Cause = "source-unmapped"
	CauseSourceSuspended    Cause = "source-suspended"
	CauseSourceChanged      Cause = "source-changed"
	CauseTargetChanged      Cause = "target-changed"
	CauseSourceRenamed      Cause = "source-renamed"
	CauseTargetRenamed      Cause = "target-renamed"
	CauseSourceRemoved      Cause = "source-removed"
	CauseTargetAdded        Cause = "target-added"
	CauseDuplicate          Cause = "duplicate"
	CauseNoProof            Cause = "no-proof"
	CauseDeletedAtTarget    Cause = "deleted-at-target"
	CauseGroupsNotIncluded  Cause = "groups-not-included"
	CauseOver100            Cause = "over-100"
	CauseStaleEntitlement   Cause = "stale-entitlement"
	CauseSafeEntitlements   Cause = "safe-entitlements"
)

// Causes lists every cause that is known, in no order that matters.
func Causes() []Cause {
	return []Cause{
		CauseUnknown, CausePendingApproval, CauseProvisioningFailed, CauseMissingAttribute, CauseNameConflict,
		CauseNeverAttempted, CauseProvisioningOff, CauseTokenRejected, CauseSourceUnassigned, CauseSourceDeleted,
		CauseSourceUnmapped, CauseSourceSuspended, CauseSourceChanged, CauseTargetChanged, CauseSourceRenamed,
		CauseTargetRenamed, CauseSourceRemoved, CauseTargetAdded, CauseDuplicate, CauseNoProof, CauseDeletedAtTarget,
		CauseGroupsNotIncluded, CauseOver100, CauseStaleEntitlement, CauseSafeEntitlements, CauseUnreadableRule,
		CauseTwoRules, CauseRuleAndDefault,
	}
}

// SubjectType is what a finding is about.
type SubjectType string

// The types of subjects.
const (
	SubjectUser  SubjectType = "user"
	SubjectGroup SubjectType = "group"
)

// Subject names the record that a finding is about. Name is raw: the source's if any. A side without it has no id.
type Subject struct {
	Type     SubjectType `json:"type"`
	Name     string      `json:"name"`
	SourceID string      `json:"source_id"`
	TargetID string      `json:"target_id"`
}

// FieldDiff is one attribute that differs, with the raw values of both sides.
type FieldDiff struct {
	Name   string `json:"name"`
	Source string `json:"source"`
	Target string `json:"target"`
}

// Evidence is one fact that a finding rests on. At is zero where the fact has no time of its own.
type Evidence struct {
	At time.Time
	// What is an event's name, such as ROLE_DELETED, or a phrase about the records.
	What string
	// By is who did it, Text what came with it; both raw, and empty if unknown.
	By, Text string
	// Where it was read, such as "the user's own record in OneLogin"; empty for OneLogin's log and the lists.
	Where string
	// Against: it speaks against the finding.
	Against bool
}

// From is where it was read, in words, whatever it is.
func (e *Evidence) From() string {
	switch {
	case e.Where != "":
		return e.Where
	case e.What == EvidenceAssignment:
		return "AWS, asked for account assignments"
	case !e.At.IsZero():
		return "OneLogin's log"
	}
	return "the lists of both sides"
}

// Finding is one named difference between the sides.
type Finding struct {
	// ID is stable between runs: kind, slash, percent-encoded folded name.
	ID         string
	Kind       Kind
	Severity   Severity
	Confidence Confidence
	// Contradicted is who says what where sources contradict each other, such as "the app's list lacks dana, three
	// granting roles list dana"; empty where they agree. The guard refuses every write for such a finding.
	Contradicted string
	Cause        Cause
	Subject      Subject
	// Source and Target are the subject's indices in the directories that were compared; None where there is no record.
	Source, Target int32

	// Members are userNames, sorted: who is missing, too many, or would lose a group; or the claimants who lose.
	Members []string
	// MembersUnknown is why the members of the subject, a group, could not be read; Members then says nothing.
	MembersUnknown string
	// Fields are the attributes that differ.
	Fields   []FieldDiff
	Evidence []Evidence
	// FurtherEvidence is what else was read or asked in this load and speaks for or against it (ClaimTable).
	FurtherEvidence []Evidence
	// People are the source users of Members.
	People []int32
	// Blocked is why nothing is taken away on its strength, such as that its lists were not read in full; else empty.
	Blocked string
	// Provisional: the load that found it has not ended; see Comparison.Provisional.
	Provisional bool
	// Check is the set-up check that says the same; nil for findings of other kinds.
	Check *Check
	// Repairs, best first.
	Repairs []Option
}

// AllEvidence is what explains the finding, then what else speaks for or against it.
func (f *Finding) AllEvidence() []Evidence {
	return append(slices.Clip(f.Evidence), f.FurtherEvidence...)
}

// Withholds says why a finding does not offer a repair.
func (f *Finding) Withholds(r RepairName) string {
	switch {
	case f.Contradicted != "":
		return string(r) + " is not offered while sources contradict each other: " + f.Contradicted
	case f.Blocked != "" && len(f.Repairs) == 0:
		return string(r) + " is not offered: " + f.Blocked
	}
	return "it does not offer " + string(r) + "; it offers " + Offered(f.Repairs)
}

// OnlyByName reports whether a repair of a finding is chosen by its name only: too little is known to do it in bulk.
func (f *Finding) OnlyByName(r RepairName) bool {
	switch f.Kind { //nolint:exhaustive // nothing of the others is deleted or switched off
	case GroupUnclaimed:
		return r == DeleteGroup || r == RemoveAssignments
	case UserLingering:
		return (r == DeleteUser || r == DeactivateUser) && (f.Cause == CauseUnknown || f.Confidence < Certain)
	}
	return false
}

// Offered lists repairs for people.
func Offered(options []Option) string {
	var names []string
	for _, o := range options {
		if !slices.Contains(names, string(o.Repair)) {
			names = append(names, string(o.Repair))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// EvidenceLookAlike marks the evidence of a pair whose names only look alike; its text spells both.
const EvidenceLookAlike = "the names only look alike"

// LooksAlike reports whether nothing but the look of the names makes the subject's records one.
func (f *Finding) LooksAlike() bool { return f.Shows(EvidenceLookAlike) }

// GivesTwice says of a redundant rule which group it gives, and which other way, the first, gives it too.
func (f *Finding) GivesTwice() string {
	if len(f.Evidence) < 2 {
		return "gives a group that users have in another way already"
	}
	other := "by the default value of the Groups parameter"
	if by := f.Evidence[1].Text; by != "" {
		other = "by the rule " + by
	}
	return "gives " + f.Evidence[0].Text + " to users who have it already " + other
}

// NeutralRepair is the first repair of a finding that neither takes nor grants.
func (f *Finding) NeutralRepair() (o Option, there bool) {
	for _, o := range f.Repairs {
		if takes, grants := f.Effect(o); !takes && !grants {
			return o, true
		}
	}
	return o, false
}

// Effect says whether a repair of this finding takes access, and whether it grants any. A group comes with members.
func (f *Finding) Effect(o Option) (takes, grants bool) {
	in := Intent{Option: o, Changes: f.Fields}
	return in.Takes(), in.Grants() || o.Repair == CreateGroup && len(f.Members) > 0
}

// Offers reports whether the repair is one of those that the finding offers.
func (f *Finding) Offers(r RepairName) bool {
	return slices.ContainsFunc(f.Repairs, func(o Option) bool { return o.Repair == r })
}

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

// Action is the first repair of a finding; none where a person has to find out, decide or mend something first.
func (f *Finding) Action() (o Option, ok bool) {
	switch {
	case len(f.Repairs) == 0, f.Kind == GroupUnclaimed, f.Cause == CauseMissingAttribute, f.Cause == CauseNameConflict:
		return Option{}, false
	}
	return f.Repairs[0], true
}

// Since is when what a finding is about happened, by the first evidence that dates it; zero where none does.
func (f *Finding) Since() time.Time {
	for _, e := range f.Evidence {
		if !e.At.IsZero() && !e.Against {
			return e.At
		}
	}
	return time.Time{}
}
