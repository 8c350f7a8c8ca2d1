package explain

import "github.com/scimdrift/scimdrift/model"

// CheckTitle names a set-up check in a few words, whatever its result.
func CheckTitle(id model.Kind) string {
	titles := map[model.Kind]string{
		model.SetupSourceScopes:        "OneLogin credential and its scopes",
		model.SetupTargetURL:           "SCIM base URL",
		model.SetupTargetToken:         "SCIM token",
		model.SetupTokenAge:            "Age and end of the SCIM token",
		model.SetupSharedTarget:        "One connection for each target",
		model.SetupMispaired:           "App and target belong together",
		model.SetupProvisioningOff:     "Provisioning enabled",
		model.SetupGroupsNotIncluded:   "Groups in user provisioning",
		model.SetupPendingApprovals:    "Pending approvals",
		model.SetupReapplyDue:          "Edits since the last reapply",
		model.SetupNoGroupRule:         "A rule sets groups",
		model.SetupRuleRedundant:       "No group published twice",
		model.SetupStaleEntitlements:   "Entitlement cache",
		model.SetupAppToken:            "OneLogin's token for the target",
		model.SetupUserLimit:           "User limit of the app",
		model.SetupBrokenConnector:     "Connector",
		model.SetupAppConfiguration:    "App configuration",
		model.SetupThrottled:           "Throttling",
		model.SetupJobsStuck:           "Provisioning queue",
		model.SetupUserNameCase:        "Exact form of userNames",
		model.SetupAccessAttributes:    "Access-control attributes",
		model.SetupAccessEnabled:       "Attributes for access control at AWS",
		model.SetupAccessConditions:    "Tags that permission sets ask for",
		model.SetupTargetCapabilities:  "Capabilities of the target",
		model.SetupClockSkew:           "Clocks",
		model.SetupRateBudget:          "Rate budgets",
		model.SetupDanglingAssignments: "Assignments of groups that are gone",
		model.SetupApprovalBoxes:       "Approval boxes",
		model.SetupDeleteMode:          "What happens to users who leave",
		model.SetupAppConnection:       "OneLogin's own SCIM connection",
		model.SetupLoginGroups:         "Groups set by hand on one login",
	}
	if title := titles[id]; title != "" {
		return title
	}
	return string(id)
}
