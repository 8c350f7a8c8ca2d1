package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// operation finds what is simulated by its X-Amz-Target, and the IAM permission that it takes.
func operation(target string) (run func(*call) (any, error), permission string) {
	service, name, _ := strings.Cut(target, ".")
	service = map[string]string{
		"AWSIdentityStore": "identitystore", "SWBExternalService": "sso", "AWSOrganizationsV20161128": "organizations",
	}[service]
	return map[string]func(*call) (any, error){
		"identitystore:ListUsers":                                 (*call).listUsers,
		"identitystore:DescribeUser":                              (*call).describeUser,
		"identitystore:GetUserId":                                 (*call).getUserID,
		"identitystore:ListGroups":                                (*call).listGroups,
		"identitystore:DescribeGroup":                             (*call).describeGroup,
		"identitystore:GetGroupId":                                (*call).getGroupID,
		"identitystore:ListGroupMemberships":                      (*call).listGroupMemberships,
		"identitystore:ListGroupMembershipsForMember":             (*call).listMembershipsForMember,
		"sso:ListInstances":                                       (*call).listInstances,
		"sso:ListPermissionSets":                                  (*call).listPermissionSets,
		"sso:DescribePermissionSet":                               (*call).describePermissionSet,
		"sso:ListAccountsForProvisionedPermissionSet":             (*call).listAccountsFor,
		"sso:ListAccountAssignments":                              (*call).listAssignments,
		"sso:ListAccountAssignmentsForPrincipal":                  (*call).listAssignmentsForPrincipal,
		"sso:CreateAccountAssignment":                             (*call).createAssignment,
		"sso:DeleteAccountAssignment":                             (*call).deleteAssignment,
		"sso:DescribeAccountAssignmentCreationStatus":             (*call).creationStatus,
		"sso:DescribeAccountAssignmentDeletionStatus":             (*call).deletionStatus,
		"sso:GetInlinePolicyForPermissionSet":                     (*call).inlinePolicy,
		"sso:ListCustomerManagedPolicyReferencesInPermissionSet":  (*call).managedPolicies,
		"sso:DescribeInstanceAccessControlAttributeConfiguration": (*call).accessControl,
		"organizations:ListAccounts":                              (*call).listAccounts,
	}[service+":"+name], service + ":" + name
}

// checkInstance refuses what is not for this identity store or instance.
func (c *call) checkInstance() error {
	id, arn := c.text("IdentityStoreId"), c.text("InstanceArn")
	switch {
	case strings.HasPrefix(c.operation, "AWSIdentityStore.") && (id != c.target.IdentityStoreID || c.isOtherRegion()):
		return notFound("IDENTITY_STORE", id)
	case strings.HasPrefix(c.operation, "SWBExternalService.") && !strings.HasSuffix(c.operation, ".ListInstances") &&
		(arn != c.target.InstanceARN || c.isOtherRegion()):
		return refuse("ResourceNotFoundException", "Instance "+arn+" not found.")
	}
	return nil
}

// maxPageSize is the most rows that a service gives at once.
func (c *call) maxPageSize() int {
	if strings.HasPrefix(c.operation, "AWSOrganizations") {
		return 20
	}
	return 100
}

// listPage answers one page of a list, with the token of the next one. A token is good for the very list that it came
// with.
func listPage[T any](c *call, key string, all []T, show func(T) any) (any, error) {
	size, at := c.maxPageSize(), [2]int{0, 1} // the first row of the page, and its number
	if raw, has := c.input["MaxResults"]; has {
		if json.Unmarshal(raw, &size) != nil || size < 1 || size > c.maxPageSize() {
			return nil, refuse("ValidationException", fmt.Sprintf("MaxResults must be between 1 and %d",
				c.maxPageSize()))
		}
	}
	if token := c.text("NextToken"); token != "" && !fault.Open(token, c.listKey(), &at) {
		return nil, refuse("ValidationException", "Invalid NextToken")
	}
	_, name, _ := strings.Cut(c.operation, ".")
	cut := c.pages.For(name).Cut(at[1], at[0], size, len(all))
	rows := make([]any, 0, cut.To-cut.From)
	for _, one := range all[cut.From:cut.To] {
		rows = append(rows, show(one))
	}
	out := map[string]any{key: rows}
	if cut.More {
		out["NextToken"] = fault.Token(c.listKey(), [2]int{cut.To, at[1] + 1})
	}
	return out, nil
}

// listKey tells one list from another: the operation with all of its input but the paging.
func (c *call) listKey() string {
	input := maps.Clone(c.input)
	delete(input, "NextToken")
	delete(input, "MaxResults")
	return fmt.Sprintf("%s %s", c.operation, input)
}
