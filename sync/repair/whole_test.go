package repair_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// layWhole lays a tenant at whose target whole records are written; every user has a title that no repair is about.
func layWhole(t *testing.T) *bed {
	t.Helper()
	b := lay(t, "drift")
	b.bend(func(w *world.World) {
		for _, u := range w.Target.Users {
			u.Rest = json.RawMessage(`{"title": "Keeper"}`)
		}
	})
	target := &b.tenant.World.Target
	client, err := scim.New(scim.Options{
		URL: b.server.URL() + "/" + target.TenantID + "/scim/v2", Token: target.Tokens[0].Value,
		RateShare: scim.Unlimited, Write: scim.WritePut,
		HTTP: transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	b.opts.Target = client
	b.start()
	return b
}

// cutRecord lets the target show a user's own record without an attribute from now on.
func (b *bed) cutRecord(id, attribute string) {
	b.t.Helper()
	now, found, err := b.opts.Target.Record(b.t.Context(), model.SubjectUser, id, false)
	if err != nil || !found {
		b.t.Fatal(found, err)
	}
	var record map[string]any
	if err := json.Unmarshal(now.Raw, &record); err != nil {
		b.t.Fatal(err)
	}
	delete(record, attribute)
	short, err := json.Marshal(record)
	if err != nil {
		b.t.Fatal(err)
	}
	b.fail(fault.Fault{
		Service: fault.SCIM, Method: "GET", Path: "/Users/" + regexp.QuoteMeta(id) + "$", Kind: fault.Answer,
		Status: 200, Body: string(short),
	})
}

// A record that shows less than the list is never written back, whether anybody compares what it lacks or not, and
// whenever it begins to.
func TestAShortRecordIsNeverWrittenBack(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"emails", "title", "name"} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			b := layWhole(t)
			before := b.directory()
			plan := b.plan(model.UserStillActive, model.DeactivateUser, 1)
			if plan.Steps[0].Request.Method != "PUT" {
				t.Fatalf("%s is no whole record", plan.Steps[0].Request.Method)
			}
			b.cutRecord(plan.Steps[0].Subject.TargetID, attribute)
			refused, err := b.repairer.Plan(t.Context(), b.picks(model.UserStillActive, model.DeactivateUser)[:1],
				overridable())
			if err != nil || len(refused.Steps) > 0 || len(refused.LeftOut) != 1 {
				t.Fatalf("%v, %d steps, left out %v", err, len(refused.Steps), refused.LeftOut)
			}
			if why := refused.LeftOut[0].Reason; !strings.Contains(why, attribute) ||
				!strings.Contains(why, "change it at the target") {
				t.Error(why)
			}
			// The plan that was made before is not run either.
			b.server.SCIM.ResetRequests()
			if run, err := b.repairer.Run(t.Context(), plan, asPlanned(plan)); err == nil &&
				run.State == model.RunDone {
				t.Errorf("it ran:%s", details(run))
			}
			b.wantUnwritten()
			b.wantDirectory(before)
		})
	}
}

// A group's record that shows no members, as AWS's never does, is not written back where it has some.
func TestAGroupWithoutItsMembersIsNotWrittenBack(t *testing.T) {
	t.Parallel()
	b := layWhole(t)
	full := 0
	for _, offer := range []offer{
		{model.GroupRenamed, model.RenameGroup},
		{model.MembersExtra, model.RemoveMembers},
		{model.MembersMissing, model.AddMembers},
	} {
		for _, pick := range b.picks(offer.kind, offer.repair) {
			plan, err := b.repairer.Plan(t.Context(), []model.Pick{pick}, overridable())
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range plan.Steps {
				b.bend(func(w *world.World) {
					if n := len(w.Target.Groups[s.Group.ID].Members); n > 0 {
						t.Errorf("%s of %s would put %d members out: %s", s.Repair, s.Subject.Name, n, s.Request.Body)
					}
				})
			}
			if len(plan.Steps) == 0 && len(plan.LeftOut) == 1 && strings.Contains(plan.LeftOut[0].Reason, "members") {
				full++
			}
		}
	}
	if full == 0 {
		t.Error("no group with members was tried")
	}
}

// What a target takes away by a whole write that was not about it is named, and counts for the sum of 24 hours.
func TestWhatAWholeWriteTakesBesideIsNamedAndCounted(t *testing.T) {
	t.Parallel()
	b := layWhole(t)
	made := b.plan(model.UserStillActive, model.DeactivateUser, 1)
	id := made.Steps[0].Subject.TargetID
	run := b.run(made, repair.RunOptions{Watch: func(p plan.RunProgress) {
		if p.Phase == plan.PhaseConfirming {
			b.bend(func(w *world.World) { w.Target.Users[id].Rest = nil }) // it was dropped with the write
		}
	}})
	b.wantStates(run, model.RunIncomplete, "unconfirmed")
	if why := run.Steps[0].Detail; !strings.Contains(why, "title") || !strings.Contains(why, "backup") {
		t.Error(why)
	}
	spent, err := b.opts.Journal.Spent(print1, b.clock().Add(-time.Hour))
	if err != nil || spent.Removals != 1 || spent.Deletes != 1 {
		t.Errorf("%+v %v", spent, err)
	}
}
