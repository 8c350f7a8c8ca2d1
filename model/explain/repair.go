package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// repairWords say a repair: its verb beside its key, in a few words, in a sentence, with the way through OneLogin's
// menus, which outlive links, and what else happens. TARGET stands for the target.
type repairWords struct{ verb, short, does, caveat string }

//nolint:gochecknoglobals // constant tables
var (
	repairs = map[model.RepairName]repairWords{
		model.ApprovePending: {
			"see pending", "approve the task",
			"Approve the pending task: OneLogin > the app > Users > click Pending > Approve.",
			"Whatever else waits for this user is shown there too.",
		},
		model.OpenApp: {
			"open app", "mend the app's settings", "Mend the app's settings: OneLogin > Applications > the " +
				"app.", "",
		},
		model.OpenRules: {"open rules", "mend the rules", "Look at the rules: OneLogin > the app > Rules.", ""},
		model.RefreshEntitlements: {
			"entitlements", "refresh entitlements",
			"Refresh what OneLogin remembers of the target's groups: OneLogin > the app > Provisioning > " +
				"Entitlements > Refresh. Then reapply the mappings.",
			"It may have to be pressed more than once, and it knows only groups that OneLogin has made itself.",
		},
		model.ReapplyMappings: {
			"reapply", "reapply the mappings",
			"Reapply the mappings: OneLogin > the app > More Actions > Reapply entitlement mappings.",
			"It applies every edit of the rules that waits, to everybody who has the app.",
		},
		model.SyncLogins: {
			"sync logins", "sync logins",
			"Let OneLogin look for its users at the target: OneLogin > the app > More Actions > Sync logins.",
			"It pushes nothing; it pairs logins with users that are there already.",
		},
		model.CreateUser: {
			"create", "create the user",
			"Create the user in TARGET, with what OneLogin would push and the memberships that go with " +
				"it.", thenRefused,
		},
		model.CreateGroup:  {"create", "create the group", "Create the group in TARGET with its members.", thenRefused},
		model.ActivateUser: {"switch on", "switch the user on", "Switch the user on in TARGET.", notTold},
		model.UpdateUser: {
			"update", "write what differs", "Write what differs to the user in TARGET, and nothing else.", notTold,
		},
		model.DeactivateUser: {
			"switch off", "switch the user off", "Switch the user off in TARGET; memberships and assignments stay.",
			"Sessions that run are not ended.",
		},
		model.DeleteUser: {
			"delete", "delete the user", "Delete the user in TARGET.",
			"A user who is made again has a new id; assignments to the old one are lost.",
		},
		model.DeleteGroup: {
			"delete", "delete the group", "Delete the group in TARGET.",
			"Its members lose what it is assigned. A group that is made again has a new id, and assignments have to " +
				"be made anew.",
		},
		model.RemoveAssignments: {
			"delete", "delete it with its assignments",
			"Take the group's account assignments away, then delete the group in TARGET.",
			"Its members lose those accounts. Undo makes group, members and assignments again; AWS may then give the " +
				"AWSReservedSSO_* roles other names.",
		},
		model.RenameGroup: {
			"rename", "rename the group",
			"Rename the group in TARGET: that keeps its id, its members and its assignments.",
			"Refresh entitlements in OneLogin afterwards, or it goes on under the old name.",
		},
		model.AddMembers: {
			"add", "add the members", "Add the missing members in TARGET, a hundred in a request.", notTold,
		},
		model.RemoveMembers: {
			"remove", "take the members out", "Take the members who should not be there out of the group in TARGET.",
			"If OneLogin still wants them in it, its next push puts them back.",
		},
		model.MoveAssignments: {
			"move", "move its assignments",
			"Make the account assignments that hang on the group's old id for the group that is there now, then take " +
				"the dangling ones away.",
			"Its members get those accounts back. Undo takes them away again; what hung on the old id does not come " +
				"back, and opened nothing.",
		},
		model.RestoreAssignments: {
			"move", "move its assignments", "Make the account assignments again.",
			"AWS may give the AWSReservedSSO_* roles other names than before.",
		},
		model.ClearAssignments: {"clear", "take the assignments away", "Take the account assignments away.", ""},
	}
	reapplyOverAPI = repairWords{
		"reapply", "reapply over the API",
		"Write one harmless attribute of the users over OneLogin's API, so that OneLogin pushes what they should have.",
		"It runs all mappings and rules of all the user's apps, not of this one alone. It begins with one user and " +
			"goes on when that one is confirmed.",
	}
)

const (
	thenRefused = "OneLogin may then refuse to push it, because it is there already, until logins are synchronised " +
		"and entitlements refreshed."
	notTold = "OneLogin is not told; its next push says what it holds."
)

func wordsOf(o model.Option) repairWords {
	words, known := repairs[o.Repair]
	switch {
	case !known:
		name := string(o.Repair)
		return repairWords{verb: name, short: name, does: name}
	case o.Repair == model.ReapplyMappings && o.Channel == model.Nudge:
		return reapplyOverAPI
	}
	return words
}

// Verb is a word or two for a repair, beside its key.
func Verb(o model.Option) string { return wordsOf(o).verb }

// Shortly says a repair in a few words, as something to do.
func Shortly(o model.Option) string { return wordsOf(o).short }

// Repair says what a repair does over its channel, where, and what else it does, such as to apply every edit.
func Repair(o model.Option) string { return joined(does(o, "the target"), wordsOf(o).caveat) }

func does(o model.Option, target string) string {
	return strings.ReplaceAll(wordsOf(o).does, "TARGET", target)
}

// Answer tells in the console's own words what it says when a button took; "" where none is known.
func Answer(r model.RepairName) string {
	switch r { //nolint:exhaustive // of the others no message is known
	case model.ReapplyMappings:
		return `The console answers "Mappings are being reapplied".`
	case model.SyncLogins:
		return `The console answers "Synchronizing users with …" and the app's name.`
	}
	return ""
}
