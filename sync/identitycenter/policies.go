package identitycenter

import (
	"fmt"
	"strings"
)

// Policy is an IAM policy that lets this package do a part of its work.
type Policy struct {
	// Sid is the id of its statement; Does says in a phrase what it is for.
	Sid, Does string
	Actions   []string
}

// Policies are the IAM policies for reading and for changing account assignments. They allow exactly what is called.
func Policies() []Policy {
	return []Policy{
		{"ScimdriftReads", "to read, in the management account or in that of the delegated administrator", []string{
			"identitystore:ListUsers", "identitystore:ListGroups", "identitystore:ListGroupMemberships",
			"identitystore:ListGroupMembershipsForMember", "identitystore:DescribeUser", "identitystore:DescribeGroup",
			"identitystore:GetUserId", "identitystore:GetGroupId",
			"sso:ListInstances", "sso:ListAccountAssignmentsForPrincipal", "sso:ListPermissionSets",
			"sso:DescribePermissionSet", "sso:ListAccountsForProvisionedPermissionSet", "sso:ListAccountAssignments",
			"organizations:ListAccounts", "sso:DescribeInstanceAccessControlAttributeConfiguration",
			"sso:GetInlinePolicyForPermissionSet", "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
		}},
		{"ScimdriftRepairsAssignments", "to remove account assignments and to make them again as well", []string{
			"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment",
			"sso:DescribeAccountAssignmentCreationStatus", "sso:DescribeAccountAssignmentDeletionStatus",
		}},
	}
}

// JSON is the policy as IAM takes it.
func (p Policy) JSON() string {
	return fmt.Sprintf(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": %q,
      "Effect": "Allow",
      "Resource": "*",
      "Action": [
        "%s"
      ]
    }
  ]
}`, p.Sid, strings.Join(p.Actions, "\",\n        \""))
}
