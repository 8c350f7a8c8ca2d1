package load_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/requests"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// The pages that the services serve, whatever is asked for: the simulation keeps to the documented ones.
const (
	rollPage, userPage, rolePage, eventPage, scimPage = 1000, 50, 650, 50, 100
)

func pages(rows, page int) int { return max(1, (rows+page-1)/page) }

// leastSource is the fewest requests in which the source can be read: a token, the app, its users twice (who is
// assigned, and their details), the roles, the rules enabled and disabled, and the events that were asked for.
func leastSource(w *world.World, app int64, events []string) (n int) {
	assigned := len(w.Source.Assigned(app))
	n = 1 + 1 + pages(assigned, rollPage) + pages(assigned, userPage) + pages(len(w.Source.Roles), rolePage) + 2
	for _, query := range events {
		n += pages(matching(w, query), eventPage)
	}
	return n
}

// matching counts the events that a question fits. Which types it asks for is the product's choice; how many pages they
// make is not.
func matching(w *world.World, query string) (n int) {
	q, _ := url.ParseQuery(query) // a query that cannot be parsed matches nothing, and the test fails
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	types := map[string]bool{}
	for id := range strings.SplitSeq(q.Get("event_type_id"), ",") {
		types[id] = true
	}
	for _, e := range w.Source.Events {
		if types[strconv.Itoa(e.Type)] && !e.At.Before(since) {
			n++
		}
	}
	return n
}

// leastTarget is the fewest requests in which the target can be read, with the members asked for by group.
func leastTarget(w *world.World) int {
	n := pages(len(w.Target.Users), scimPage) + pages(len(w.Target.Groups), scimPage)
	for _, g := range w.Target.Groups {
		n += pages(len(g.Members), scimPage)
	}
	return n
}

// The budget of the design: at most 1.05 times the fewest requests that the page sizes allow, drift or none.
func TestRequestsOfAFullLoad(t *testing.T) {
	t.Parallel()
	longTable(t)
	for _, c := range []struct {
		scenario             string
		users, groups, loads int
	}{{"large", 2_500, 60, 1}, {"clean", 1_200, 40, 2}} {
		t.Run(c.scenario, func(t *testing.T) {
			t.Parallel()
			tenant, err := tenants.Build(tenants.Options{
				Scenario: c.scenario, Users: c.users, Groups: c.groups,
				Seed: 3,
			})
			if err != nil {
				t.Fatal(err)
			}
			b := lay(t, t, tenant, scim.Current().Unlimited())
			defer b.close()
			for n := range c.loads {
				b.countLoad(t, n == 0)
			}
		})
	}
}

// countLoad loads once, counts what was asked and holds it against the least. Only the first load needs a token.
func (b *bed) countLoad(t *testing.T, first bool) {
	t.Helper()
	b.server.OneLogin.ResetRequests()
	b.server.SCIM.ResetRequests()
	c := b.load(t, t)
	wantTruth(t, c, b.tenant.Truth, true)
	source := leastSource(b.tenant.World, b.tenant.AppID, eventQueries(b.server.OneLogin.Requests()))
	target := leastTarget(b.tenant.World)
	if !first {
		source--
	}
	asked, told := b.server.OneLogin.RequestCount(), b.server.SCIM.RequestCount()
	for _, side := range []struct {
		name                  string
		got, least, questions int // the questions are the budget of direct ones
	}{{"source", asked, source, 25}, {"target", told, target, 60}, {"both sides", asked + told, source + target, 85}} {
		t.Logf("%d requests for %s, at least %d (%.3f)", side.got, side.name, side.least,
			float64(side.got)/float64(side.least))
		if float64(side.got-side.questions) > 1.05*float64(side.least) || side.got < side.least {
			t.Errorf("%s: %d requests are not between %d and 1.05 times that and %d questions\n%v",
				side.name, side.got, side.least, side.questions, byPath(b.server.OneLogin.Requests()))
		}
	}
	if c.Source.Requests != asked || c.Target.Requests != told {
		t.Errorf("%d and %d requests are reported, %d and %d were served", c.Source.Requests, c.Target.Requests, asked,
			told)
	}
}

// byPath counts requests by what they ask for, to see where the surplus is.
func byPath(requests []requests.Request) string {
	counts := map[string]int{}
	for _, r := range requests {
		counts[r.Path]++
	}
	return fmt.Sprint(counts)
}
