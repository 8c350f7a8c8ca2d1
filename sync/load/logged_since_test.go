package load_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	scimclient "github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// meanwhile is a source at which something happens while a load runs: when its users have been read.
type meanwhile struct {
	*onelogin.Client

	happens func()
}

func (m meanwhile) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	users, coverage := m.Client.Users(ctx, progress)
	if m.happens != nil {
		m.happens()
	}
	return users, coverage
}

// What OneLogin's log shows to have happened while a load ran is evidence: nothing is certain against it, be it a
// finding or the verdict on a pair that agrees.
func TestNothingIsCertainAgainstALaterEvent(t *testing.T) {
	t.Parallel()
	const grants = -1 // a role that grants the app
	for name, c := range map[string]struct {
		// before is what is so when the load begins, of a user whom both sides have; kind is what follows from it.
		before func(src *world.Source, b *bed, user int64, at *world.TargetUser)
		kind   model.Kind
		// types are the events that are logged when the users have been read, the last one last.
		types []int
		role  int64
		// stands: the last event says what was read.
		stands bool
	}{
		"absent, then suspended": {
			before: func(_ *world.Source, b *bed, _ int64, at *world.TargetUser) {
				b.tenant.World.Target.RemoveUser(at.ID)
			},
			kind: model.UserUnsynced, types: []int{world.EventUserSuspended},
		},
		"absent, then out of the role": {
			before: func(_ *world.Source, b *bed, _ int64, at *world.TargetUser) {
				b.tenant.World.Target.RemoveUser(at.ID)
			},
			kind: model.UserUnsynced, types: []int{world.EventUserRemovedFromRole}, role: grants,
		},
		"absent, then suspended and reactivated": {
			before: func(_ *world.Source, b *bed, _ int64, at *world.TargetUser) {
				b.tenant.World.Target.RemoveUser(at.ID)
			},
			kind: model.UserUnsynced, types: []int{world.EventUserSuspended, world.EventUserReactivated}, stands: true,
		},
		"still active, then reactivated": {
			before: func(src *world.Source, _ *bed, user int64, _ *world.TargetUser) { src.Users[user].Status = 2 },
			kind:   model.UserStillActive, types: []int{world.EventUserReactivated},
		},
		"inactive at the target, then suspended": {
			before: func(_ *world.Source, _ *bed, _ int64, at *world.TargetUser) { at.Active = false },
			kind:   model.UserInactive, types: []int{world.EventUserSuspended},
		},
		"inactive at the target, then pushed": {
			before: func(_ *world.Source, _ *bed, _ int64, at *world.TargetUser) { at.Active = false },
			kind:   model.UserInactive, types: []int{world.EventReactivated},
		},
		"another name, then changed": {
			before: func(_ *world.Source, _ *bed, _ int64, at *world.TargetUser) { at.DisplayName = "Of Before" },
			kind:   model.UserAttributes, types: []int{world.EventUserUpdated},
		},
		"agrees, then suspended": {types: []int{world.EventUserSuspended}},
		"agrees, then suspended and reactivated": {
			types: []int{world.EventUserSuspended, world.EventUserReactivated}, stands: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 120, Groups: 12, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			b := lay(t, t, tenant, scim.Current().Unlimited())
			defer b.close()
			of := pairAfter(t, b.load(t, t), 0)
			user := number(of.SourceID)
			b.change(func(src *world.Source) {
				if c.before != nil {
					c.before(src, b, user, tenant.World.Target.Users[of.TargetID])
				}
			})
			later := time.Now().Add(time.Minute) // than any direct question, which would settle it
			loader := load.New(meanwhile{b.source, func() {
				b.change(func(src *world.Source) {
					for n, kind := range c.types {
						e := world.Event{
							ID: 990001 + int64(n), At: later, Type: kind, AppID: tenant.AppID,
							UserID: user,
						}
						if c.role == grants {
							e.RoleID = src.GrantingRoles(tenant.AppID)[0]
						}
						src.Events = append(src.Events, e)
					}
				})
			}}, b.target, b.options)
			got, err := loader.Load(t.Context(), drift.Watch{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Findings {
				f := &got.Findings[i]
				if f.Subject.Name != of.Name || f.Kind != c.kind {
					continue
				}
				if sure := f.Confidence == model.Certain; sure != c.stands || sure == (f.Contradicted != "") {
					t.Errorf("%s is %s, contradicted by %q", f.ID, f.Confidence, f.Contradicted)
				}
				return
			}
			if c.kind != "" {
				t.Fatalf("no %s among %v", c.kind, kinds(got))
			}
			for s := range got.Source.Users {
				if got.Source.Users[s].ID != of.SourceID {
					continue
				}
				v := got.UserVerdict(int32(s), got.Users.ToTarget[s])
				if same := v.Relation == model.Same; same != c.stands || same == (v.Why != "") {
					t.Errorf("who agreed is %+v", v)
				}
			}
		})
	}
}

// remade is a target at which a group is deleted and made again under its name when the groups have been listed.
type remade struct {
	*scimclient.Client

	happens func()
}

func (r remade) Memberships(
	ctx context.Context, users []model.User, groups []model.Group, expect []int, progress func(done, expected int),
) ([]model.MemberList, model.Coverage, []model.User) {
	r.happens()
	return r.Client.Memberships(ctx, users, groups, expect, progress)
}

// Nobody is found in a group that is gone, and that says nothing of the one that has its name now.
func TestNobodyIsMissingFromAGroupMadeAgain(t *testing.T) {
	t.Parallel()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 120, Groups: 12, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	b := lay(t, t, tenant, scim.Current().Unlimited())
	defer b.close()
	loader := load.New(b.source, remade{b.target, func() {
		b.change(func(*world.Source) {
			for id, g := range tenant.World.Target.Groups {
				if len(g.Members) > 0 {
					again := *g
					again.ID = "00000000-0000-4000-8000-000000000001"
					tenant.World.Target.RemoveGroup(id)
					tenant.World.Target.AddGroup(&again)
					return
				}
			}
		})
	}}, b.options)
	got, err := loader.Load(t.Context(), drift.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(got.Findings, func(f model.Finding) bool { return f.Kind == model.MembersMissing }) {
		t.Errorf("nobody is missing from any group: %v", got.Findings)
	}
	for i := range got.Findings {
		if f := &got.Findings[i]; f.Kind == model.MembersMissing && f.Contradicted == "" {
			t.Errorf("%s is %s, and nothing speaks against it", f.ID, f.Confidence)
		}
	}
}
