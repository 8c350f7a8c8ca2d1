package explain

import "github.com/scimdrift/scimdrift/model"

// Refuses says in a phrase what a rule of the guard refuses.
func Refuses(rule model.GuardRule) string {
	return map[model.GuardRule]string{
		model.RuleReadOnly:     "writes on a read-only connection",
		model.RuleProtected:    "every write to protect_groups and protect_users",
		model.RuleCoverage:     "what rests on something that was not read in full",
		model.RuleAll:          "the end of every user, or of every group, of the target",
		model.RuleContradicted: "writes for a finding of which one source says this and another that",
		model.RuleMispaired:    "all writes where under half of the users pair",
		model.RuleUnsettled:    "a run while an earlier one has steps in doubt",
		model.RuleMaxDeletes:   "more deletes and deactivations than max_deletes, those of the last 24 hours included",
		model.RuleMaxRemovals: "more memberships and assignments removed than max_removals, those of the last 24 " +
			"hours included",
		model.RuleMaxGrants: "more steps that give access than max_grants, those of the last 24 hours included",
		model.RuleMaxPercent: "more than max_delete_percent of the target's users, of its groups or of its " +
			"memberships, each for itself",
		model.RuleNotCertain: "what takes or grants access for a finding that is not certain",
		model.RuleUnclaimed:  "the delete of a group that nothing shows OneLogin to have made",
		model.RuleShrunk: "what takes access where the source fell, or other groups are configured, since the last " +
			"complete read",
		model.RuleNoBackup:     "what could not be given back, because it cannot be read",
		model.RuleAssigned:     "emptying or deleting a group with account assignments",
		model.RuleStillYielded: "the delete of a group that a rule or role still names",
		model.RuleSharedTarget: "what takes or grants access at a target that another connection writes to",
		model.RuleOldPlan:      "a plan that rests on a read more than an hour old",
	}[rule]
}
