package runbook

import "github.com/scimdrift/scimdrift/model"

func firstSetup() Book {
	return Book{
		Name: FirstSetup, Title: "First set-up, from nothing to in sync",
		When: "The app is new, or has never pushed anybody: the guide from its first line to its last.",
		Steps: []Step{
			{
				"app", "The app is there, and signs in by SAML",
				"Without its app OneLogin has nobody to push, and nobody signs in.", appIsThere,
			},
			check(model.SetupTargetURL, "The SCIM base URL is right",
				"A wrong path is answered with 404, and OneLogin gives up quietly."),
			check(model.SetupTargetToken, "The target takes a token at this URL",
				"Automatic provisioning has to be enabled at the target, which shows the token once."),
			tokenEnd(),
			{
				"base-url", "OneLogin has the SCIM base URL, without a slash at its end",
				"With the slash every request of OneLogin goes to an address that is not there.",
				unproven("Paste the target's SCIM endpoint into SCIM Base URL (Configuration > API Connection), "+
					"without the slash at its end: "+targetAddress+".", model.SetupAppConfiguration),
			},
			{
				"token", "OneLogin has the token", "Without one that is accepted every push is refused.",
				unproven("Paste the target's access token into SCIM Bearer Token (Configuration > API Connection).",
					model.SetupAppToken),
			},
			{
				"connection", "The API connection is enabled", "OneLogin sends nothing before that.",
				unproven("Press Enable beside API Connection, and Save: API Status then says Enabled.",
					model.SetupBrokenConnector),
			},
			setting(model.SetupProvisioningOff, "Provisioning is enabled", "Nothing is pushed while it is off."),
			check(model.SetupApprovalBoxes, "You know which tasks ask for an approval",
				"A ticked box keeps that kind of task back until somebody approves it."),
			setting(model.SetupGroupsNotIncluded, "The groups are included in provisioning",
				"Without the box, OneLogin pushes users and no group."),
			setting(model.SetupNoGroupRule, "A rule sets the groups",
				"A role by itself pushes nothing; a rule says which groups a user gets."),
			{"assigned", "Somebody has the app", "OneLogin pushes nobody who does not have it.", somebodyAssigned},
			{
				"sync-logins", "OneLogin has looked for its users at the target",
				"Who is there already is paired, and not made twice.", syncLogins,
			},
			{
				"reapply", "The mappings are applied to everybody",
				"What was set up reaches nobody who has the app already before that.", reapplyOnce,
			},
			noneWaits(),
			{
				"events", "OneLogin's log shows pushes, and none that failed since",
				"Failures are in the log before anybody misses somebody.", pushes,
			},
			{
				"users", "Users and their states agree",
				"A push that OneLogin calls done may have been refused.", nothingUnsynced,
			},
			{
				"groups", "All groups are there, with their members",
				"A group can be lost where its users are not.", nothingMissing,
			},
			check(model.SetupAccessEnabled, "AWS takes attributes for access control",
				"It takes none before the feature is enabled, not even from the assertion."),
			check(model.SetupAccessAttributes, "Attributes for access control are well formed",
				"AWS leaves a malformed one out, and policies that ask for it let nobody in."),
			check(model.SetupAccessConditions, "Permission sets ask for no attribute that nothing provides",
				"Such a condition never holds, and lets nobody in."),
		},
		Advice: []string{
			"Reapply the entitlement mappings after every edit of a rule or a parameter.",
			"Make a new token some weeks before the old one ends: AWS allows two at a time.",
		},
	}
}

// tokenEnd is the step whose to-do is the way to another token.
func tokenEnd() Step {
	return check(model.SetupTokenAge, "The token's end is known, and not near",
		"Two tokens live at a time: with the second one in both places before the first is deleted, nothing stops.")
}

func groupsNotProvisioned() Book {
	return Book{
		Name: GroupsNotProvisioned, Title: "Groups are not provisioned",
		When: "Users arrive at the target, and groups that the rules should push do not.",
		Steps: []Step{
			setting(model.SetupProvisioningOff, "Provisioning is switched on", "Nothing is pushed while it is off."),
			setting(model.SetupGroupsNotIncluded, "The groups are included in provisioning",
				"Without the box, OneLogin pushes users and no group."),
			setting(model.SetupNoGroupRule, "A rule sets the groups",
				"A role by itself pushes nothing; a rule says which groups a user gets."),
			{
				"somebody", "Somebody should be in a group",
				"OneLogin pushes a group with its first member, and not before.", somebodyExpected,
			},
			noneWaits(),
			{
				"refresh", "OneLogin knows the groups that are there", "It skips a group that it wrongly remembers.",
				refresh(missingGroups),
			},
			{
				"reapply", "The mappings are applied to everybody",
				"A changed rule reaches users who have the app already only with a reapply.",
				reapplyRefreshed(missingGroups),
			},
			{
				"verify", "All groups are there, with their members",
				"A push that OneLogin calls done may have been refused.", nothingMissing,
			},
		},
		Advice: []string{
			"Set up the groups before the first users: refresh entitlements, write the rules, then assign the app.",
			"Reapply the entitlement mappings after every edit of a rule.",
		},
	}
}

func nothingSynchronised() Book {
	return Book{
		Name: NothingSynchronised, Title: "Nothing synchronises although all settings are right",
		When: "No change arrives at the target, and the app looks well.",
		Steps: []Step{
			check(model.SetupTargetURL, "The SCIM base URL is right",
				"A wrong path is answered with 404, and OneLogin gives up quietly."),
			check(model.SetupAppToken, "The target accepts the app's token",
				"Tokens of AWS end after a year, and OneLogin goes on without saying so."),
			tokenEnd(),
			setting(model.SetupProvisioningOff, "Provisioning is switched on", "Nothing is pushed while it is off."),
			check(model.SetupBrokenConnector, "The connector works",
				"OneLogin stops a connector that failed too often."),
			check(model.SetupUserLimit, "The app has room for its users",
				"Beyond its limit an app takes no more users."),
			check(model.SetupAppConfiguration, "The app's configuration is accepted",
				"A refused configuration stops every task."),
			check(model.SetupJobsStuck, "No job is stuck in the queue", "What waits behind a stuck job waits too."),
			noneWaits(),
			check(model.SetupReapplyDue, "The configuration was applied after it was changed",
				"A changed setting reaches nobody before a reapply.").endedBy(
				func(*Case) []model.Pick { return wholeApp(model.ReapplyMappings) }),
			{
				"reapply", "The mappings are applied to everybody",
				"It makes OneLogin work out again what everybody should have.", reapply(unsyncedUsers, sinceBegun),
			},
			{
				"verify", "Users and their states agree",
				"A push that OneLogin calls done may have been refused.", nothingUnsynced,
			},
		},
		Advice: []string{
			"Make a new token some weeks before the old one ends: AWS allows two at a time.",
			"Reapply the entitlement mappings after every change of the app.",
		},
	}
}

func groupLingers() Book {
	return Book{
		Name: GroupLingers, Title: "A group deleted in OneLogin lingers at the target", OfGroup: true,
		When: "The role or rule of a group is gone, and the group still grants access: OneLogin never deletes groups.",
		Steps: []Step{
			{
				"unyielded", "Nothing yields the name any more",
				"What is deleted while something yields it comes back with the next push.", unyielded,
			},
			{"members", "It is known who loses it", "Whoever is in it loses what it grants.", membersKnown},
			{"delete", "The group is deleted", "Until then its members keep what it grants.", deleted},
			{
				"refresh", "OneLogin has forgotten it",
				"A group that OneLogin remembers and that is gone breaks later pushes.", forgotten,
			},
			{
				"verify", "It is gone and did not come back",
				"A rule that nobody thought of would make it again.", goneForGood,
			},
		},
		Advice: []string{
			"Take the users out of the role first, let OneLogin push that, then delete the group at the target, " +
				"refresh the entitlements, and delete the role last.",
		},
	}
}

func deletedAtTarget() Book {
	return Book{
		Name: DeletedAtTarget, Title: "A group was deleted at the target first", OfGroup: true,
		When: "Somebody deleted a group at the target that OneLogin still pushes; OneLogin goes on with the id of " +
			"the dead one.",
		Steps: []Step{
			{
				"redundant", "Nothing publishes the group twice",
				"While two ways publish a group, mending one of them changes nothing.", givenOnce,
			},
			{
				"undesirable", "No group lingers that nobody wants",
				"What lingers is remembered again with the next refresh.", noLingering,
			},
			{
				"refresh", "OneLogin has forgotten the dead group",
				"It pushes to the old id for as long as it remembers it.", refresh(theGroupMissing),
			},
			{
				"reapply", "The mappings are applied to everybody",
				"That makes OneLogin create the group anew and fill it.", reapplyRefreshed(theGroupMissing),
			},
			{"back", "The group is there again", "Without it nobody has what it grants.", theGroupIsBack},
			{"memberships", "Its members are right", "A new group begins empty.", theMembersAreRight},
			{
				"assignments", "The old group's assignments are made anew",
				"The new group has a new id, and assignments follow the id.", assignmentsMoved,
			},
		},
		Advice: []string{
			"Never delete a provisioned group at the target first. End what yields it in OneLogin, then delete it " +
				"at the target, then refresh the entitlements.",
			"To get rid of the members only, take them out of the role.",
		},
	}
}

func noneWaits() Step {
	return Step{
		"approvals", "No task waits for approval",
		"What waits in the console is pushed only when somebody approves it.", approvals,
	}
}
