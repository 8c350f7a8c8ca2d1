package identitycenter_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/identitycenter"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/sync/transport/transporttest"
)

// put puts a fault on AWS's own APIs.
func (b *bed) put(t *testing.T, f fault.Fault) {
	t.Helper()
	f.Service = fault.AWS
	if err := b.server.Faults.Add(f); err != nil {
		t.Fatal(err)
	}
}

// What passes by itself costs a pause and nothing else: the list is complete.
func TestAReadIsTriedAgain(t *testing.T) {
	t.Parallel()
	throttled := func(body string) fault.Fault {
		return fault.Fault{Kind: fault.Answer, Status: http.StatusBadRequest, Body: `{"__type":"ThrottlingException"` +
			body +
			`}`}
	}
	for name, f := range map[string]fault.Fault{
		"reset": {Kind: fault.Reset}, "reset in the body": {Kind: fault.ResetInBody},
		"lost answer": {Kind: fault.LoseAnswer},
		"500":         {Kind: fault.ServerError}, "502": {Kind: fault.BadGateway}, "cut": {Kind: fault.Truncate},
		"429":          {Kind: fault.Throttle},
		"sign-in page": {Kind: fault.Answer, Body: "<html>sign in</html>"}, "400": throttled(""),
		"qualified 400": throttled(`,"message":"Rate exceeded"`),
		"slow":          {Kind: fault.Slow, DelayMS: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, simaws.Knobs{}, nil)
			f.Path, f.After, f.Times = "List", 1, 3
			b.put(t, f)
			users, coverage := b.lens.Users(t.Context(), nobody)
			if !coverage.Complete() || len(users) != len(b.tenant.World.Target.Users) {
				t.Errorf("%d users, %s", len(users), coverage)
			}
		})
	}
}

// The wait that AWS asks for is kept, whether it stands in a header or, as AWS has it, in the body; and whoever gives
// up in it is not kept.
func TestWaitIsAsLongAsAWSAsks(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault.Fault{
		"header": {Kind: fault.Throttle, RetryAfter: 40},
		"body": {
			Kind: fault.Answer, Status: http.StatusBadRequest,
			Body: `{"__type":"ThrottlingException","RetryAfterSeconds":40}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, giveUp := context.WithCancel(t.Context())
			var waits time.Duration
			b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) {
				o.HTTP.Observe = func(e transport.Event) {
					if e.Kind == transport.EventWait {
						waits = e.Until.Sub(e.At)
						giveUp()
					}
				}
			})
			b.put(t, f)
			_, coverage := b.lens.Users(ctx, nobody)
			if waits.Round(time.Second) != 40*time.Second || coverage.Complete() || b.lens.Requests() != 1 {
				t.Errorf("waits %s, %s, %d requests", waits, coverage, b.lens.Requests())
			}
		})
	}
	b := lay(t, simaws.Knobs{}, nil)
	b.put(t, fault.Fault{
		Kind: fault.Answer, Status: http.StatusBadRequest,
		Body: `{"__type":"ThrottlingException","RetryAfterSeconds":3600}`,
	})
	if _, coverage := b.lens.Users(t.Context(), nobody); !strings.Contains(coverage.Reason, "asks to wait 1h0m0s") {
		t.Error("an hour is no pause: ", coverage)
	}
}

// Whoever stops a load does not wait for a back-off, however long it is, nor for an assignment that AWS takes its time
// with.
func TestGivingUpIsImmediate(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) {
		o.HTTP = transport.Options{Backoff: 19 * time.Second, MaxBackoff: 19 * time.Second}
		o.HTTP.Observe = func(e transport.Event) {
			if e.Kind == transport.EventWait {
				giveUp()
			}
		}
	})
	b.put(t, fault.Fault{Kind: fault.ServerError})
	for i, list := range b.lens.Members(ctx, b.tenant.World.Target.GroupOrder, nobody) {
		if list.Unknown == "" {
			t.Errorf("the members of group %d were believed", i)
		}
	}
}

// A service that answers nothing but failures is not asked five times for every group, and what else it is asked does
// not suffer. As soon as it answers, everything is as before.
func TestAFailingOperationIsGivenUp(t *testing.T) {
	t.Parallel()
	clock := transporttest.NewClock(time.Now())
	b := lay(t, simaws.Knobs{}, func(o *identitycenter.Options) { o.HTTP = transport.Options{Clock: clock} })
	groups := slices.Repeat(b.tenant.World.Target.GroupOrder, 50)
	b.put(t, fault.Fault{Kind: fault.ServerError, Path: "ListGroupMemberships"})
	begun := clock.Now()
	load := transport.BeginLoad(t.Context())
	lists := b.lens.Members(load, groups, nobody)
	if took, n := clock.Now().Sub(begun), b.lens.Requests(); took > 30*time.Second || n > len(groups)/2 {
		t.Errorf("took %s and %d requests", took, n)
	}
	for _, list := range lists {
		if !strings.Contains(list.Unknown, "identitystore:ListGroupMemberships") {
			t.Errorf("the reason is %q", list.Unknown)
		}
	}
	last := lists[len(lists)-1].Unknown
	if !strings.Contains(last, "given up after") || !strings.Contains(last, "answered 500") {
		t.Errorf("the reason is %q", last)
	}
	if _, coverage := b.lens.Users(load, nobody); !coverage.Complete() {
		t.Error("another operation suffers: ", coverage)
	}
	b.server.Faults.Clear()
	b.put(t, fault.Fault{Kind: fault.ServerError, Path: "ListGroupMemberships", Times: 2})
	for _, list := range b.lens.Members(t.Context(), groups, nobody) {
		if list.Unknown != "" {
			t.Error("it is not tried again: ", list.Unknown)
		}
	}
}
