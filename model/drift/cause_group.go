package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// GroupKey names what the findings of a cause group have in common, for good: it is the same after the next read.
type GroupKey struct {
	// Why is the cause, or the kind of what a group of several causes is about.
	Why string
	// Repair ends the findings; empty where no repair of ours does.
	Repair model.RepairName
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
	Severity model.Severity
	// Action is the repair that ends them best; its Repair is empty where none of ours does.
	Action model.Option
	// Findings are indices, those that state the cause itself first, then its symptoms, each the worst first.
	Findings []int32
	// Causes is how many of Findings state the cause itself and explain the others.
	Causes int
}

// Of gives the group's findings.
func (g *CauseGroup) Of(all []model.Finding) []*model.Finding {
	out := make([]*model.Finding, len(g.Findings))
	for i, at := range g.Findings {
		out[i] = &all[at]
	}
	return out
}

// HasSymptoms reports whether the group has a cause that stands for symptoms beneath it.
func (g *CauseGroup) HasSymptoms() bool { return g.Causes > 0 && g.Causes < len(g.Findings) }

// CauseGroups tells the findings by cause and action, in the order in which they should be repaired: the worst first,
// and of equals those that explain others first. A group bears the severity of its worst symptom.
func CauseGroups(findings []model.Finding) []CauseGroup {
	var groups []CauseGroup
	at := map[GroupKey]int{}
	symptom := map[string]GroupKey{}
	for i := range findings {
		if f := &findings[i]; f.Check == nil {
			if key := groupKeyOf(f); symptom[key.Why] == (GroupKey{}) {
				symptom[key.Why] = key
			}
		}
	}
	for i := range findings {
		f := &findings[i]
		key := groupKeyOf(f)
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
		groups[g].addFinding(int32(i), f, states)
	}
	slices.SortStableFunc(groups, func(a, b CauseGroup) int { return a.Compare(&b) })
	return groups
}

// Compare puts the worse group first, of equals what keeps OneLogin from pushing anything, then what explains others.
func (g *CauseGroup) Compare(other *CauseGroup) int {
	rank := func(g *CauseGroup) (n int) {
		if g.StopsPushing() {
			n += 2
		}
		if g.HasSymptoms() {
			n++
		}
		return n
	}
	return cmp.Or(cmp.Compare(other.Severity, g.Severity), cmp.Compare(rank(other), rank(g)))
}

// StopsPushing reports whether the cause keeps OneLogin from pushing anything to anybody: an outage, and no leftover.
func (g *CauseGroup) StopsPushing() bool {
	return g.Key.Why == string(model.CauseProvisioningOff) || g.Key.Why == string(model.CauseTokenRejected)
}

// Subset is the group of these of its findings alone: what a filter leaves is as bad, old and many as what shows.
func (g *CauseGroup) Subset(all []model.Finding, these []int32) CauseGroup {
	out := CauseGroup{Key: g.Key}
	for _, i := range these {
		out.addFinding(i, &all[i], all[i].Check != nil)
	}
	return out
}

func (g *CauseGroup) addFinding(i int32, f *model.Finding, states bool) {
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

func groupKeyOf(f *model.Finding) GroupKey {
	if f.Contradicted != "" {
		return GroupKey{Why: WhyContradicted}
	}
	action, _ := f.Action()
	if f.Kind == model.UserLingering && action.Repair == model.DeleteUser {
		action.Repair = model.DeactivateUser // who is switched off already can only be deleted; one key does either
	}
	return GroupKey{whyOf(f), action.Repair}
}

// whyOf is the cause where it explains findings of every kind, else what kinds that end alike are about.
func whyOf(f *model.Finding) string {
	switch {
	case f.Check != nil:
		return cmp.Or(statedBy[f.Kind], string(f.Kind))
	case f.Kind == model.AssignmentsStranded: // the group itself is there again
		return string(f.Kind)
	}
	switch f.Cause { //nolint:exhaustive // the others explain findings of one kind only
	case model.CauseProvisioningOff, model.CauseTokenRejected, model.CauseGroupsNotIncluded, model.CausePendingApproval,
		model.CauseSafeEntitlements, model.CauseMissingAttribute, model.CauseNameConflict:
		return string(f.Cause)
	case model.CauseDeletedAtTarget, model.CauseStaleEntitlement:
		return string(model.CauseStaleEntitlement)
	}
	switch f.Kind { //nolint:exhaustive // the others stand for themselves
	case model.UserUnsynced, model.UserInactive, model.MembersMissing:
		return WhyAccessMissing
	case model.UserRenamed, model.UserAttributes:
		return WhyDetailsDiffer
	case model.UserDuplicate, model.GroupDuplicate:
		return WhyDuplicates
	case model.GroupMissing:
		if action, _ := f.Action(); action.Repair == model.RefreshEntitlements {
			return string(model.CauseStaleEntitlement)
		}
	}
	return string(f.Kind)
}

// statedBy are the causes that set-up checks state; the other checks are a cause of their own.
var statedBy = map[model.Kind]string{ //nolint:gochecknoglobals // a constant table
	model.SetupProvisioningOff:     string(model.CauseProvisioningOff),
	model.SetupAppToken:            string(model.CauseTokenRejected),
	model.SetupGroupsNotIncluded:   string(model.CauseGroupsNotIncluded),
	model.SetupPendingApprovals:    string(model.CausePendingApproval),
	model.SetupStaleEntitlements:   string(model.CauseStaleEntitlement),
	model.SetupRuleRedundant:       string(model.RuleRedundant),
	model.SetupDanglingAssignments: string(model.AssignmentsStranded),
}
