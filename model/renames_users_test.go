package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Users whose names were passed on. By their ids they are who they are, so each is renamed, the free name first; who
// swap cannot be: no name is free to begin with. Without ids an address that stays with its person is what speaks
// against a name.
func TestUsersWhoPassANameOn(t *testing.T) {
	t.Parallel()
	mail := func(w *world, i int, name string) { w.users[i].UserName, w.users[i].Email = name, name }
	a, b, c3 := "user0@corp.example", "user1@corp.example", "user2@corp.example"
	ids3 := func(w *world) {
		for i := range w.tusers {
			w.tusers[i].ExternalID = w.users[i].ExternalID
		}
	}
	carry := func(w *world, record, user int) { w.tusers[record].ExternalID = w.users[user].ExternalID }
	noIDs := func(w *world) {
		for i := range w.tusers {
			w.tusers[i].ExternalID = ""
		}
	}
	for name, tt := range map[string]struct {
		bend []func(*world)
		want []string
	}{
		"a chain with ids": {
			[]func(*world){ids3, func(w *world) { mail(w, 0, b); mail(w, 1, c3); mail(w, 2, "new@corp.example") }},
			[]string{
				"user-renamed/new@corp.example", "user-renamed/user1@corp.example",
				"user-renamed/user2@corp.example",
			},
		},
		"a swap with ids": {
			[]func(*world){ids3, func(w *world) { mail(w, 0, b); mail(w, 1, a) }},
			[]string{"user-duplicate/user0@corp.example", "user-duplicate/user1@corp.example"},
		},
		"a ring with ids": {
			[]func(*world){ids3, func(w *world) { mail(w, 0, b); mail(w, 1, c3); mail(w, 2, a) }},
			[]string{
				"user-duplicate/user0@corp.example", "user-duplicate/user1@corp.example",
				"user-duplicate/user2@corp.example",
			},
		},
		// The name and the address go together; the given and family names say who is who.
		"a chain without ids, userNames being addresses": {
			[]func(*world){noIDs, func(w *world) { mail(w, 0, b); mail(w, 1, "new@corp.example") }},
			[]string{"user-duplicate/user1@corp.example"},
		},
		"a swap without ids, userNames being addresses": {
			[]func(*world){noIDs, func(w *world) { mail(w, 0, b); mail(w, 1, a) }},
			[]string{"user-duplicate/user0@corp.example", "user-duplicate/user1@corp.example"},
		},
		// Nothing that was read says that user 1 is the one who is called new now: by all keys one has gone and one has
		// come.
		"a chain without ids or names, userNames being addresses": {
			[]func(*world){noIDs, func(w *world) {
				mail(w, 0, b)
				mail(w, 1, "new@corp.example")
				for i := range w.tusers {
					w.users[i].FamilyName, w.tusers[i].FamilyName = "", ""
				}
			}},
			[]string{
				"members-missing/aws-team-0", "members-missing/aws-team-2",
				"user-attributes/user1@corp.example", "user-lingering/user0@corp.example",
				"user-unsynced/new@corp.example",
			},
		},
		// A namesake left, and her record is her own: she is known at the source, without the app.
		"a namesake who has left": {
			[]func(*world){noIDs, func(w *world) {
				w.unassign(1)
				w.users[0].FamilyName, w.users[0].GivenName = "Family", "Given1"
			}},
			[]string{"user-attributes/user0@corp.example", "user-lingering/user1@corp.example"},
		},
		"a chain without ids, the addresses staying": {
			[]func(*world){noIDs, func(w *world) { w.users[0].UserName, w.users[1].UserName = b, "new@corp.example" }},
			[]string{"user-duplicate/user1@corp.example"},
		},
		"a chain of three without ids, the addresses staying": {
			[]func(*world){noIDs, func(w *world) {
				w.users[0].UserName, w.users[1].UserName, w.users[2].UserName = b, c3, "new@corp.example"
			}},
			[]string{"user-duplicate/user1@corp.example", "user-duplicate/user2@corp.example"},
		},
		"a swap without ids, the addresses staying": {
			[]func(*world){noIDs, func(w *world) { w.users[0].UserName, w.users[1].UserName = b, a }},
			[]string{"user-duplicate/user0@corp.example", "user-duplicate/user1@corp.example"},
		},
		// The mailbox of a team goes from one to the other. Nobody else has a claim on either, so the pairs by userName
		// stand.
		"an address handed on without ids": {
			[]func(*world){noIDs, func(w *world) { w.users[0].Email, w.users[1].Email = b, "new@corp.example" }},
			[]string{"user-attributes/user0@corp.example", "user-attributes/user1@corp.example"},
		},
		"a name that somebody new has got": {
			[]func(*world){ids3, func(w *world) {
				mail(w, 0, "new@corp.example")
				w.users = append(w.users, src("1999", "1999", a, a))
			}},
			[]string{"user-duplicate/new@corp.example", "user-renamed/new@corp.example"},
		},
		// The userName and the full name both say whose the record is, and the id alone that it is another's.
		"ids that have changed places": {
			[]func(*world){ids3, func(w *world) { carry(w, 0, 1); carry(w, 1, 0) }},
			[]string{"user-duplicate/user0@corp.example", "user-duplicate/user1@corp.example"},
		},
		"an id that another's record has got": {
			[]func(*world){ids3, func(w *world) { carry(w, 1, 0); w.tusers[0].ExternalID = "" }},
			[]string{"user-duplicate/user0@corp.example"},
		},
		"an id that another's record has got, its own being gone": {
			[]func(*world){ids3, func(w *world) { carry(w, 1, 0); w.dropTargetUser("t-1000") }},
			[]string{"user-duplicate/user0@corp.example"},
		},
		"an id that the record of somebody who has left has got": {
			[]func(*world){ids3, func(w *world) { w.unassign(1); carry(w, 1, 0); w.tusers[0].ExternalID = "" }},
			[]string{"user-duplicate/user0@corp.example"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(8, 4, true, rand.New(rand.NewPCG(1, 1)))
			for _, bend := range tt.bend {
				bend(w)
			}
			c := w.compare()
			wantIDs(t, c, tt.want)
			var picks []model.Pick
			for _, f := range c.Findings {
				if f.Kind == model.UserDuplicate && len(f.Repairs) > 0 {
					t.Errorf("%s offers %v", f.ID, f.Repairs)
				}
				if f.Kind == model.UserRenamed {
					picks = append(picks, model.Pick{Finding: f.ID, Option: model.Option{
						Repair:  model.UpdateUser,
						Channel: model.Direct,
					}, Named: true})
				}
			}
			renamesInTurn(t, c, picks)
		})
	}
}

// A name that is not free yet is not planned without the change that frees it.
func TestARenameWaitsForTheOneThatFreesTheName(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	for i := range w.tusers {
		w.tusers[i].ExternalID = w.users[i].ExternalID
	}
	for i, name := range []string{"user1@corp.example", "user2@corp.example", "new@corp.example"} {
		w.users[i].UserName, w.users[i].Email = name, name
	}
	pick := func(names ...string) (out []model.Pick) {
		for _, n := range names {
			out = append(out, model.Pick{Finding: "user-renamed/" + n, Option: model.Option{
				Repair:  model.UpdateUser,
				Channel: model.Direct,
			}, Named: true})
		}
		return out
	}
	c := w.compare()
	intents, left := plan.Intend(c, pick("user1@corp.example", "user2@corp.example", "new@corp.example"))
	var order, after []string
	for _, in := range intents {
		order, after = append(order, in.Subject.Name), append(after, in.After...)
	}
	if !slices.Equal(order, []string{"new@corp.example", "user2@corp.example", "user1@corp.example"}) || len(left) > 0 {
		t.Errorf("written in the order %q, left out %v", order, left)
	}
	if want := []string{
		"update-user user-renamed/new@corp.example",
		"update-user user-renamed/user2@corp.example",
	}; !slices.Equal(after, want) {
		t.Errorf("they wait for %q, want %q", after, want)
	}
	// Without the first neither of the others can be had.
	if intents, left = plan.Intend(c, pick("user1@corp.example", "user2@corp.example")); len(intents) > 0 ||
		len(left) != 2 {
		t.Errorf("planned %v, left out %v", intents, left)
	}
}

// Two who share an address: the one who loses the pair yields no other finding, whatever else is wrong with him.
func TestTheLoserOfAPairYieldsNoOtherFinding(t *testing.T) {
	t.Parallel()
	const shared = "team@corp.example"
	for name, bend := range map[string]func(w *world){
		"at the source": func(w *world) { // user 1 is absent, in groups, and shares the address of user 0
			w.dropTargetUser("t-1001")
			w.users[0].Email, w.users[1].Email, w.tusers[0].Email = shared, shared, shared
		},
		"at the source, one is inactive there": func(w *world) {
			w.dropTargetUser("t-1001")
			w.users[0].Email, w.users[1].Email, w.tusers[0].Email = shared, shared, shared
			w.users[1].Active, w.users[1].Standing = false, model.StandingSuspended
		},
		"at the target": func(w *world) { // a second record, active, in a group where nobody wants it
			w.users[0].Email, w.tusers[0].Email = shared, shared
			w.tusers = append(w.tusers, model.User{
				ID: "t-2", UserName: "other@corp.example", Email: shared,
				Active: true,
			})
			w.members["g-70"] = append(w.members["g-70"], "t-2")
		},
		"at the target, with other attributes": func(w *world) {
			w.users[0].Email, w.tusers[0].Email = shared, shared
			w.tusers = append(w.tusers, model.User{
				ID: "t-2", UserName: "other@corp.example", Email: shared,
				DisplayName: "Somebody",
			})
		},
	} {
		for _, carried := range []bool{true, false} {
			w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
			for i := range w.tusers {
				if w.tusers[i].ExternalID = ""; carried {
					w.tusers[i].ExternalID = w.users[i].ExternalID
				}
			}
			bend(w)
			c := w.compare()
			if got, want := ids(c), []string{"user-duplicate/user0@corp.example"}; !slices.Equal(got, want) {
				t.Errorf("%s, ids %v: %q, want %q", name, carried, got, want)
			}
			for s := range c.Users.LostSource {
				if v := c.UserVerdict(s, model.None); v.Relation != model.Differs {
					t.Errorf("%s: the loser is %v", name, v)
				}
			}
			for at := range c.Users.LostTarget {
				if v := c.UserVerdict(model.None, at); v.Relation != model.Differs {
					t.Errorf("%s: the loser is %v", name, v)
				}
			}
			if len(c.Users.LostSource)+len(c.Users.LostTarget) != 1 {
				t.Errorf("%s: lost %v and %v", name, c.Users.LostSource, c.Users.LostTarget)
			}
			w.tcover[model.PartUsers] = model.PartialCoverage("cut") // then who claims what is not known either
			c = w.compare()
			for s := range c.Users.LostSource {
				if v := c.UserVerdict(s, model.None); v.Relation != model.Unsettled || v.Why == "" {
					t.Errorf("%s: of a list that was cut the loser is %v", name, v)
				}
			}
		}
	}
}

// Who shares a userName with another, so that only ids chose, is not taken for a third by an address.
func TestTheLoserOfATieHasNoPairOfItsOwn(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	w.tusers[0].ExternalID = ""
	w.users = append(w.users, src("1999", "1999", "user0@corp.example", "other@corp.example"))
	w.tusers = append(w.tusers, tgt("t-2", "", "third@corp.example", "other@corp.example"))
	wantIDs(t, w.compare(), []string{
		"user-duplicate/user0@corp.example~t-1000",
		"user-duplicate/user0@corp.example~t-2",
	})
}

// After any permutation of userNames, with their addresses or without, among users without ids: the address or the
// given and family names tell that a record is another's, and nothing certain takes from anybody or gives to anybody.
func TestNamesThatGoRoundWithoutIDs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		w := syncedWorld(rapid.IntRange(4, 10).Draw(t, "users"), 4, true, rng)
		for i := range w.tusers {
			w.tusers[i].ExternalID = ""
		}
		to := rapid.Permutation(slices.Clone(w.users)).Draw(t, "names")
		addresses := rapid.Bool().Draw(t, "addresses")
		for i := range w.users {
			if w.users[i].UserName = to[i].UserName; addresses {
				w.users[i].Email = to[i].Email
			}
		}
		c := w.compare()
		for _, f := range c.Findings {
			for _, o := range f.Repairs {
				if in := (model.Intent{Option: o, Changes: f.Fields}); f.Confidence == model.Certain &&
					(in.Takes() || in.Grants()) {
					t.Fatalf("%s offers %s; all: %q", f.ID, o.Repair, ids(c))
				}
			}
		}
	})
}
