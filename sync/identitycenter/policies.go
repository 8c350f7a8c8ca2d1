package identitycenter

import (
	"encoding/json"
	"fmt"
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
func (p Policy) JSON() (string, error) {
	type statement struct {
		Sid      string   `json:"Sid"`
		Effect   string   `json:"Effect"`
		Resource string   `json:"Resource"`
		Action   []string `json:"Action"`
	}
	type policy struct {
		Version   string      `json:"Version"`
		Statement []statement `json:"Statement"`
	}
	document, err := json.MarshalIndent(policy{"2012-10-17", []statement{{p.Sid, "Allow", "*", p.Actions}}}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("the IAM policy %s cannot be written: %w", p.Sid, err)
	}
	return string(document), nil
}
