package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// kindWords say a kind of finding: what one is in a phrase, and in sentences what happened, why it stays whatever the
// cause is, and what it means for those who need access, or should not have it. TARGET stands for the target.
type kindWords struct{ meaning, happened, stays, access string }

var kinds = map[model.Kind]kindWords{ //nolint:gochecknoglobals // a constant table
	model.UserUnsynced: {
		"assigned and active in OneLogin, absent from the target",
		"OneLogin assigns the app to this user, and TARGET has no such user.", "",
		"Until then this user cannot sign in to TARGET, whatever groups they should be in.",
	},
	model.UserLingering: {
		"in the target, no longer assigned in OneLogin",
		"This user is in TARGET, and OneLogin's app does not list them.", "",
		"Without the app in OneLogin there is no way to sign in by it, but the record keeps its memberships and " +
			"assignments, and any other way in finds them.",
	},
	model.UserStillActive: {
		"suspended in OneLogin, still active in the target",
		"OneLogin does not let this user in any more, and TARGET still does.", "",
		"Sessions that run go on, and whatever still lets this user sign in finds all access in place.",
	},
	model.UserInactive: {
		"active in OneLogin, inactive in the target", "OneLogin lets this user in, and TARGET has them switched off.",
		"", "This user cannot sign in to TARGET; memberships and assignments wait unchanged.",
	},
	model.UserRenamed: {
		"the same person under another userName", "Both sides have this user, under different userNames.", "",
		"Sign-in by SAML needs the exact userName, so this user can probably not sign in.",
	},
	model.UserAttributes: {
		"the same person with other attributes", "Both sides have this user, with different values.", "",
		"Access is the same; what depends on these values is not.",
	},
	model.UserDuplicate:  {"two users on one side claim one on the other", claimedTwice, "", ""},
	model.GroupDuplicate: {"two groups on one side claim one on the other", claimedTwice, "", ""},
	model.GroupLingering: {
		"OneLogin made it and no longer yields it. OneLogin never deletes groups, so it grants access until somebody " +
			"deletes it",
		"This group is in TARGET, and nothing in OneLogin yields it any more.",
		"OneLogin never deletes groups at a target, so it stays until somebody does.",
		"Its members keep whatever the group is assigned.",
	},
	model.GroupUnclaimed: {
		"nothing shows that OneLogin made it, as for the groups of Control Tower. Left alone unless you name it and " +
			"allow it (unclaimed)",
		"This group is in TARGET, and there is no sign that OneLogin made it: somebody made it by hand, or another " +
			"tool such as Control Tower did.", "",
		"It grants what it is assigned, as whoever made it wanted.",
	},
	model.GroupMissing: {
		"OneLogin should push it, and the target does not have it",
		"OneLogin should push this group for the users who are in it, and TARGET does not have it.", "",
		"Its members lack whatever the group should be assigned. Account assignments hang on the group's id: a group " +
			"that is made anew has none.",
	},
	model.GroupRenamed: {
		"the same group under another name",
		"Both sides have this group, under different names.",
		"OneLogin finds groups by name: it takes a new name for a new group and leaves the old one behind.",
		"Members and assignments hang on the group's id and are in place; a new group under the new name would have " +
			"none.",
	},
	model.MembersMissing: {
		"users who should be in a group and are not", "Users who should be in this group are not in it in TARGET.", "",
		"They lack what the group is assigned.",
	},
	model.MembersExtra: {
		"users who are in a group and should not be", "Users are in this group in TARGET who should not be.", "",
		"They have whatever the group is assigned.",
	},
	model.AssignmentsStranded: {
		"AWS account assignments on the old id of a group that was deleted and made again (through the AWS lens)",
		"This group was deleted in TARGET and made again, and what it was assigned hangs on the id that it had before.",
		"Account assignments follow a group's id, and OneLogin knows nothing of them, so they stay where they are " +
			"until somebody moves them.",
		"Its members lack these accounts: AWS keeps the assignments of a deleted group, and they open nothing to " +
			"anybody.",
	},
	model.RuleRedundant: {
		"a rule gives users a group that they have by another rule, or by default",
		"This rule gives a group to users who have it in another way as well. Whoever takes one of the two ways away " +
			"to end the access changes nothing.", "", "",
	},
	model.RuleOpaque: {
		"a rule that sets or names groups and cannot be evaluated",
		"This rule can give groups, and what it gives cannot be worked out from what OneLogin's API shows. No group " +
			"that it may name is called lingering, and nobody in such a group one too many.", "", "",
	},
	model.SetupNoGroupRule: {
		happened: "None of the app's rules sets groups. OneLogin then pushes users and no group, and the groups at " +
			"the target are left as they are.",
	},
}

const claimedTwice = "Two records on one side claim the same record on the other."

// KindMeaning says in a phrase what a finding of a kind is.
func KindMeaning(kind model.Kind) string {
	if isSetup(kind) {
		return CheckTitle(kind)
	}
	return kinds[kind].meaning
}

func happened(f model.Finding, target string) string {
	words := kinds[f.Kind].happened
	switch {
	case f.LooksAlike():
		words = "OneLogin and TARGET each have a record that the other lacks, and the two names only look alike."
	case f.Kind == model.UserLingering && f.Cause == model.CauseSourceDeleted:
		words = "This user was deleted in OneLogin and is still in TARGET."
	case words == "":
		return Summary(f, target)
	}
	return strings.ReplaceAll(words, "TARGET", target)
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
