package identitycenter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/sim"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	asked "github.com/scimdrift/scimdrift/sync/sim/requests"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestMain(m *testing.M) {
	// Whatever this machine is logged in to must not answer for the simulator, and nobody asks instance metadata.
	for _, name := range []string{
		"AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL",
	} {
		_ = os.Unsetenv(name)
	}
	_ = os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	_ = os.Setenv("AWS_CONFIG_FILE", os.DevNull)
	_ = os.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	goleak.VerifyTestMain(m)
}

type bed struct {
	tenant *tenants.Tenant
	server *sim.Server
	lens   *identitycenter.Client
}

// lay serves a tenant and a lens on it.
func lay(t *testing.T, knobs simaws.Knobs, change func(*identitycenter.Options)) *bed {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Users: 230, Groups: 12, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{tenant: tenant}
	if b.server, err = sim.Start(t.Context(), sim.Options{
		World: b.tenant.World, AppID: b.tenant.AppID, Manual: true,
		AWS: knobs,
	}); err != nil {
		t.Fatal(err)
	}
	target := &b.tenant.World.Target
	o := identitycenter.Options{
		Region: "us-east-1", Endpoint: b.server.URL(), IdentityStoreID: target.IdentityStoreID,
		InstanceARN: target.InstanceARN,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "wJalrXUtnFEMI/secret", ""),
		RateShare:   identitycenter.Unlimited,
		HTTP:        transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
		Sleep:       func(context.Context, time.Duration) error { return nil },
	}
	if change != nil {
		change(&o)
	}
	b.lens = identitycenter.New(o)
	t.Cleanup(func() {
		b.lens.Close()
		_ = b.server.Close()
	})
	return b
}

func nobody(int, int) {}

func TestEverybodyIsRead(t *testing.T) {
	for name, knobs := range map[string]simaws.Knobs{
		"full pages": {}, "short pages": {Paging: fault.Sizes(7)},
		"now and then throttled": {ThrottleEvery: 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, knobs, nil)
			target := &b.tenant.World.Target
			users, coverage := b.lens.Users(t.Context(), nobody)
			if !coverage.Complete() || len(users) != len(target.Users) {
				t.Fatalf("%d of %d users, %s", len(users), len(target.Users), coverage)
			}
			for i := range users {
				u, want := &users[i], target.Users[users[i].ID]
				if want == nil || u.UserName != want.UserName || u.ExternalID != want.ExternalID ||
					u.Active != want.Active ||
					u.Email != want.Email ||
					u.GivenName != want.GivenName || u.FamilyName != want.FamilyName ||
					u.DisplayName != want.DisplayName ||
					u.CreatedBy != want.CreatedBy {
					t.Fatalf("read %+v, the store has %+v", u, want)
				}
			}
			groups, coverage := b.lens.Groups(t.Context(), nobody)
			if !coverage.Complete() || len(groups) != len(target.Groups) {
				t.Fatalf("%d of %d groups, %s", len(groups), len(target.Groups), coverage)
			}
			lists, coverage, extra := b.lens.Memberships(t.Context(), users, groups, nil, nobody)
			if !coverage.Complete() || len(extra) != 0 {
				t.Fatal(coverage, extra)
			}
			for i := range groups {
				slices.Sort(lists[i].IDs)
				if want := slices.Sorted(maps.Keys(target.Groups[groups[i].ID].Members)); !slices.Equal(lists[i].IDs,
					want) {
					t.Errorf("%s has %d members, want %d", groups[i].Name, len(lists[i].IDs), len(want))
				}
			}
		})
	}
}

func TestLookups(t *testing.T) {
	b := lay(t, simaws.Knobs{}, nil)
	target := &b.tenant.World.Target
	want := target.Users[target.UserOrder[5]]
	if _, _, err := b.lens.FindUser(t.Context(), "nobody", "77"); err == nil {
		t.Error("an external id was looked up under an issuer that nobody knows")
	}
	b.lens.Users(t.Context(), nobody)
	for _, key := range [][2]string{
		{want.UserName, ""},
		{strings.ToUpper(want.UserName), ""},
		{"nobody@corp.example", want.ExternalID},
	} {
		if u, found, err := b.lens.FindUser(t.Context(), key[0], key[1]); err != nil || !found || u.ID != want.ID {
			t.Errorf("by %q: %+v %v %v", key, u, found, err)
		}
	}
	if _, found, err := b.lens.FindUser(t.Context(), "nobody@corp.example", ""); found || err != nil {
		t.Error("nobody: ", found, err)
	}
	group := target.Groups[target.GroupOrder[2]]
	if g, found, err := b.lens.FindGroup(t.Context(), group.DisplayName, ""); err != nil || !found || g.ID != group.ID {
		t.Error(g, found, err)
	}
	groups, _ := b.lens.Groups(t.Context(), nobody)
	at := slices.IndexFunc(groups, func(g model.Group) bool { return g.ID == group.ID })
	if g, _, err := b.lens.GetGroup(t.Context(), group.ID); err != nil || !reflect.DeepEqual(g, groups[at]) ||
		g.Created.IsZero() {
		t.Errorf("alone %+v, in the list %+v, %v", g, groups[at], err)
	}
	for member := range group.Members {
		groups, _, err := b.lens.GroupsOf(t.Context(), member)
		if err != nil || !slices.Contains(groups, model.GroupRef{ID: group.ID, Name: group.DisplayName}) {
			t.Error(groups, err)
		}
		break
	}
	if _, found, err := b.lens.GetGroup(t.Context(), "00000000-0000-4000-8000-000000000000"); found || err != nil {
		t.Error("a group that is not there: ", found, err)
	}
	if _, err := b.lens.MembersOf(t.Context(), "00000000-0000-4000-8000-000000000000"); err == nil {
		t.Error("a group that is gone has members")
	}
	_ = b.server.Faults.Add(fault.Fault{Service: fault.AWS, Kind: fault.Answer, Body: `{}`, Path: "Get(User|Group)Id$"})
	if _, found, err := b.lens.FindUser(t.Context(), want.UserName, ""); err == nil {
		t.Error("an answer without an id says of a user: ", found)
	}
	if _, found, err := b.lens.FindGroup(t.Context(), group.DisplayName, ""); err == nil {
		t.Error("an answer without an id says of a group: ", found)
	}
	b.server.Faults.Clear()
	_ = b.server.Faults.Add(fault.Fault{
		Service: fault.AWS, Kind: fault.Answer, Body: `{"UserId":"another","GroupId":"another"}`, Path: "Describe",
	})
	_, user, errUser := b.lens.GetUser(t.Context(), want.ID)
	_, there, errGroup := b.lens.GetGroup(t.Context(), group.ID)
	if user || there || errUser == nil || errGroup == nil {
		t.Errorf("another record is taken for the one that was asked for: %v %v, %v %v", user, there, errUser, errGroup)
	}
}

// A bad read is never a smaller directory.
func TestFaults(t *testing.T) {
	for _, f := range []fault.Fault{
		{Kind: fault.Throttle},
		{Kind: fault.ServerError},
		{Kind: fault.BadGateway},
		{Kind: fault.Forbidden},
		{Kind: fault.Reset},
		{Kind: fault.ResetInBody},
		{Kind: fault.Truncate},
		{Kind: fault.LoseAnswer},
		{Kind: fault.Redirect, Location: "http://127.0.0.1:1"},
		{Kind: fault.Answer, Body: "{}"},
		{Kind: fault.Answer, Body: "[]"},
		{Kind: fault.Answer, Body: "null"},
		{Kind: fault.Answer, Body: `{"Users":[],"Groups":[],"GroupMemberships":[],"NextToken":"the same again"}`},
		{Kind: fault.Answer, Status: 400, Body: `{"__type":"ResourceNotFoundException"}`},
		{Kind: fault.Answer, Status: 400, Body: `{"__type":"ValidationException","message":"Invalid NextToken"}`},
		{Kind: fault.Answer, Status: 400, Body: `{"__type":"ExpiredTokenException","message":"expired"}`},
		{Kind: fault.Answer, Status: 400, Body: `{"__type":"AccessDeniedException","Reason":"KMS_ACCESS_DENIED"}`},
		{Kind: fault.Answer, Body: "<html>sign in</html>"},
		{Kind: fault.Answer, Body: `{"Users":null,"Groups":null,"GroupMemberships":null}`},
		{Kind: fault.Answer, Body: `{"Users":[{}],"Groups":[{}],"GroupMemberships":[{}]}`},
		{
			Kind: fault.Answer,
			Body: `{"Users":[{"UserId":"x","UserName":"a"}],"Groups":[{"GroupId":"x"}],` +
				`"GroupMemberships":[{"MemberId":{"UserId":"x"}}],"NextToken":"more"}`,
		},
	} {
		for _, after := range []int{0, 1} {
			t.Run(fmt.Sprint(f.Kind, " ", f.Body, " after ", after), func(t *testing.T) {
				b := lay(t, simaws.Knobs{Paging: fault.Sizes(5)},
					func(o *identitycenter.Options) { o.HTTP.Retries = -1 })
				f.Service, f.Path, f.After = fault.AWS, "List", after
				if err := b.server.Faults.Add(f); err != nil {
					t.Fatal(err)
				}
				users, coverage := b.lens.Users(t.Context(), nobody)
				if coverage.Complete() || coverage.Reason == "" || after == 0 && len(users) == 0 &&
					coverage.State != model.Unknown {
					t.Errorf("%d users are %q", len(users), coverage)
				}
				if _, coverage := b.lens.Groups(t.Context(), nobody); coverage.Complete() {
					t.Error("groups are complete")
				}
				for id := range b.tenant.World.Target.Groups {
					if list, err := b.lens.MembersOf(t.Context(), id); err == nil {
						t.Errorf("%d members were believed", len(list.IDs))
					}
				}
				if !strings.Contains(coverage.Reason, "identitystore:ListUsers") &&
					!strings.Contains(coverage.Reason, "read again") &&
					!strings.Contains(coverage.Reason, "run aws sso login") {
					t.Errorf("%q does not say what to do", coverage.Reason)
				}
			})
		}
	}
}

// What is missing is named, and nothing else is lost.
func TestMissingPermissions(t *testing.T) {
	b := lay(t, simaws.Knobs{Deny: []string{
		"identitystore:ListUsers", "sso:ListAccountAssignmentsForPrincipal",
		"organizations:ListAccounts",
	}}, nil)
	if _, coverage := b.lens.Users(t.Context(), nobody); !strings.Contains(coverage.Reason,
		"may not do identitystore:ListUsers") {
		t.Error(coverage)
	}
	if _, coverage := b.lens.Groups(t.Context(), nobody); !coverage.Complete() {
		t.Error(coverage)
	}
	if _, err := b.lens.Assignments(t.Context(), model.Principal{Type: model.SubjectGroup, ID: "g"}); err == nil ||
		!strings.Contains(err.Error(), "sso:ListAccountAssignmentsForPrincipal") {
		t.Error(err)
	}
	b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"organizations:ListAccounts", "sso:DescribePermissionSet"}})
	one := b.tenant.World.Target.Assignments[0]
	list, err := b.lens.Assignments(t.Context(), model.Principal{Type: model.SubjectGroup, ID: one.PrincipalID})
	if err != nil || len(list) == 0 || !strings.Contains(model.AssignmentNames(list)[0], one.AccountID) {
		t.Error("without names the ids have to do: ", list, err)
	}
}

func TestNoCredentials(t *testing.T) {
	b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) { o.Credentials = nil })
	_, coverage := b.lens.Users(t.Context(), nobody)
	if !strings.Contains(coverage.Reason, "no AWS credentials") ||
		!strings.Contains(coverage.Reason, "aws sso login") ||
		b.lens.Requests() != 0 {
		t.Error(coverage, b.lens.Requests())
	}
	wrong := lay(t, simaws.Knobs{AccessKeys: []string{"AKIDOTHER"}}, nil)
	if _, coverage := wrong.lens.Users(t.Context(), nobody); !strings.Contains(coverage.Reason,
		"does not accept the credentials") {
		t.Error(coverage)
	}
	missing := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) { o.Credentials, o.Profile = nil, "not-there" })
	if _, coverage := missing.lens.Users(t.Context(), nobody); !strings.Contains(coverage.Reason, "aws.profile") {
		t.Error(coverage)
	}
}

func TestInstanceIsFound(t *testing.T) {
	b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) { o.IdentityStoreID, o.InstanceARN = "", "" })
	if users, coverage := b.lens.Users(t.Context(), nobody); !coverage.Complete() || len(users) == 0 {
		t.Error(coverage)
	}
	other := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) {
		o.IdentityStoreID, o.InstanceARN = "d-0000000000",
			""
	})
	if _, err := other.lens.Assignments(t.Context(), model.Principal{Type: model.SubjectGroup, ID: "x"}); err == nil ||
		!strings.Contains(err.Error(), "0 instances") {
		t.Error(err)
	}
	if _, coverage := other.lens.Users(t.Context(), nobody); coverage.Complete() ||
		!strings.Contains(coverage.Reason, "aws.identity_store_id") {
		t.Error(coverage)
	}
}

func TestStoreAndTokenBelongTogether(t *testing.T) {
	b := lay(t, simaws.Knobs{}, nil)
	target := &b.tenant.World.Target
	gone := []string{"00000000-0000-4000-8000-00000000dead"}
	for _, ids := range [][2][]string{
		{target.UserOrder, nil},
		{nil, target.GroupOrder},
		{append(slices.Clone(gone), target.UserOrder...), nil},
	} {
		if err := b.lens.Prove(t.Context(), ids[0], ids[1]); err != nil {
			t.Error(err)
		}
	}
	if err := b.lens.Prove(t.Context(), gone, gone); err == nil || !strings.Contains(err.Error(), "two directories") {
		t.Error(err)
	}
	if err := b.lens.Prove(t.Context(), nil, nil); !errors.Is(err, identitycenter.ErrUnproven) {
		t.Error(err)
	}
}

func TestOlderStoreHasNoStatus(t *testing.T) {
	b := lay(t, simaws.Knobs{}, nil)
	if b.lens.Users(t.Context(), nobody); b.lens.Unreadable() != 0 {
		t.Error("active can be read")
	}
	_ = b.server.Faults.Add(fault.Fault{
		Service: fault.AWS, Kind: fault.Answer,
		Body: `{"Users":[{"UserId":"x","UserName":"a"}]}`,
	})
	if users, _ := b.lens.Users(t.Context(), nobody); len(users) != 1 || !b.lens.Unreadable().Has(model.FieldActive) {
		t.Error("what nobody said counts as a status")
	}
}

// group gives a group with assignments.
func (b *bed) group() world.Assignment { return b.tenant.World.Target.Assignments[0] }

func TestAssignmentsGoAndComeBack(t *testing.T) {
	for _, polls := range []int{0, 3} {
		b := lay(t, simaws.Knobs{Polls: polls}, nil)
		of := model.Principal{Type: model.SubjectGroup, ID: b.group().PrincipalID}
		before, err := b.lens.Assignments(t.Context(), of)
		if err != nil || len(before) == 0 || before[0].Account == "" || before[0].PermissionSet == "" {
			t.Fatal(before, err)
		}
		for _, repair := range []model.RepairName{model.RemoveAssignments, model.RestoreAssignments} {
			b.server.AWS.ResetRequests()
			requests, err := b.lens.Encode(t.Context(), &model.Intent{
				Option:      model.Option{Repair: repair},
				Assignments: before,
			})
			if err != nil || len(requests) != len(before) {
				t.Fatal(requests, err)
			}
			for i := range requests {
				if _, err := b.lens.Write(t.Context(), requests[i].Request); err != nil {
					t.Fatal(err)
				}
				sent := b.server.AWS.Requests()
				at := slices.IndexFunc(sent, func(r asked.Request) bool {
					return r.Operation == requests[i].Request.Headers["X-Amz-Target"] &&
						same(r.Body, requests[i].Request.Body)
				})
				if at < 0 {
					t.Errorf("what was sent is not what was shown: %s, %v", requests[i].Request.Body, sent)
				}
			}
			now, err := b.lens.Assignments(t.Context(), of)
			if want := map[model.RepairName]int{
				model.RemoveAssignments:  0,
				model.RestoreAssignments: len(before),
			}[repair]; err != nil || len(now) != want {
				t.Errorf("%s leaves %v, %v", repair, now, err)
			}
		}
	}
}

func same(sent string, shown json.RawMessage) bool {
	var a, b map[string]string
	return json.Unmarshal([]byte(sent), &a) == nil && json.Unmarshal(shown, &b) == nil && maps.Equal(a, b)
}

// A change that AWS does not get done in time is in doubt, and the words are about AWS.
func TestAnAssignmentThatAWSDoesNotGetDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := lay(t, simaws.Knobs{Polls: 9}, func(o *identitycenter.Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	})
	list, _ := b.lens.Assignments(t.Context(), model.Principal{Type: model.SubjectGroup, ID: b.group().PrincipalID})
	requests, err := b.lens.Encode(t.Context(), &model.Intent{
		Option: model.Option{Repair: model.RemoveAssignments}, Assignments: list[:1],
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.lens.Write(ctx, requests[0].Request)
	failed, ok := errors.AsType[*model.WriteError](err)
	if !ok || failed.Fate != model.WriteUnsure || !strings.Contains(err.Error(), "AWS took the request and was still") {
		t.Errorf("%v (%+v)", err, failed)
	}
}

func TestWritesThatFail(t *testing.T) {
	for name, tt := range map[string]struct {
		fault fault.Fault
		deny  string
		// bend changes what is about to be written, or who takes it.
		bend func(*bed, *model.Request)
		fate model.WriteFate
	}{
		"another operation": {
			bend: func(_ *bed, r *model.Request) {
				r.Headers["X-Amz-Target"] = "SWBExternalService.DeletePermissionSet"
			},
			fate: model.WriteNotSent,
		},
		"one key more": {
			bend: func(_ *bed, r *model.Request) { r.Body = append([]byte(`{"More":"1",`), r.Body[1:]...) },
			fate: model.WriteNotSent,
		},
		"nobody there": {
			bend: func(b *bed, _ *model.Request) {
				b.lens.Close() // on a connection that is open already, nobody knows what arrived
				_ = b.server.Close()
			},
			fate: model.WriteNotSent,
		},
		"denied": {deny: "sso:DeleteAccountAssignment", fate: model.WriteRefused},
		"throttled": {
			fault: fault.Fault{Kind: fault.Answer, Status: 400, Body: `{"__type":"ThrottlingException"}`},
			fate:  model.WriteThrottled,
		},
		"failed":       {fault: fault.Fault{Kind: fault.ServerError}, fate: model.WriteUnsure},
		"bad gateway":  {fault: fault.Fault{Kind: fault.BadGateway}, fate: model.WriteUnsure},
		"lost answer":  {fault: fault.Fault{Kind: fault.LoseAnswer}, fate: model.WriteUnsure},
		"cut answer":   {fault: fault.Fault{Kind: fault.Truncate}, fate: model.WriteUnsure},
		"empty answer": {fault: fault.Fault{Kind: fault.Answer, Body: "{}"}, fate: model.WriteUnsure},
		"no status yet": {
			fault: fault.Fault{Kind: fault.ServerError, Path: "DescribeAccountAssignmentDeletionStatus"},
			fate:  model.WriteUnsure,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, simaws.Knobs{Polls: 2}, func(o *identitycenter.Options) { o.HTTP.Retries = -1 })
			list, err := b.lens.Assignments(t.Context(),
				model.Principal{Type: model.SubjectGroup, ID: b.group().PrincipalID})
			if err != nil {
				t.Fatal(err)
			}
			requests, _ := b.lens.Encode(t.Context(), &model.Intent{
				Option:      model.Option{Repair: model.RemoveAssignments},
				Assignments: list[:1],
			})
			switch {
			case tt.deny != "":
				b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{tt.deny}})
			case tt.bend != nil:
				tt.bend(b, &requests[0].Request)
			default:
				tt.fault.Service = fault.AWS
				if tt.fault.Path == "" {
					tt.fault.Path = "DeleteAccountAssignment$"
				}
				if err := b.server.Faults.Add(tt.fault); err != nil {
					t.Fatal(err)
				}
			}
			b.server.AWS.ResetRequests()
			_, err = b.lens.Write(t.Context(), requests[0].Request)
			failed, ok := errors.AsType[*model.WriteError](err)
			if !ok || failed.Fate != tt.fate {
				t.Fatalf("%v (%+v), want fate %d", err, failed, tt.fate)
			}
			sent := 0
			for _, r := range b.server.AWS.Requests() {
				if strings.HasSuffix(r.Operation, "DeleteAccountAssignment") {
					sent++
				}
			}
			if sent > 1 || sent > 0 && tt.fate == model.WriteNotSent {
				t.Errorf("sent %d times", sent)
			}
		})
	}
}

func TestAWSCannotDoIt(t *testing.T) {
	b := lay(t, simaws.Knobs{FailDangling: true}, nil)
	one := b.group()
	b.tenant.World.Target.RemoveGroup(one.PrincipalID)
	requests, err := b.lens.Encode(t.Context(), &model.Intent{
		Option: model.Option{Repair: model.RemoveAssignments},
		Assignments: []model.Assignment{{
			AccountID: one.AccountID, PermissionSetARN: one.PermissionSetARN, PrincipalType: model.SubjectGroup,
			PrincipalID: one.PrincipalID,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.lens.Write(t.Context(), requests[0].Request)
	if failed, ok := errors.AsType[*model.WriteError](err); !ok || failed.Fate != model.WriteRefused ||
		!strings.Contains(err.Error(), "not found in directory") {
		t.Error(err)
	}
}

func TestDangling(t *testing.T) {
	b := lay(t, simaws.Knobs{Paging: fault.Sizes(2)}, nil)
	target := &b.tenant.World.Target
	known := map[string]bool{}
	for id := range target.Groups {
		known[id] = true
	}
	if found, rest, err := b.lens.Dangling(t.Context(), known, 500); err != nil || len(found) != 0 || rest != "" {
		t.Fatal(found, rest, err)
	}
	gone := b.group().PrincipalID
	target.RemoveGroup(gone)
	delete(known, gone)
	found, _, err := b.lens.Dangling(t.Context(), known, 500)
	if err != nil || len(found) == 0 || found[0].PrincipalID != gone {
		t.Error(found, err)
	}
	b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"sso:ListPermissionSets"}})
	if _, _, err := b.lens.Dangling(t.Context(), known, 500); err == nil ||
		!strings.Contains(err.Error(), "sso:ListPermissionSets") {
		t.Error(err)
	}
}

// What the list of an account has of a group that is there, and its own list lacks, is not taken for nothing; what is
// gone by now is.
func TestAListByPrincipalThatLacksAssignmentsIsNotBelieved(t *testing.T) {
	b := lay(t, simaws.Knobs{}, nil)
	of := model.Principal{Type: model.SubjectGroup, ID: b.group().PrincipalID}
	if _, _, err := b.lens.Dangling(t.Context(), map[string]bool{of.ID: true}, 500); err != nil {
		t.Fatal(err)
	}
	_ = b.server.Faults.Add(fault.Fault{
		Service: fault.AWS, Kind: fault.Answer, Status: 200, Body: `{"AccountAssignments":[]}`,
		Path: "ListAccountAssignmentsForPrincipal$",
	})
	if has, err := b.lens.Assignments(t.Context(), of); err == nil || !strings.Contains(err.Error(), "leaves it out") {
		t.Errorf("%v, %v", has, err)
	}
	target := &b.tenant.World.Target
	target.Assignments = slices.DeleteFunc(target.Assignments, func(a world.Assignment) bool {
		return a.PrincipalID == of.ID
	})
	if has, err := b.lens.Assignments(t.Context(), of); err != nil || len(has) != 0 {
		t.Errorf("%v, %v", has, err)
	}
}

// An account's list that shows for a while what this program has removed does not keep that from being confirmed.
func TestTheListOfAnAccountMayLagBehindARemoval(t *testing.T) {
	b := lay(t, simaws.Knobs{}, nil)
	of := model.Principal{Type: model.SubjectGroup, ID: b.group().PrincipalID}
	if _, _, err := b.lens.Dangling(t.Context(), map[string]bool{of.ID: true}, 500); err != nil {
		t.Fatal(err)
	}
	before, err := b.lens.Assignments(t.Context(), of)
	if err != nil || len(before) == 0 {
		t.Fatal(before, err)
	}
	requests, err := b.lens.Encode(t.Context(), &model.Intent{
		Option: model.Option{Repair: model.RemoveAssignments}, Assignments: before,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range requests {
		if _, err := b.lens.Write(t.Context(), requests[i].Request); err != nil {
			t.Fatal(err)
		}
	}
	_ = b.server.Faults.Add(fault.Fault{
		Service: fault.AWS, Kind: fault.Answer, Status: 200, Path: "ListAccountAssignments$",
		Body: `{"AccountAssignments":[{"AccountId":"` + before[0].AccountID + `","PermissionSetArn":"` +
			before[0].PermissionSetARN + `","PrincipalId":"` + of.ID + `","PrincipalType":"GROUP"}]}`,
	})
	if has, err := b.lens.Assignments(t.Context(), of); err != nil || len(has) != 0 {
		t.Errorf("%v, %v", has, err)
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	var lines []string
	b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) {
		o.HTTP.Observe = func(e transport.Event) { lines = append(lines, e.Line(), fmt.Sprint(e)) }
	})
	b.lens.Users(t.Context(), nobody)
	all := strings.Join(lines, "\n")
	if !strings.Contains(all, "AWSIdentityStore.ListUsers") {
		t.Error("the log does not tell the operations apart")
	}
	for _, secret := range []string{"wJalrXUtnFEMI", "AKIDEXAMPLE", "Signature"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}
