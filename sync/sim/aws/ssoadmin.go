package aws

import (
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func (c *call) listInstances() (any, error) {
	if c.isOtherRegion() {
		return map[string]any{"Instances": []any{}}, nil
	}
	return map[string]any{"Instances": []any{map[string]any{
		"InstanceArn": c.target.InstanceARN, "IdentityStoreId": c.target.IdentityStoreID,
		"OwnerAccountId": "111122223333", "Status": "ACTIVE",
	}}}, nil
}

func (c *call) listPermissionSets() (any, error) {
	sets := slices.Sorted(maps.Keys(c.target.PermissionSets))
	return listPage(c, "PermissionSets", sets, func(arn string) any { return arn })
}

func (c *call) describePermissionSet() (any, error) {
	arn, err := c.permissionSet()
	if err != nil {
		return nil, err
	}
	set := map[string]any{"PermissionSetArn": arn, "Name": c.target.PermissionSets[arn]}
	return map[string]any{"PermissionSet": set}, nil
}

func (c *call) listAccountsFor() (any, error) {
	var accounts []string
	for _, a := range c.target.Assignments {
		if a.PermissionSetARN == c.text("PermissionSetArn") && !slices.Contains(accounts, a.AccountID) {
			accounts = append(accounts, a.AccountID)
		}
	}
	slices.Sort(accounts)
	return listPage(c, "AccountIds", accounts, func(id string) any { return id })
}

func (c *call) principalExists(a world.Assignment) bool {
	if a.PrincipalType == "USER" {
		return c.target.Users[a.PrincipalID] != nil
	}
	return c.target.Groups[a.PrincipalID] != nil
}

func showAssignment(a world.Assignment) any {
	return map[string]any{
		"AccountId": a.AccountID, "PermissionSetArn": a.PermissionSetARN, "PrincipalId": a.PrincipalID,
		"PrincipalType": a.PrincipalType,
	}
}

// listAssignments is by account and permission set; what dangles is in it, because nothing takes it out.
func (c *call) listAssignments() (any, error) {
	var rows []world.Assignment
	for _, a := range c.target.Assignments {
		if a.AccountID == c.text("AccountId") && a.PermissionSetARN == c.text("PermissionSetArn") {
			rows = append(rows, a)
		}
	}
	return listPage(c, "AccountAssignments", rows, showAssignment)
}

// listAssignmentsForPrincipal gives those of a principal; for a user also those of the groups that the user is in,
// which is why each row names its principal.
func (c *call) listAssignmentsForPrincipal() (any, error) {
	id, kind := c.text("PrincipalId"), c.text("PrincipalType")
	if kind != "USER" && kind != "GROUP" || id == "" {
		return nil, refuse("ValidationException", "PrincipalId and PrincipalType are required")
	}
	var rows []world.Assignment
	for _, a := range c.visibleAssignments() {
		own := a.PrincipalID == id && a.PrincipalType == kind
		g := c.target.Groups[a.PrincipalID]
		byGroup := kind == "USER" && a.PrincipalType == "GROUP" && g != nil && g.Members[id]
		if (own || byGroup) && (c.principalExists(a) || !c.knobs.HideDangling) {
			rows = append(rows, a)
		}
	}
	return listPage(c, "AccountAssignments", rows, showAssignment)
}

// visibleAssignments are the assignments that a list by principal shows: for a while those before the last change.
func (c *call) visibleAssignments() []world.Assignment {
	if c.staleLists > 0 {
		c.staleLists--
		return c.assignmentsBefore
	}
	return c.target.Assignments
}

func (c *call) listAccounts() (any, error) {
	ids := slices.Sorted(maps.Keys(c.target.Accounts))
	return listPage(c, "Accounts", ids, func(id string) any {
		return map[string]any{"Id": id, "Name": c.target.Accounts[id], "Status": "ACTIVE"}
	})
}

// accessControl says that there is nothing where the feature was never enabled. How AWS words that is not documented
// beyond the type of the error
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeInstanceAccessControlAttributeConfiguration.html),
// which is also that for an instance that is not there.
func (c *call) accessControl() (any, error) {
	set := c.target.AccessControl
	if set == nil {
		return nil, refuse("ResourceNotFoundException", "Instance access control attribute configuration not found.")
	}
	out := map[string]any{"Status": set.Status}
	if set.Reason != "" {
		out["StatusReason"] = set.Reason
	}
	if len(set.Attributes) > 0 {
		rows := make([]any, 0, len(set.Attributes))
		for _, a := range set.Attributes {
			rows = append(rows, map[string]any{"Key": a.Key, "Value": map[string]any{"Source": a.Sources}})
		}
		out["InstanceAccessControlAttributeConfiguration"] = map[string]any{"AccessControlAttributes": rows}
	}
	return out, nil
}

// permissionSet is the ARN in the input, of a set that is there.
func (c *call) permissionSet() (string, error) {
	arn := c.text("PermissionSetArn")
	if c.target.PermissionSets[arn] == "" {
		return "", refuse("ResourceNotFoundException", "PermissionSet "+arn+" not found.")
	}
	return arn, nil
}

// inlinePolicy is an empty text where a set has none
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_GetInlinePolicyForPermissionSet.html).
func (c *call) inlinePolicy() (any, error) {
	arn, err := c.permissionSet()
	if err != nil {
		return nil, err
	}
	return map[string]any{"InlinePolicy": c.target.Policies[arn].Inline}, nil
}

func (c *call) managedPolicies() (any, error) {
	arn, err := c.permissionSet()
	if err != nil {
		return nil, err
	}
	return listPage(c, "CustomerManagedPolicyReferences", c.target.Policies[arn].CustomerManaged,
		func(name string) any { return map[string]any{"Name": name, "Path": "/"} })
}
