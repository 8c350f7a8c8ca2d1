package load_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/load"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// lensOn makes a lens on the simulation.
func lensOn(t *testing.T, b *bed) *identitycenter.Client {
	t.Helper()
	target := &b.tenant.World.Target
	lens := identitycenter.New(identitycenter.Options{
		Region: target.Region, Endpoint: b.server.URL(), IdentityStoreID: target.IdentityStoreID,
		InstanceARN: target.InstanceARN,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		RateShare:   identitycenter.Unlimited,
		HTTP:        transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
		Sleep:       func(context.Context, time.Duration) error { return nil },
	})
	t.Cleanup(lens.Close)
	return lens
}

// legacy lays a tenant behind an endpoint of the older generation.
func legacy(t *testing.T, users, groups int) *bed {
	t.Helper()
	t.Setenv("AWS_CA_BUNDLE", "")
	tenant, err := tenants.Build(tenants.Options{Users: users, Groups: groups, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	b := lay(t, t, tenant, simscim.Legacy().Unlimited())
	t.Cleanup(b.close)
	return b
}

// An old endpoint shows 50 rows and no members. With the lens the comparison is that of an endpoint of today.
func TestLensCompletesAnOldEndpoint(t *testing.T) {
	b := legacy(t, 3000, 80)
	options := load.Options{
		Options: drift.Options{Fields: model.FieldSetOf(model.Fields()...)},
		Window:  90 * 24 * time.Hour, Now: time.Now, TargetKind: "aws",
	}
	options.Groups = rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)}

	alone, err := load.New(b.source, b.target, options).Load(t.Context(), drift.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	if alone.Target.Coverage.Complete(model.TargetParts()) || len(alone.Target.Users) > 50+25 {
		t.Fatalf("without the lens %d users are read, %v", len(alone.Target.Users), alone.Target.Coverage)
	}
	c, err := load.New(b.source, load.NewLensed(b.target, lensOn(t, b)), options).Load(t.Context(), drift.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Target.Coverage.Complete(model.TargetParts()) || len(c.Target.Users) != len(b.tenant.World.Target.Users) ||
		len(c.Target.Groups) != len(b.tenant.World.Target.Groups) {
		t.Fatalf("%d users and %d groups are read, %v", len(c.Target.Users), len(c.Target.Groups), c.Target.Coverage)
	}
	found := map[string]bool{}
	for i := range c.Findings {
		found[string(c.Findings[i].Kind)+" "+c.Findings[i].Subject.Name] = true
	}
	for _, f := range b.tenant.Truth {
		if !found[f.Kind+" "+f.Subject] {
			t.Errorf("%s %s was not found", f.Kind, f.Subject)
		}
	}
}

func TestLensThatFailsChangesNothing(t *testing.T) {
	b := legacy(t, 300, 10)
	for name, tt := range map[string]struct {
		knobs simaws.Knobs
		fault fault.Fault
		says  string
	}{
		"no permission": {
			knobs: simaws.Knobs{Deny: []string{"identitystore:ListUsers"}},
			says:  "identitystore:ListUsers",
		},
		"no proof": {knobs: simaws.Knobs{Deny: []string{
			"identitystore:DescribeUser",
			"identitystore:DescribeGroup",
		}}, says: "identitystore:DescribeUser"},
		"wrong key": {knobs: simaws.Knobs{AccessKeys: []string{"OTHER"}}, says: "aws sso login"},
		"nothing":   {fault: fault.Fault{Kind: fault.Empty, Path: "ListUsers"}, says: "which SCIM shows"},
		"failing": {
			fault: fault.Fault{Kind: fault.ServerError, Path: "ListUsers"},
			says:  "identitystore:ListUsers",
		},
		"cut": {
			fault: fault.Fault{Kind: fault.Truncate, Path: "ListUsers", After: 1},
			says:  "identitystore:ListUsers",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b.server.AWS.SetKnobs(tt.knobs)
			b.server.Faults.Clear()
			if tt.fault.Kind != "" {
				tt.fault.Service = fault.AWS
				if err := b.server.Faults.Add(tt.fault); err != nil {
					t.Fatal(err)
				}
			}
			users, coverage := load.NewLensed(b.target, lensOn(t, b)).Users(t.Context(), func(int, int) {})
			if coverage.Complete() || len(users) != 50 || !strings.Contains(coverage.Reason, tt.says) {
				t.Errorf("%d users, %s", len(users), coverage)
			}
		})
	}
}

// The lens of another directory is never believed.
func TestLensOfAnotherDirectory(t *testing.T) {
	b, other := legacy(t, 120, 8), legacy(t, 130, 9)
	target := &other.tenant.World.Target
	users := map[string]bool{}
	for i, id := range target.UserOrder { // the same seed makes the same ids
		u := target.Users[id]
		delete(target.Users, id)
		u.ID = "zz" + id
		target.Users[u.ID], target.UserOrder[i] = u, u.ID
		users[u.ID] = true
	}
	lensed := load.NewLensed(b.target, lensOn(t, other))
	got, coverage := lensed.Users(t.Context(), func(int, int) {})
	if coverage.Complete() || !strings.Contains(coverage.Reason, "two directories") {
		t.Error(coverage)
	}
	for i := range got {
		if users[got[i].ID] {
			t.Fatal("a user of the other directory was believed")
		}
	}
}

// The two services lag behind each other. What the target's own list shows is what its writes meet.
func TestLensThatLagsBehindTheTarget(t *testing.T) {
	b, late := legacy(t, 120, 8), legacy(t, 120, 8)
	target := &b.tenant.World.Target
	changed := target.Users[target.UserOrder[0]]
	changed.Active = !changed.Active
	users, coverage := load.NewLensed(b.target, lensOn(t, late)).Users(t.Context(), func(int, int) {})
	i := slices.IndexFunc(users, func(u model.User) bool { return u.ID == changed.ID })
	if !coverage.Complete() || len(users) != len(target.Users) || i < 0 || users[i].Active != changed.Active {
		t.Errorf("%d users of %d, %s, the changed one at %d", len(users), len(target.Users), coverage, i)
	}
}

// What the lens alone says of a record stays beside what the target shows: who made it tells where it is from.
func TestLensKeepsWhatItAloneSays(t *testing.T) {
	b := legacy(t, 120, 80)
	lens, told := lensOn(t, b), func(int, int) {}
	l := load.NewLensed(b.target, lens)
	users, _ := l.Users(t.Context(), told)
	groups, _ := l.Groups(t.Context(), told)
	allUsers, _ := lens.Users(t.Context(), told)
	allGroups, _ := lens.Groups(t.Context(), told)
	if diff := cmp.Diff(allUsers, users) + cmp.Diff(allGroups, groups); diff != "" || len(groups) < 60 {
		t.Errorf("%d groups, -the lens +completed:\n%s", len(groups), diff)
	}
}

// slim is a target whose list of users leaves out what their own records have.
type slim struct{ load.Target }

func (s slim) Users(ctx context.Context, told func(done, expected int)) ([]model.User, model.Coverage) {
	users, _ := s.Target.Users(ctx, told)
	for i := range users {
		users[i].Email, users[i].Active = "", true
	}
	return users, model.PartialCoverage("the list of users leaves out emails, which a user's own record has")
}

func (slim) Unreadable() model.FieldSet {
	return model.FieldSetOf(model.FieldEmails, model.FieldActive)
}

// What the target's list leaves out is not taken for empty where the lens has it.
func TestLensCompletesTheFieldsOfAList(t *testing.T) {
	b := legacy(t, 30, 4)
	l := load.NewLensed(slim{b.target}, lensOn(t, b))
	users, coverage := l.Users(t.Context(), func(int, int) {})
	if !coverage.Complete() || len(users) != len(b.tenant.World.Target.Users) || l.Unreadable() != 0 {
		t.Fatalf("%d users, %s, without %v", len(users), coverage, l.Unreadable())
	}
	for i := range users {
		if u := b.tenant.World.Target.Users[users[i].ID]; users[i].Email == "" || users[i].Active != u.Active {
			t.Errorf("%+v is not as the lens has it", users[i])
		}
	}
}

// A program that listed nothing, such as one that settles a run, is believed for single records too: it lists for the
// proof. Where that fails, it is not.
func TestLensReadsMembersAndGroupsOfOne(t *testing.T) {
	b, other := legacy(t, 100, 8), legacy(t, 100, 8)
	renumber(&other.tenant.World.Target)
	lensed := load.NewLensed(b.target, lensOn(t, b))
	target := &b.tenant.World.Target
	group := target.Groups[target.GroupOrder[0]]
	if list, err := load.NewLensed(b.target, lensOn(t, other)).MembersOf(t.Context(), group.ID); err != nil ||
		list.Unknown == "" {
		t.Error("members of another directory are believed", list, err)
	}
	list, err := lensed.MembersOf(t.Context(), group.ID)
	if err != nil || list.Unknown != "" || len(list.IDs) != len(group.Members) {
		t.Error(list, err)
	}
	for member := range group.Members {
		if groups, incomplete, err := lensed.GroupsOf(t.Context(), member); err != nil || incomplete != "" ||
			len(groups) == 0 {
			t.Error(groups, incomplete, err)
		}
		break
	}
}
