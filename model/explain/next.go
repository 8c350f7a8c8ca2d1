package explain

import (
	"cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Next says the next thing to do about a finding, in words: the first of its repairs, or why none is offered.
func Next(f model.Finding) string {
	if f.Check != nil {
		return f.Check.Todo
	}
	if f.Provisional {
		return "Wait for the read to end, or read again if it was stopped: before that nothing is certain, and " +
			"nothing is offered."
	}
	if f.Contradicted != "" {
		return "Look which of them is right, mend the other, and read again."
	}
	if f.LooksAlike() {
		return "Find out by hand whether the two are one: if so, mend the name that is wrong; if not, give one of " +
			"them another name."
	}
	if len(f.Repairs) == 0 {
		if f.Kind == model.UserDuplicate || f.Kind == model.GroupDuplicate {
			return "Decide by hand which record is right, and remove or change the other."
		}
		why := cmp.Or(drift.WithheldReason(&f), "the sides were not read completely")
		return "Nothing is offered: " + why + ". Mend that, and read again."
	}
	switch f.Cause {
	case model.CauseMissingAttribute:
		return mendThenReapply(f)
	case model.CauseNameConflict:
		return "Look who holds it at the target, settle that user first, then reapply the mappings."
	default:
		return nextByRepair(f)
	}
}

func nextByRepair(f model.Finding) string {
	if f.Kind == model.GroupUnclaimed {
		return "Leave it alone unless you know whose it is."
	}
	switch first := f.Repairs[0]; first.Repair {
	case model.OpenApp:
		return cmp.Or(lookUpText(f.Cause, "mend"), "Look at the app's settings: OneLogin > Applications > the app.")
	case model.OpenRules:
		return ruleNext(f)
	case model.RefreshEntitlements:
		return "Refresh entitlements (OneLogin > the app > Provisioning > Entitlements > Refresh), then reapply the " +
			"mappings."
	case model.DeleteGroup, model.RemoveAssignments:
		return joinSentences(repairSentence(first, "the target"),
			"OneLogin never deletes groups, so it stays until somebody does.")
	default:
		return repairSentence(first, "the target")
	}
}
