package load_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// lensFault is how AWS's own APIs misbehave. Where nothing is lost the load has to recover.
type lensFault struct {
	name  string
	fault fault.Fault
	knobs simaws.Knobs
	lost  []model.Part
	// says is what the first lost part, or a note, tells the operator.
	says string
}

func refused(kind string) fault.Fault {
	return fault.Fault{
		Kind: fault.Answer, Status: http.StatusBadRequest,
		Body: fmt.Sprintf(`{"__type":%q,"message":"no"}`, kind),
	}
}

func on(path string, f fault.Fault) fault.Fault {
	f.Path = path
	return f
}

func after(n int, f fault.Fault) fault.Fault {
	f.After = n
	return f
}

func times(n int, f fault.Fault) fault.Fault {
	f.Times = n
	return f
}

func lensFaults() []lensFault {
	const users, members, assigned = "ListUsers$", "ListGroupMemberships$", "AssignmentsForPrincipal$"
	allUsers := []model.Part{model.PartUsers}
	allMembers := []model.Part{model.PartMemberships}
	readByLens := []model.Part{model.PartUsers, model.PartMemberships}
	table := []lensFault{
		{name: "nothing"},
		{name: "short and empty pages", knobs: simaws.Knobs{Paging: fault.Sizes(0, 9)}},
		{name: "a row twice on every page", fault: fault.Fault{Kind: fault.DoubleRow}},
		{name: "now and then throttled", knobs: simaws.Knobs{ThrottleEvery: 4}},
		{
			name: "429 for ever", fault: on(users, fault.Fault{Kind: fault.Throttle}), lost: allUsers,
			says: "refuses more requests",
		},
		{
			name: "429 that asks for an hour", fault: on(users, fault.Fault{Kind: fault.Throttle, RetryAfter: 3600}),
			lost: allUsers, says: "asks to wait 1h0m0s",
		},
		{
			name: "400 that throttles", fault: on(members, refused("ThrottlingException")), lost: allMembers,
			says: "refuses more requests",
		},
		{
			name: "a repeated token", fault: on(users,
				fault.Fault{Kind: fault.Answer, Body: `{"Users":[],"NextToken":"again"}`}), lost: allUsers,
			says: "a page came twice",
		},
		{
			name: "a token that is refused", fault: on(users, after(1, refused("ValidationException"))),
			knobs: simaws.Knobs{Paging: fault.Sizes(20)}, lost: allUsers, says: "identitystore:ListUsers",
		},
		{
			name: "the store is gone mid-walk", fault: on(users, after(1, refused("ResourceNotFoundException"))),
			knobs: simaws.Knobs{Paging: fault.Sizes(20)}, lost: allUsers, says: "aws.identity_store_id",
		},
		{
			name: "groups are gone mid-walk", fault: on(members, after(2, refused("ResourceNotFoundException"))),
			lost: allMembers, says: "the group is gone",
		},
		{
			name: "credentials that expire on the way", fault: on(members, after(5, refused("ExpiredTokenException"))),
			lost: allMembers, says: "run aws sso login",
		},
		{
			name: "credentials that are no good", fault: refused("UnrecognizedClientException"), lost: readByLens,
			says: "run aws sso login",
		},
		{
			name: "a key that is out of reach", fault: on(users, refused("KMSAccessDeniedException")), lost: allUsers,
			says: "identitystore:ListUsers",
		},
		{
			name: "empty users", fault: on(users, fault.Fault{Kind: fault.Empty}), lost: allUsers,
			says: "which SCIM shows",
		},
		{
			name: "assignments cannot be read", fault: on(assigned, fault.Fault{Kind: fault.ServerError}),
			says: "sso:ListAccountAssignmentsForPrincipal",
		},
		{
			name: "assignments are denied", fault: on(assigned, refused("AccessDeniedException")),
			says: "may not do sso:ListAccountAssignmentsForPrincipal",
		},
		{
			name: "assignments are cut", fault: on(assigned, fault.Fault{Kind: fault.Truncate}),
			says: "sso:ListAccountAssignmentsForPrincipal",
		},
		{
			name: "half of the assignments", fault: on(assigned, after(3, fault.Fault{Kind: fault.Reset})),
			says: "sso:ListAccountAssignmentsForPrincipal",
		},
		{
			name: "an object without anything", fault: on(users, fault.Fault{Kind: fault.Answer, Body: "{}"}),
			lost: allUsers, says: "no list at all",
		},
		{
			name: "a page to sign in", fault: on(users, fault.Fault{Kind: fault.Answer, Body: "<html>sign in</html>"}),
			lost: allUsers, says: "ListUsers",
		},
		{name: "no names", fault: on("DescribePermissionSet$|ListAccounts$", fault.Fault{Kind: fault.ServerError})},
	}
	for _, kind := range []fault.Kind{
		fault.Reset, fault.ResetInBody, fault.LoseAnswer, fault.ServerError,
		fault.BadGateway, fault.Truncate, fault.Throttle,
	} {
		table = append(table,
			lensFault{name: string(kind) + " a few times", fault: times(3, after(2, fault.Fault{Kind: kind}))},
			lensFault{
				name:  string(kind) + " for ever",
				fault: on("(ListUsers|Memberships)$", after(1, fault.Fault{Kind: kind})),
				knobs: simaws.Knobs{Paging: fault.Sizes(40)}, lost: readByLens, says: "identitystore:ListUsers",
			})
	}
	for i := range table {
		if table[i].fault.Kind == fault.Throttle && table[i].says != "" && table[i].fault.RetryAfter == 0 {
			table[i].says = "refuses more requests"
		}
	}
	return table
}

// through loads by the old endpoint and a lens that was never asked before.
func (b *bed) through(t *testing.T) *drift.Comparison {
	t.Helper()
	lens := lensOn(t, b)
	c, err := load.New(b.source, load.NewLensed(b.target, lens), load.Options{
		Options: drift.Options{
			Fields: model.FieldSetOf(model.Fields()...),
			Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)},
		},
		SkipRules: true, SkipEvents: true, Now: time.Now, TargetKind: "aws", AWS: lens,
	}).Load(t.Context(), drift.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// offers are the findings of a comparison with the direct repairs that each offers, which are those that can take or
// give.
func offers(c *drift.Comparison) map[string][]model.RepairName {
	out := map[string][]model.RepairName{}
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Subject.Type != model.SubjectUser && f.Subject.Type != model.SubjectGroup {
			continue
		}
		out[f.ID] = nil
		for _, o := range f.Repairs {
			if o.Channel == model.Direct {
				out[f.ID] = append(out[f.ID], o.Repair)
			}
		}
	}
	return out
}

// A service that shows a row twice on one page says nothing else with it: the comparison is whole, and the same.
func TestARowTwiceOnAPageChangesNothing(t *testing.T) {
	b := legacy(t, 64, 12)
	want := offers(b.through(t))
	if err := b.server.Faults.Add(fault.Fault{Kind: fault.DoubleRow, Method: http.MethodGet}); err != nil {
		t.Fatal(err)
	}
	c := b.through(t)
	if !complete(c) {
		t.Error(c.Source.Coverage, c.Target.Coverage)
	}
	if diff := cmp.Diff(want, offers(c)); diff != "" {
		t.Errorf("the comparison is another (-plain +doubled):\n%s", diff)
	}
}

// Whatever goes wrong at Identity Store and SSO Admin is never drift: nothing is found, and nothing is offered to be
// taken, that an undisturbed read would not show; and what is missing says why.
func TestFaultsOfAWSAreNeverDrift(t *testing.T) {
	b := legacy(t, 64, 12)
	calm := b.through(t)
	if !complete(calm) || len(calm.Notes) > 0 {
		t.Fatal(calm.Target.Coverage, calm.Notes)
	}
	want := offers(calm)
	for _, f := range lensFaults() {
		t.Run(f.name, func(t *testing.T) {
			b.server.Faults.Clear()
			b.server.AWS.SetKnobs(f.knobs)
			if f.fault.Kind != "" {
				f.fault.Service = fault.AWS
				if err := b.server.Faults.Add(f.fault); err != nil {
					t.Fatal(err)
				}
			}
			c := b.through(t)
			got := offers(c)
			for id, repairs := range got {
				known, there := want[id]
				if !there && !strings.HasPrefix(id, string(model.GroupUnclaimed)) {
					t.Errorf("%s is not true", id)
				}
				for _, r := range repairs {
					if there && !slices.Contains(known, r) {
						t.Errorf("%s is offered for %s", r, id)
					}
				}
			}
			if len(f.lost) == 0 && len(got) != len(want) {
				t.Errorf("%d of %d findings are left", len(got), len(want))
			}
			said := strings.Join(c.Notes, "\n")
			for _, part := range model.TargetParts() {
				coverage := c.Target.Coverage[part]
				said += "\n" + coverage.Reason
				// nobody's memberships are known in full where users are not
				follows := part == model.PartMemberships && len(f.lost) > 0
				if coverage.Complete() == slices.Contains(f.lost, part) && !follows {
					t.Errorf("%v is %s", part, coverage)
				}
			}
			if !strings.Contains(said, f.says) || f.says == "" && len(c.Notes) > 0 {
				t.Errorf("it says %q, and not %q", said, f.says)
			}
		})
	}
}
