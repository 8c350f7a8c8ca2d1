package identitycenter_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// crowd counts how many requests are under way at once.
func crowd(t *testing.T, to string) (proxy *httptest.Server, most *atomic.Int32) {
	t.Helper()
	base, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	var now atomic.Int32
	most = new(atomic.Int32)
	forward := httputil.NewSingleHostReverseProxy(base)
	proxy = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
		}
		forward.ServeHTTP(rw, r)
	}))
	onward := &http.Transport{}
	forward.Transport = onward
	t.Cleanup(func() {
		proxy.Close()
		onward.CloseIdleConnections()
	})
	return proxy, most
}

// sentOf counts the requests of each operation since the last count.
func (b *bed) sentOf() map[string]int {
	out := map[string]int{}
	for _, r := range b.server.AWS.Requests() {
		_, name, _ := strings.Cut(r.Operation, ".")
		out[name]++
	}
	b.server.AWS.ResetRequests()
	return out
}

// A group with a hundred accounts of twenty permission sets costs the pages that the APIs give and each name once,
// whatever its size; looking for what dangles keeps to its budget; and of the changes that AWS makes by and by, of
// which 15 may be outstanding (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html), one is under way at a
// time.
func TestManyAssignmentsStayWithinTheRates(t *testing.T) {
	t.Parallel()
	b := lay(t, simaws.Knobs{}, nil)
	target := &b.tenant.World.Target
	group := target.GroupOrder[0]
	target.Accounts, target.PermissionSets, target.Assignments = map[string]string{}, map[string]string{}, nil
	for s := range 20 {
		target.PermissionSets[fmt.Sprintf("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-%016x",
			s)] = fmt.Sprintf("Set%d", s)
	}
	for a := range 100 {
		account := fmt.Sprintf("%012d", 100000000000+a)
		target.Accounts[account] = fmt.Sprintf("account %d", a)
		for set := range target.PermissionSets {
			target.Assignments = append(target.Assignments, world.Assignment{
				AccountID: account, PermissionSetARN: set,
				PrincipalType: "GROUP", PrincipalID: group,
			})
		}
	}
	proxy, most := crowd(t, b.server.URL())
	lens := identitycenter.New(identitycenter.Options{
		Region: target.Region, Endpoint: proxy.URL, IdentityStoreID: target.IdentityStoreID,
		InstanceARN: target.InstanceARN,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		RateShare:   identitycenter.Unlimited,
	})
	t.Cleanup(lens.Close)
	of := model.Principal{Type: model.SubjectGroup, ID: group}
	b.sentOf()
	list, err := lens.Assignments(t.Context(), of)
	if err != nil || len(list) != 2000 || list[1999].Account == "" || list[1999].PermissionSet == "" {
		t.Fatal(len(list), err)
	}
	first := map[string]int{"ListAccountAssignmentsForPrincipal": 20, "DescribePermissionSet": 20, "ListAccounts": 5}
	if got := b.sentOf(); fmt.Sprint(got) != fmt.Sprint(first) {
		t.Errorf("the first read takes %v, want %v", got, first)
	}
	if _, err := lens.Assignments(t.Context(), of); err != nil {
		t.Fatal(err)
	}
	if got := b.sentOf(); len(got) != 1 || got["ListAccountAssignmentsForPrincipal"] != 20 {
		t.Errorf("the second read takes %v", got)
	}
	const budget = 60
	_, rest, err := lens.Dangling(t.Context(), map[string]bool{group: true}, budget)
	if got := b.sentOf(); err != nil || rest == "" || got["ListPermissionSets"] != 1 ||
		got["ListAccountAssignments"]+got["ListAccountsForProvisionedPermissionSet"] != budget {
		t.Errorf("with a budget of %d: %v, %q, %v", budget, got, rest, err)
	}
	if most.Load() != 1 {
		t.Errorf("%d reads of the shared rate were under way at once", most.Load())
	}

	quick := lay(t, simaws.Knobs{Polls: 3}, nil) // its pauses are none
	of.ID = quick.group().PrincipalID
	some, err := quick.lens.Assignments(t.Context(), of)
	if err != nil || len(some) == 0 {
		t.Fatal(some, err)
	}
	quick.sentOf()
	requests, err := quick.lens.Encode(t.Context(), &model.Intent{
		Option:      model.Option{Repair: model.RemoveAssignments},
		Assignments: some,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range requests {
		if _, err := quick.lens.Write(t.Context(), requests[i].Request); err != nil {
			t.Fatal(err)
		}
		// Not until the change is done does the next one begin: all of its looks come before.
		if got := quick.sentOf(); got["DeleteAccountAssignment"] != 1 ||
			got["DescribeAccountAssignmentDeletionStatus"] != 3 || len(got) != 2 {
			t.Errorf("one removal takes %v", got)
		}
	}
}
