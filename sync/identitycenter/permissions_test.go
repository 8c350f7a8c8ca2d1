package identitycenter_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
)

// abilities are all that the lens is asked for, each on records that are there.
func (b *bed) abilities() map[string]func(ctx context.Context) error {
	target, lens, assignment := &b.tenant.World.Target, b.lens, b.group()
	user, group := target.UserOrder[0], target.GroupOrder[0]
	aUser, aGroup := model.Principal{Type: model.SubjectUser, ID: user},
		model.Principal{Type: model.SubjectGroup, ID: group}
	for id := range target.Groups[group].Members {
		user = id
		break
	}
	covered := func(c model.Coverage) error {
		if c.Complete() {
			return nil
		}
		return errors.New(c.Reason)
	}
	// What is made is none of what is removed: a change that nobody sees done stays under way, and is in the way of the
	// other.
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(target.PermissionSets)),
		func(set string) bool { return set == assignment.PermissionSetARN })
	write := func(repair model.RepairName, set string) func(context.Context) error {
		return func(ctx context.Context) error {
			if _, err := lens.Assignments(ctx, aGroup); err != nil && !strings.Contains(err.Error(), "ForPrincipal") {
				return err // the instance is not known
			}
			requests, err := lens.Encode(ctx, &model.Intent{
				Option: model.Option{Repair: repair},
				Assignments: []model.Assignment{{
					AccountID: assignment.AccountID, PermissionSetARN: set, PrincipalType: model.SubjectGroup,
					PrincipalID: assignment.PrincipalID,
				}},
			})
			if err != nil {
				return err
			}
			_, err = lens.Write(ctx, requests[0].Request)
			return err
		}
	}
	return map[string]func(context.Context) error{
		"users":         func(ctx context.Context) error { _, c := lens.Users(ctx, nobody); return covered(c) },
		"groups":        func(ctx context.Context) error { _, c := lens.Groups(ctx, nobody); return covered(c) },
		"members":       func(ctx context.Context) error { _, err := lens.MembersOf(ctx, group); return err },
		"groups of one": func(ctx context.Context) error { _, _, err := lens.GroupsOf(ctx, user); return err },
		"one user":      func(ctx context.Context) error { _, _, err := lens.GetUser(ctx, user); return err },
		"one group":     func(ctx context.Context) error { _, _, err := lens.GetGroup(ctx, group); return err },
		"user by name": func(ctx context.Context) error {
			_, _, err := lens.FindUser(ctx, target.Users[user].UserName, "")
			return err
		},
		"group by name": func(ctx context.Context) error {
			_, _, err := lens.FindGroup(ctx, target.Groups[group].DisplayName, "")
			return err
		},
		"user revision":  func(ctx context.Context) error { _, err := lens.Revision(ctx, aUser); return err },
		"group revision": func(ctx context.Context) error { _, err := lens.Revision(ctx, aGroup); return err },
		"proof":          func(ctx context.Context) error { return lens.Prove(ctx, []string{user}, []string{group}) },
		"assignments":    func(ctx context.Context) error { _, err := lens.Assignments(ctx, aGroup); return err },
		"dangling": func(ctx context.Context) error {
			_, _, err := lens.Dangling(ctx, map[string]bool{}, 500)
			return err
		},
		"mappings": func(ctx context.Context) error {
			if trouble := lens.AccessControl(ctx, 500).Trouble; trouble != "" {
				return errors.New(trouble)
			}
			return nil
		},
		"conditions": func(ctx context.Context) error {
			if trouble := lens.AccessControl(ctx, 500).Conditions.Trouble; trouble != "" {
				return errors.New(trouble)
			}
			return nil
		},
		"managed policies": func(ctx context.Context) error {
			if trouble := lens.AccessControl(ctx, 500).Conditions.ElsewhereTrouble; trouble != "" {
				return errors.New(trouble)
			}
			return nil
		},
		"removal":     write(model.RemoveAssignments, assignment.PermissionSetARN),
		"restoration": write(model.RestoreAssignments, others[0]),
	}
}

// Each action of the policies is left out once. Exactly what needs it is switched off, and says which action it is.
func TestEachMissingActionIsNamed(t *testing.T) {
	t.Parallel()
	needs := map[string][]string{
		"identitystore:DescribeGroup": {
			"dangling", "group by name", "group revision", "groups of one",
			"one group",
		},
		"identitystore:DescribeUser":                  {"one user", "user by name", "user revision"},
		"identitystore:GetGroupId":                    {"group by name"},
		"identitystore:GetUserId":                     {"user by name"},
		"identitystore:ListGroupMemberships":          {"members"},
		"identitystore:ListGroupMembershipsForMember": {"groups of one"},
		"identitystore:ListGroups":                    {"groups"},
		"identitystore:ListUsers":                     {"users"},
		"organizations:ListAccounts":                  nil, // ids stand in for the names
		"sso:CreateAccountAssignment":                 {"restoration"},
		"sso:DeleteAccountAssignment":                 {"removal"},
		"sso:DescribeAccountAssignmentCreationStatus": {"restoration"},
		"sso:DescribeAccountAssignmentDeletionStatus": {"removal"},
		"sso:DescribePermissionSet":                   nil,
		"sso:ListAccountAssignments":                  {"dangling"},
		"sso:ListAccountAssignmentsForPrincipal":      {"assignments"},
		"sso:ListAccountsForProvisionedPermissionSet": {"dangling"},
		"sso:ListPermissionSets":                      {"conditions", "dangling"},

		"sso:DescribeInstanceAccessControlAttributeConfiguration": {"mappings"},
		"sso:GetInlinePolicyForPermissionSet":                     {"conditions"},
		"sso:ListCustomerManagedPolicyReferencesInPermissionSet":  {"managed policies"},
	}
	// only where the settings leave it out
	instance := []string{"assignments", "conditions", "dangling", "mappings", "removal", "restoration"}
	needs["sso:ListInstances"] = instance
	var ready []string
	for _, actions := range policies(t) {
		ready = append(ready, actions...)
	}
	slices.Sort(ready)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(needs)), ready); diff != "" {
		t.Fatalf("the policies' actions are not those of this table (-table +policies):\n%s", diff)
	}
	for _, action := range ready {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			b := lay(t, simaws.Knobs{Deny: []string{action}, Polls: 1},
				func(o *identitycenter.Options) { o.InstanceARN = "" })
			var off []string
			for name, ask := range b.abilities() {
				err := ask(t.Context())
				if err == nil {
					continue
				}
				off = append(off, name)
				if !strings.Contains(err.Error(), action) {
					t.Errorf("%s does not name it: %v", name, err)
				}
			}
			slices.Sort(off)
			if diff := cmp.Diff(needs[action], off); diff != "" {
				t.Errorf("switched off (-want +got):\n%s", diff)
			}
		})
	}
}

// Without the permission to ask for users the proof goes by groups, and is no weaker for it: only a group that the
// store knows proves anything.
func TestProofWithoutUsers(t *testing.T) {
	t.Parallel()
	b := lay(t, simaws.Knobs{Deny: []string{"identitystore:DescribeUser"}}, nil)
	target := &b.tenant.World.Target
	gone := []string{"00000000-0000-4000-8000-00000000dead"}
	if err := b.lens.Prove(t.Context(), target.UserOrder, target.GroupOrder); err != nil {
		t.Errorf("a group proves nothing: %v", err)
	}
	for name, groups := range map[string][]string{"no group": nil, "a group that it does not know": gone} {
		if err := b.lens.Prove(t.Context(), target.UserOrder, groups); err == nil ||
			!strings.Contains(err.Error(), "identitystore:DescribeUser") {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"identitystore:DescribeUser", "identitystore:DescribeGroup"}})
	if err := b.lens.Prove(t.Context(), target.UserOrder, target.GroupOrder); err == nil ||
		!strings.Contains(err.Error(), "identitystore:DescribeUser") {
		t.Error(err)
	}
}

// Each region has services of its own. The wrong one knows neither store nor instance, and the setting to look at is
// named.
func TestWrongRegion(t *testing.T) {
	t.Parallel()
	for name, ids := range map[string]bool{"ids set": true, "ids asked for": false} {
		b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) {
			if o.Region = "eu-west-1"; !ids {
				o.IdentityStoreID, o.InstanceARN = "", ""
			}
		})
		target := &b.tenant.World.Target
		users, coverage := b.lens.Users(t.Context(), nobody)
		_, failed := b.lens.Assignments(t.Context(),
			model.Principal{Type: model.SubjectGroup, ID: target.GroupOrder[0]})
		if len(users) > 0 || coverage.Complete() || failed == nil {
			t.Fatalf("%s: %d users, %s, %v", name, len(users), coverage, failed)
		}
		for _, said := range []string{
			coverage.Reason, failed.Error(),
			b.lens.Prove(t.Context(), target.UserOrder, nil).Error(),
		} {
			if !strings.Contains(said, "aws.region") && !strings.Contains(said, "in eu-west-1") {
				t.Errorf("%s: %q does not say that the region is wrong", name, said)
			}
		}
	}
}
