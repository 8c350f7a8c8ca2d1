package model_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
)

// world is both sides as plain records, easy to bend; sides() turns it into what Compare takes.
type world struct {
	users   []model.User // source, Assigned unless said otherwise
	roles   []model.Role
	rules   []model.Rule
	events  []model.Event
	app     model.App
	tusers  []model.User
	tgroups []model.Group
	members map[string][]string // target group id to target user ids

	cover, tcover model.Coverages
	entitlements  []string
	provenance    []model.Provenance
	kind          string // the target's; "aws" where it is empty
	unreadable    model.FieldSet
	twins         int // how many were made: no two records of a side share an id
}

func allComplete() model.Coverages {
	var c model.Coverages
	for i := range c {
		c[i] = model.CompleteCoverage()
	}
	return c
}

func testOptions() drift.Options {
	return drift.Options{
		Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile("^aws-")},
		Fields: model.FieldSetOf(model.Fields()...),
		Checks: setup.Check,
	}
}

func (w *world) sides(opts drift.Options) (rules.Source, model.Directory) {
	src := rules.Source{
		Directory: model.Directory{Kind: "onelogin", Users: slices.Clone(w.users), Coverage: w.cover},
		App:       w.app, Roles: w.roles, Rules: w.rules, Events: w.events, Entitlements: w.entitlements,
	}
	tgt := model.Directory{
		Kind: cmp.Or(w.kind, "aws"), Users: slices.Clone(w.tusers), Groups: slices.Clone(w.tgroups),
		Coverage: w.tcover, Provenance: w.provenance, Unreadable: w.unreadable,
	}
	lists := make([]model.MemberList, 0, len(w.tgroups))
	for _, g := range w.tgroups {
		lists = append(lists, model.MemberList{IDs: w.members[g.ID], Hidden: g.MembersHidden})
	}
	tgt.SetMembers(lists)
	return rules.Expect(src, opts.Groups), tgt
}

func (w *world) compare() *drift.Comparison {
	opts := testOptions()
	src, tgt := w.sides(opts)
	return asked(src, tgt, opts)
}

// syncedWorld makes a world without drift: nUsers active users in sync, nRoles granting roles, whose ids the target's
// groups carry or not.
func syncedWorld(nUsers, nRoles int, roleIDs bool, rng *rand.Rand) *world {
	w := &world{
		members: map[string][]string{}, cover: allComplete(), tcover: allComplete(),
		app: model.App{ID: "5", Provisioning: model.Yes, GroupsIncluded: model.Yes},
	}
	for i := range nUsers {
		id := fmt.Sprint(1000 + i)
		u := model.User{
			ID: id, ExternalID: id, UserName: fmt.Sprintf("user%d@corp.example", i),
			Email:     fmt.Sprintf("user%d@corp.example", i),
			GivenName: fmt.Sprintf("Given%d", i), FamilyName: "Family", DisplayName: fmt.Sprintf("Given%d Family", i),
			Active: true, Assigned: true,
		}
		w.users = append(w.users, u)
		u.ID = "t-" + id
		if i%3 == 0 {
			u.ExternalID = ""
		}
		w.tusers = append(w.tusers, u)
	}
	for i := range nRoles {
		id := fmt.Sprint(70 + i)
		role := model.Role{ID: id, Name: fmt.Sprintf("aws-team-%d", i), Grants: true}
		group := model.Group{ID: "g-" + id, Name: role.Name}
		if roleIDs {
			group.ExternalID = id
		}
		for u := range nUsers {
			if u == i%nUsers || rng.IntN(3) == 0 {
				role.Users.IDs = append(role.Users.IDs, w.users[u].ID)
				w.members[group.ID] = append(w.members[group.ID], w.tusers[u].ID)
			}
		}
		w.roles = append(w.roles, role)
		w.tgroups = append(w.tgroups, group)
	}
	return w
}

// unassign takes the app, and so every role that grants it, from a user.
func (w *world) unassign(i int) {
	w.users[i].Assigned = false
	for r := range w.roles {
		ids := &w.roles[r].Users.IDs
		*ids = slices.DeleteFunc(slices.Clone(*ids), func(id string) bool { return id == w.users[i].ID })
	}
}

func drawWorld(t *rapid.T) (*world, *rand.Rand) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	w := syncedWorld(rapid.IntRange(6, 30).Draw(t, "users"), rapid.IntRange(4, 9).Draw(t, "roles"),
		rapid.Bool().Draw(t, "roleIDs"), rng)
	return w, rng
}

// bend is one mutation and what must be found after it: exactly these kinds with these subjects.
type bend struct {
	name  string
	apply func(w *world, rng *rand.Rand) []string // ids of the findings; nil: nothing is wrong
}

func bends() []bend {
	at := time.Date(2026, 11, 20, 9, 12, 44, 0, time.UTC)
	pick := func(w *world, rng *rand.Rand) int { return rng.IntN(len(w.users)) }
	return []bend{
		{"target user gone", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.dropTargetUser("t-" + w.users[i].ID)
			return []string{"user-unsynced/" + w.users[i].UserName}
		}},
		{"source user unassigned", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			name := w.users[i].UserName
			w.unassign(i)
			return []string{"user-lingering/" + name}
		}},
		{"source user suspended", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.users[i].Active, w.users[i].Standing = false, model.StandingSuspended
			return []string{"user-still-active/" + w.users[i].UserName}
		}},
		{"suspended and inactive", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.users[i].Active, w.twin(i).Active = false, false
			return nil
		}},
		{"target user inactive", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.twin(i).Active = false
			return []string{"user-inactive/" + w.users[i].UserName}
		}},
		{"source renamed", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.twin(i).ExternalID = w.users[i].ExternalID
			name := fmt.Sprintf("new%d@corp.example", i)
			w.users[i].UserName, w.users[i].Email = name, name
			return []string{"user-renamed/" + name}
		}},
		{"family name changed", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.users[i].FamilyName, w.users[i].DisplayName = "Wed", w.users[i].GivenName+" Wed"
			return []string{"user-attributes/" + w.users[i].UserName}
		}},
		{"a second record with the same e-mail", func(w *world, rng *rand.Rand) []string {
			i := pick(w, rng)
			w.twins++
			twin := fmt.Sprintf("twin%d", w.twins)
			w.tusers = append(w.tusers, model.User{
				ID: "t-" + twin, UserName: twin + "@corp.example",
				Email: w.users[i].Email, Active: true,
			})
			return []string{"user-duplicate/" + w.users[i].UserName}
		}},
		{"a second group of the same name", func(w *world, rng *rand.Rand) []string {
			g := w.tgroups[rng.IntN(len(w.tgroups))]
			w.twins++
			w.tgroups = append(w.tgroups, model.Group{
				ID:   fmt.Sprintf("g-twin%d", w.twins),
				Name: strings.ToUpper(g.Name),
			})
			return []string{"group-duplicate/" + g.Name}
		}},
		{"role deleted", func(w *world, rng *rand.Rand) []string {
			if len(w.roles) == 1 {
				return nil // keep one for the other bends
			}
			i := rng.IntN(len(w.roles))
			r := w.roles[i]
			w.roles = slices.Delete(w.roles, i, i+1)
			w.events = append(w.events, model.Event{
				ID: "1", At: at, Type: model.EventRoleDeleted, RoleID: r.ID,
				RoleName: r.Name, Actor: "ana",
			})
			return []string{"group-lingering/" + r.Name}
		}},
		{"role no longer grants", func(w *world, rng *rand.Rand) []string {
			i := rng.IntN(len(w.roles))
			w.roles[i].Grants = false
			return []string{"group-lingering/" + w.roles[i].Name}
		}},
		{"stranger's group", func(w *world, _ *rand.Rand) []string {
			w.tgroups = append(w.tgroups, model.Group{ID: fmt.Sprintf("g-x%d", len(w.tgroups)), Name: "Hand made"})
			return []string{"group-unclaimed/hand%20made"}
		}},
		{"target group gone", func(w *world, rng *rand.Rand) []string {
			if len(w.tgroups) == 1 {
				return nil // keep one for the other bends
			}
			i := rng.IntN(len(w.tgroups))
			name := w.tgroups[i].Name
			w.tgroups = slices.Delete(w.tgroups, i, i+1)
			return []string{"group-missing/" + name}
		}},
		{"empty role without a group", func(w *world, _ *rand.Rand) []string {
			w.roles = append(w.roles, model.Role{ID: "900", Name: "aws-empty", Grants: true})
			return nil
		}},
		{"member missing", func(w *world, rng *rand.Rand) []string {
			g := w.tgroups[rng.IntN(len(w.tgroups))]
			if len(w.members[g.ID]) == 0 {
				return nil // bent before
			}
			w.members[g.ID] = w.members[g.ID][1:]
			return []string{"members-missing/" + g.Name}
		}},
		{"member removed from the role", func(w *world, rng *rand.Rand) []string {
			r := &w.roles[rng.IntN(len(w.roles))]
			if len(r.Users.IDs) == 0 {
				return nil // bent before
			}
			r.Users.IDs = r.Users.IDs[1:]
			return []string{"members-extra/" + r.Name}
		}},
		{"group renamed at the source", func(w *world, rng *rand.Rand) []string {
			for i := range w.tgroups {
				w.tgroups[i].ExternalID = strings.TrimPrefix(w.tgroups[i].ID, "g-")
			}
			r := &w.roles[rng.IntN(len(w.roles))]
			r.Name = "aws-new-" + r.ID
			return []string{"group-renamed/" + r.Name}
		}},
	}
}

// twin is the target's record of source user i; a spare one if an earlier bend dropped it.
func (w *world) twin(i int) *model.User {
	for t := range w.tusers {
		if w.tusers[t].ID == "t-"+w.users[i].ID {
			return &w.tusers[t]
		}
	}
	return &model.User{}
}

func (w *world) dropTargetUser(id string) {
	w.tusers = slices.DeleteFunc(w.tusers, func(u model.User) bool { return u.ID == id })
	for g := range w.members {
		w.members[g] = slices.DeleteFunc(w.members[g], func(m string) bool { return m == id })
	}
}

func ids(c *drift.Comparison) []string {
	out := make([]string, 0, len(c.Findings))
	for _, f := range c.Findings {
		out = append(out, f.ID)
	}
	slices.Sort(out)
	return out
}

func wantIDs(t rapid.TB, c *drift.Comparison, want []string) {
	t.Helper()
	slices.Sort(want)
	if got := ids(c); !slices.Equal(got, want) {
		t.Fatalf("findings %q, want %q", got, want)
	}
}
