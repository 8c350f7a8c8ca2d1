package aws

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// operations are those that are simulated, by their X-Amz-Target.
func operations() map[string]operation {
	const store, admin, org = "AWSIdentityStore.", "SWBExternalService.", "AWSOrganizationsV20161128."
	return map[string]operation{
		store + "ListUsers":                     {"identitystore:ListUsers", (*call).listUsers},
		store + "ListGroups":                    {"identitystore:ListGroups", (*call).listGroups},
		store + "DescribeUser":                  {"identitystore:DescribeUser", (*call).describeUser},
		store + "DescribeGroup":                 {"identitystore:DescribeGroup", (*call).describeGroup},
		store + "GetUserId":                     {"identitystore:GetUserId", (*call).getUserID},
		store + "GetGroupId":                    {"identitystore:GetGroupId", (*call).getGroupID},
		store + "ListGroupMemberships":          {"identitystore:ListGroupMemberships", (*call).listGroupMemberships},
		store + "ListGroupMembershipsForMember": {"identitystore:ListGroupMembershipsForMember", (*call).listMembershipsOf},

		admin + "ListInstances":                           {"sso:ListInstances", (*call).listInstances},
		admin + "ListPermissionSets":                      {"sso:ListPermissionSets", (*call).listPermissionSets},
		admin + "DescribePermissionSet":                   {"sso:DescribePermissionSet", (*call).describePermissionSet},
		admin + "ListAccountsForProvisionedPermissionSet": {"sso:ListAccountsForProvisionedPermissionSet", (*call).listAccountsFor},
		admin + "ListAccountAssignments":                  {"sso:ListAccountAssignments", (*call).listAssignments},
		admin + "ListAccountAssignmentsForPrincipal":      {"sso:ListAccountAssignmentsForPrincipal", (*call).listAssignmentsOf},
		admin + "CreateAccountAssignment":                 {"sso:CreateAccountAssignment", (*call).createAssignment},
		admin + "DeleteAccountAssignment":                 {"sso:DeleteAccountAssignment", (*call).deleteAssignment},
		admin + "DescribeAccountAssignmentCreationStatus": {"sso:DescribeAccountAssignmentCreationStatus", (*call).creationStatus},
		admin + "DescribeAccountAssignmentDeletionStatus": {"sso:DescribeAccountAssignmentDeletionStatus", (*call).deletionStatus},

		admin + "DescribeInstanceAccessControlAttributeConfiguration": {"sso:DescribeInstanceAccessControlAttributeConfiguration", (*call).accessControl},
		admin + "GetInlinePolicyForPermissionSet":                     {"sso:GetInlinePolicyForPermissionSet", (*call).inlinePolicy},
		admin + "ListCustomerManagedPolicyReferencesInPermissionSet":  {"sso:ListCustomerManagedPolicyReferencesInPermissionSet", (*call).managedPolicies},

		org + "ListAccounts": {"organizations:ListAccounts", (*call).listAccounts},
	}
}

// largest is the most rows that a service gives at once.
func (c *call) largest() int {
	if strings.HasPrefix(c.operation, "AWSOrganizations") {
		return 20
	}
	return 100
}

// page cuts one page out of n rows and gives the token of the next one, empty on the last. A token is good for the very list that it
// came with.
func (c *call) page(n int) (from, to int, next string, err error) {
	size := c.largest()
	if raw, has := c.input["MaxResults"]; has {
		if json.Unmarshal(raw, &size) != nil || size < 1 || size > c.largest() {
			return 0, 0, "", refuse("ValidationException", fmt.Sprintf("MaxResults must be between 1 and %d", c.largest()))
		}
	}
	if c.knobs.PageSize > 0 {
		size = min(size, c.knobs.PageSize)
	}
	token := c.text("NextToken")
	if token != "" {
		plain, err := base64.RawURLEncoding.DecodeString(token)
		at, ok := strings.CutPrefix(string(plain), c.list()+" ")
		if from, _ = strconv.Atoi(at); err != nil || !ok || from < 0 {
			return 0, 0, "", refuse("ValidationException", "Invalid NextToken")
		}
	}
	from = min(from, n)
	to = min(from+size, n)
	if c.knobs.EmptyPages && token == "" {
		to = from
	}
	if to < n {
		next = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d", c.list(), to))
	}
	return from, to, next, nil
}

// list tells one list from another: the operation with all of its input but the paging.
func (c *call) list() string {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(c.operation)) // a hash takes everything
	for _, key := range slices.Sorted(maps.Keys(c.input)) {
		if key != "NextToken" && key != "MaxResults" {
			_, _ = fmt.Fprintf(sum, " %s %s", key, c.input[key])
		}
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// listed is the answer of a list.
func (c *call) listed(key string, n int, row func(i int) any) (any, error) {
	from, to, next, err := c.page(n)
	if err != nil {
		return nil, err
	}
	rows := make([]any, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, row(i))
	}
	out := map[string]any{key: rows}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}
