package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// kindWords say a kind of finding: what one is in a phrase, and in sentences why it stays whatever the cause is, and
// what it means for those who need access, or should not have it. TARGET stands for the target.
type kindWords struct{ meaning, stays, access string }

var kinds = map[model.Kind]kindWords{ //nolint:gochecknoglobals // a constant table
	model.UserUnsynced: {
		"assigned and active in OneLogin, absent from the target", "",
		"Until then this user cannot sign in to TARGET, whatever groups they should be in.",
	},
	model.UserLingering: {
		"in the target, no longer assigned in OneLogin", "",
		"Without the app in OneLogin there is no way to sign in by it, but the record keeps its memberships and " +
			"assignments, and any other way in finds them.",
	},
	model.UserStillActive: {
		"suspended in OneLogin, still active in the target", "",
		"Sessions that run go on, and whatever still lets this user sign in finds all access in place.",
	},
	model.UserInactive: {
		"active in OneLogin, inactive in the target", "",
		"This user cannot sign in to TARGET; memberships and assignments wait unchanged.",
	},
	model.UserRenamed: {
		"the same person under another userName", "",
		"Sign-in by SAML needs the exact userName, so this user can probably not sign in.",
	},
	model.UserAttributes: {
		"the same person with other attributes", "", "Access is the same; what depends on these values is not.",
	},
	model.UserDuplicate:  {meaning: "two users on one side claim one on the other"},
	model.GroupDuplicate: {meaning: "two groups on one side claim one on the other"},
	model.GroupLingering: {
		"OneLogin made it and no longer yields it. OneLogin never deletes groups, so it grants access until somebody " +
			"deletes it",
		"OneLogin never deletes groups at a target, so it stays until somebody does.",
		"Its members keep whatever the group is assigned.",
	},
	model.GroupUnclaimed: {
		"nothing shows that OneLogin made it, as for the groups of Control Tower. Left alone unless you name it and " +
			"allow it (unclaimed)", "",
		"It grants what it is assigned, as whoever made it wanted: somebody by hand, or another tool such as Control " +
			"Tower.",
	},
	model.GroupMissing: {
		"OneLogin should push it, and the target does not have it", "",
		"Its members lack whatever the group should be assigned. Account assignments hang on the group's id: a group " +
			"that is made anew has none.",
	},
	model.GroupRenamed: {
		"the same group under another name",
		"OneLogin finds groups by name: it takes a new name for a new group and leaves the old one behind.",
		"Members and assignments hang on the group's id and are in place; a new group under the new name would have " +
			"none.",
	},
	model.MembersMissing: {
		"users who should be in a group and are not", "", "They lack what the group is assigned.",
	},
	model.MembersExtra: {
		"users who are in a group and should not be", "", "They have whatever the group is assigned.",
	},
	model.AssignmentsStranded: {
		"AWS account assignments on the old id of a group that was deleted and made again (through the AWS lens)",
		"Account assignments follow a group's id, and OneLogin knows nothing of them, so they stay where they are " +
			"until somebody moves them.",
		"Its members lack these accounts: AWS keeps the assignments of a deleted group, and they open nothing to " +
			"anybody.",
	},
	model.RuleRedundant: {
		"a rule gives users a group that they have by another rule, or by default", "",
		"This rule gives a group to users who have it in another way as well. Whoever takes one of the two ways away " +
			"to end the access changes nothing.",
	},
	model.RuleOpaque: {
		"a rule that sets or names groups and cannot be evaluated", "",
		"This rule can give groups, and what it gives cannot be worked out from what OneLogin's API shows. No group " +
			"that it may name is called lingering, and nobody in such a group one too many.",
	},
	model.SetupNoGroupRule: {
		access: "OneLogin then pushes users and no group, and the groups at the target are left as they are.",
	},
}

// KindMeaning says in a phrase what a finding of a kind is.
func KindMeaning(kind model.Kind) string {
	if kind.Setup() {
		return CheckTitle(kind)
	}
	return kinds[kind].meaning
}

// access says what the difference means for those who need access, or should not have it.
func access(f model.Finding, target string) string {
	switch {
	case f.Kind == model.UserLingering && f.Severity == model.Info:
		return "The record is inactive and lets nobody in; it can come back to life with all its memberships."
	case f.Kind == model.GroupLingering && f.MembersUnknown == "" && len(f.Members) == 0:
		return "Nobody is in it, and whoever is put into it gets what it is assigned."
	}
	return strings.ReplaceAll(kinds[f.Kind].access, "TARGET", target)
}
