package model

import (
	"cmp"
	"slices"
	"time"
)

// GroupKey names what the findings of a cause group have in common, for good: it is the same after the next read.
type GroupKey struct {
	// Why is the cause, or the kind of what a group of several causes is about.
	Why string
	// Repair ends the findings; empty where no repair of ours does.
	Repair RepairName
}

// What groups of more than one kind or cause are about; all others are about a cause or a kind by its name.
const (
	WhyContradicted  = "contradicted"
	WhyAccessMissing = "access-missing"
	WhyDetailsDiffer = "details-differ"
	WhyDuplicates    = "duplicates"
)

// CauseGroup is findings with one cause, under one heading, with the one repair that ends them.
type CauseGroup struct {
	Key      GroupKey
	Severity Severity
	// Action is the repair that ends them best; its Repair is empty where none of ours does.
	Action Option
	// Findings are indices, those that state the cause itself first, then its symptoms, each the worst first.
	Findings []int32
	// Causes is how many of Findings state the cause itself and explain the others.
	Causes int
}

// Of gives the group's findings.
func (g *CauseGroup) Of(all []Finding) []*Finding {
	out := make([]*Finding, len(g.Findings))
	for i, at := range g.Findings {
		out[i] = &all[at]
	}
	return out
}

// Explains reports whether the group has a cause that stands for symptoms beneath it.
func (g *CauseGroup) Explains() bool { return g.Causes > 0 && g.Causes < len(g.Findings) }

// CauseGroups tells the findings by cause and action, in the order in which they should be repaired: the worst first,
// and of equals those that explain others first. A group bears the severity of its worst symptom.
func CauseGroups(findings []Finding) []CauseGroup {
	var groups []CauseGroup
	at := map[GroupKey]int{}
	symptom := map[string]GroupKey{}
	for i := range findings {
		if f := &findings[i]; f.Check == nil {
			if key := f.groupKey(); symptom[key.Why] == (GroupKey{}) {
				symptom[key.Why] = key
			}
		}
	}
	for i := range findings {
		f := &findings[i]
		key := f.groupKey()
		states := f.Check != nil
		if first, explained := symptom[key.Why]; states && explained {
			key = first // it is shown with what it explains, whatever button its own page has
		}
		g, known := at[key]
		if !known {
			g = len(groups)
			at[key] = g
			groups = append(groups, CauseGroup{Key: key})
		}
		groups[g].add(int32(i), f, states)
	}
	slices.SortStableFunc(groups, func(a, b CauseGroup) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), -compareBool(a.Explains(), b.Explains()))
	})
	return groups
}

func (g *CauseGroup) add(i int32, f *Finding, states bool) {
	g.Severity = max(g.Severity, f.Severity)
	action, _ := f.Action()
	if g.Action.Repair == "" || !states && len(g.Findings) == g.Causes {
		g.Action = action
	}
	if states {
		g.Findings = slices.Insert(g.Findings, g.Causes, i)
		g.Causes++
		return
	}
	g.Findings = append(g.Findings, i)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// groupKey says which group a finding belongs to.
func (f *Finding) groupKey() GroupKey {
	if f.Contradicted != "" {
		return GroupKey{Why: WhyContradicted}
	}
	action, _ := f.Action()
	if f.Kind == UserLingering && action.Repair == DeleteUser {
		action.Repair = DeactivateUser // who is switched off already can only be deleted; one key does either
	}
	return GroupKey{f.why(), action.Repair}
}

// why is the cause where it explains findings of every kind, else what kinds that end alike are about.
func (f *Finding) why() string {
	if f.Check != nil {
		return checkWhy(f.Kind)
	}
	switch f.Cause { //nolint:exhaustive // the others explain findings of one kind only
	case CauseProvisioningOff, CauseTokenRejected, CauseGroupsNotIncluded, CausePendingApproval, CauseSafeEntitlements,
		CauseMissingAttribute,
		CauseNameConflict:
		return string(f.Cause)
	case CauseDeletedAtTarget, CauseStaleEntitlement:
		return string(CauseStaleEntitlement)
	}
	switch f.Kind { //nolint:exhaustive // the others stand for themselves
	case UserUnsynced, UserInactive, MembersMissing:
		return WhyAccessMissing
	case UserRenamed, UserAttributes:
		return WhyDetailsDiffer
	case UserDuplicate, GroupDuplicate:
		return WhyDuplicates
	case GroupMissing:
		if action, _ := f.Action(); action.Repair == RefreshEntitlements {
			return string(CauseStaleEntitlement)
		}
	}
	return string(f.Kind)
}

// checkWhy is the cause that a set-up check states.
func checkWhy(kind Kind) string {
	switch kind { //nolint:exhaustive // the others are a cause of their own
	case SetupProvisioningOff:
		return string(CauseProvisioningOff)
	case SetupAppToken:
		return string(CauseTokenRejected)
	case SetupGroupsNotIncluded:
		return string(CauseGroupsNotIncluded)
	case SetupPendingApprovals:
		return string(CausePendingApproval)
	case SetupStaleEntitlements:
		return string(CauseStaleEntitlement)
	case SetupRuleRedundant:
		return string(RuleRedundant)
	case SetupDanglingAssignments:
		return string(AssignmentsStranded)
	}
	return string(kind)
}

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
