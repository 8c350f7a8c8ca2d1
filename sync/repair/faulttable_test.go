package repair_test

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// trouble is one way in which reading goes wrong.
type trouble struct {
	name string
	// fault strikes requests; one without Times is for good, and the read that it strikes has failed.
	fault fault.Fault
	// pages goes wrong with a list of OneLogin, scim with the target, world with what credentials there are.
	pages fault.Paging
	scim  func(k *simscim.Knobs)
	world func(w *world.World)
	// spares are repairs that do not depend on what cannot be read, or to which the answer is as good as any: that
	// nobody has a name.
	spares []model.RepairName
}

func except(x trouble, spares ...model.RepairName) trouble {
	x.spares = spares
	return x
}

func (x *trouble) start(b *bed) {
	b.t.Helper()
	if x.fault.Kind != "" {
		b.fail(x.fault)
	}
	if x.pages.List != "" {
		b.server.OneLogin.SetKnobs(func(k *simonelogin.Knobs) { k.Paging = []fault.Paging{x.pages} })
	}
	if x.scim != nil {
		k := b.server.SCIM.Knobs()
		x.scim(&k)
		b.server.SCIM.SetKnobs(k)
	}
	if x.world != nil {
		b.bend(x.world)
	}
}

// struck is how many reads have failed for good.
func (b *bed) struck() (n int) {
	for _, f := range b.server.Faults.List() {
		if f.Times == 0 {
			n += f.Hits
		}
	}
	return n
}

func troubles() []trouble {
	onelogin := func(name, path string, kind fault.Kind, times int) trouble {
		return trouble{name: name, fault: fault.Fault{
			Service: fault.OneLogin, Method: "GET", Path: path, Kind: kind,
			Times: times,
		}}
	}
	target := func(name, path string, kind fault.Kind, times int) trouble {
		return trouble{name: name, fault: fault.Fault{
			Service: fault.SCIM, Method: "GET", Path: path, Kind: kind,
			Times: times,
		}}
	}
	pages := func(name string, p fault.Paging) trouble {
		return trouble{name: name, scim: func(k *simscim.Knobs) { k.Paging = []fault.Paging{p} }}
	}
	const (
		app, users, roles, rules = `/api/2/apps/\d+$`, `/api/2/users`, `/api/2/roles`, "/rules"
		tusers, tgroups, members = "/scim/v2/Users", "/scim/v2/Groups", `groups\.value|members\.value`
	)
	out := []trouble{
		{name: "none"},
		onelogin("OneLogin throttles", users, fault.Throttle, 2),
		onelogin("OneLogin throttles with 400", "/api/2/apps", fault.ThrottleAs400, 2),
		onelogin("OneLogin stumbles", users, fault.ServerError, 1),
		onelogin("OneLogin resets in the body", users, fault.ResetInBody, 1),
		onelogin("OneLogin cuts an answer", roles, fault.Truncate, 1),
		onelogin("a page of HTML for OneLogin", "", fault.BadGateway, 2),
		target("the target throttles", tusers, fault.Throttle, 2),
		target("a page of HTML for the target", "", fault.BadGateway, 2),
		target("the target resets", "", fault.Reset, 2),
		target("the target cuts an answer", tgroups, fault.Truncate, 1),

		onelogin("no app", app, fault.Forbidden, 0),
		onelogin("no app's users", `/apps/\d+/users`, fault.Forbidden, 0),
		onelogin("no users", users, fault.ServerError, 0),
		onelogin("half of the users", users, fault.Truncate, 0),
		onelogin("an empty list of users", users, fault.Empty, 0),
		onelogin("no roles", roles, fault.ServerError, 0),
		onelogin("an empty list of roles", roles, fault.Empty, 0),
		except(onelogin("no rules", rules, fault.Forbidden, 0), model.DeactivateUser, model.DeleteUser),
		onelogin("no events", "/api/1/events", fault.Forbidden, 0),
		onelogin("OneLogin is elsewhere", roles, fault.Redirect, 0),
		target("no users at the target", tusers, fault.Throttle, 0),
		target("half of a user", tusers, fault.Truncate, 0),
		except(target("an empty list of users at the target", tusers, fault.Empty, 0), model.CreateUser),
		target("no groups", tgroups, fault.ServerError, 0),
		except(target("an empty list of groups", tgroups, fault.Empty, 0), model.CreateGroup),
		target("no members", members, fault.Forbidden, 0),
		target("an empty list of members", members, fault.Empty, 0),
		target("the target is elsewhere", tusers, fault.Redirect, 0),
		{name: "the token of the target ends", fault: fault.Fault{
			Service: fault.SCIM, Method: "GET", After: 3, Kind: fault.Answer, Status: 401,
			Body: `{"message":"expired"}`,
		}},

		pages("the target repeats a cursor", fault.Paging{Sizes: []int{10}, LoopAt: 2}),
		pages("the target repeats rows", fault.Paging{Sizes: []int{10}, Duplicates: 3}),
		pages("a row of the target vanishes", fault.Paging{List: "users", Sizes: []int{10}, Vanish: true}),
		{name: "the target gives fifty rows", scim: func(k *simscim.Knobs) { *k = simscim.Legacy().Unlimited() }},
		{
			name:  "the credential may read little",
			world: func(w *world.World) { w.Source.Credentials[0].Scope = "read_all" },
		},
		{
			name:  "the credential's owner is deleted",
			world: func(w *world.World) { w.Source.Credentials[0].OwnerDeleted = true },
		},
		{name: "the target's token is deleted", world: func(w *world.World) { w.Target.Tokens = nil }},
	}
	for i := range out {
		if f := &out[i].fault; f.Kind == fault.Redirect {
			f.Location = "http://198.51.100.7/elsewhere"
		}
	}
	for _, name := range []string{"users", "app_users", "roles"} {
		for _, p := range []fault.Paging{
			{Duplicates: 1},
			{Total: true},
			{LoopAt: 1},
			{Vanish: true},
			{EndAt: 2},
			{Empty: true},
		} {
			p.List = name
			out = append(out, trouble{name: fmt.Sprintf("OneLogin's pages: %+v", p), pages: p})
		}
	}
	return out
}
