package explain

import "github.com/scimdrift/scimdrift/model"

// KindMeaning says in a phrase what a finding of a kind is.
func KindMeaning(kind model.Kind) string {
	if isSetup(kind) {
		return CheckTitle(kind)
	}
	return map[model.Kind]string{
		model.UserUnsynced:    "assigned and active in OneLogin, absent from the target",
		model.UserLingering:   "in the target, no longer assigned in OneLogin",
		model.UserStillActive: "suspended in OneLogin, still active in the target",
		model.UserInactive:    "active in OneLogin, inactive in the target",
		model.UserRenamed:     "the same person under another userName",
		model.UserAttributes:  "the same person with other attributes",
		model.UserDuplicate:   "two users on one side claim one on the other",
		model.GroupDuplicate:  "two groups on one side claim one on the other",
		model.GroupLingering: "OneLogin made it and no longer yields it. OneLogin never deletes groups, so it grants " +
			"access until " +
			"somebody deletes it",
		model.GroupUnclaimed: "nothing shows that OneLogin made it, as for the groups of Control Tower. Left alone " +
			"unless " +
			"you name it " +
			"and allow it (unclaimed)",
		model.GroupMissing:   "OneLogin should push it, and the target does not have it",
		model.GroupRenamed:   "the same group under another name",
		model.MembersMissing: "users who should be in a group and are not",
		model.MembersExtra:   "users who are in a group and should not be",
		model.AssignmentsStranded: "AWS account assignments on the old id of a group that was deleted and made again " +
			"(through the AWS lens)",
		model.RuleRedundant: "a rule gives users a group that they have by another rule, or by default",
		model.RuleOpaque:    "a rule that sets or names groups and cannot be evaluated",
	}[kind]
}

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
		model.RuleMaxRemovals: "more memberships and assignments removed than max_removals, those of the last " +
			"24 hours " +
			"included",
		model.RuleMaxGrants: "more steps that give access than max_grants, those of the last 24 hours included",
		model.RuleMaxPercent: "more than max_delete_percent of the target's users, of its groups or of its " +
			"memberships, " +
			"each for itself",
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
