package explain

import (
	"cmp"

	"github.com/scimdrift/scimdrift/model"
)

// checkWords are what a set-up check is called whatever its result, and, where it can say mend and has no heading of
// its own, what is wrong then.
type checkWords struct{ title, wrong string }

func wordsOfCheck(id model.Kind) checkWords {
	return map[model.Kind]checkWords{
		model.SetupSourceScopes:        {"OneLogin credential and its scopes", "OneLogin refuses to show a part"},
		model.SetupTargetURL:           {"SCIM base URL", "The SCIM base URL is wrong"},
		model.SetupTargetToken:         {"SCIM token", "The target refuses the token"},
		model.SetupTokenAge:            {"Age and end of the SCIM token", "The SCIM token is at its end"},
		model.SetupSharedTarget:        {title: "One connection for each target"},
		model.SetupMispaired:           {"App and target belong together", "App and target hardly pair"},
		model.SetupProvisioningOff:     {title: "Provisioning enabled"},
		model.SetupGroupsNotIncluded:   {title: "Groups in user provisioning"},
		model.SetupPendingApprovals:    {title: "Pending approvals"},
		model.SetupReapplyDue:          {"Edits since the last reapply", "Edits wait for a reapply"},
		model.SetupNoGroupRule:         {"A rule sets groups", "No rule sets groups"},
		model.SetupRuleRedundant:       {"No group published twice", "Rules publish groups twice"},
		model.SetupStaleEntitlements:   {title: "Entitlement cache"},
		model.SetupAppToken:            {title: "OneLogin's token for the target"},
		model.SetupUserLimit:           {"User limit of the app", "The app has reached its user limit"},
		model.SetupBrokenConnector:     {"Connector", "OneLogin calls the connector broken"},
		model.SetupAppConfiguration:    {"App configuration", "The app's configuration is in error"},
		model.SetupThrottled:           {"Throttling", "OneLogin's pushes are throttled"},
		model.SetupJobsStuck:           {"Provisioning queue", "Provisioning jobs are stuck"},
		model.SetupUserNameCase:        {title: "Exact form of userNames"},
		model.SetupAccessAttributes:    {"Access-control attributes", "Access-control attributes are wrong"},
		model.SetupAccessEnabled:       {"Attributes for access control at AWS", "AWS ignores the tags"},
		model.SetupAccessConditions:    {"Tags that permission sets ask for", "Tags asked for come from nowhere"},
		model.SetupTargetCapabilities:  {title: "Capabilities of the target"},
		model.SetupClockSkew:           {"Clocks", "The clocks disagree"},
		model.SetupRateBudget:          {title: "Rate budgets"},
		model.SetupDanglingAssignments: {"Assignments of groups that are gone", "Assignments hang on what is gone"},
		model.SetupApprovalBoxes:       {title: "Approval boxes"},
		model.SetupDeleteMode:          {title: "What happens to users who leave"},
		model.SetupAppConnection:       {title: "OneLogin's own SCIM connection"},
		model.SetupLoginGroups:         {title: "Groups set by hand on one login"},
	}[id]
}

// CheckTitle names a set-up check in a few words, whatever its result.
func CheckTitle(id model.Kind) string {
	return cmp.Or(wordsOfCheck(id).title, string(id))
}
