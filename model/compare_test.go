package model_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestSyncedWorldHasNoFindings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := drawWorld(t)
		wantIDs(t, w.compare(), nil)
	})
}

func TestEachBendGivesExactlyItsFinding(t *testing.T) {
	t.Parallel()
	for _, b := range bends() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				w, rng := drawWorld(t)
				want := b.apply(w, rng)
				wantIDs(t, w.compare(), want)
			})
		})
	}
}

// drawBent applies a few bends, whatever they give together.
func drawBent(t *rapid.T) (*world, *rand.Rand) { return drawBentBy(t, bends()) }

func drawBentBy(t *rapid.T, all []bend) (*world, *rand.Rand) {
	w, rng := drawWorld(t)
	for range rapid.IntRange(0, 5).Draw(t, "bends") {
		b := all[rapid.IntRange(0, len(all)-1).Draw(t, "bend")]
		b.apply(w, rng)
	}
	return w, rng
}

func TestOrderOfRecordsNeverMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawBent(t)
		want := strip(w.compare().Findings)
		shuffle(rng, w.users)
		shuffle(rng, w.tusers)
		shuffle(rng, w.roles)
		shuffle(rng, w.tgroups)
		shuffle(rng, w.events)
		for _, m := range w.members {
			shuffle(rng, m)
		}
		for i := range w.roles {
			shuffle(rng, w.roles[i].Users.IDs)
		}
		if got := strip(w.compare().Findings); !reflect.DeepEqual(got, want) {
			t.Fatalf("after shuffling\n%+v\nwant\n%+v", got, want)
		}
	})
}

// strip leaves out the indices, which do depend on the order of records.
func strip(findings []model.Finding) []model.Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Source, out[i].Target, out[i].People = 0, 0, nil
	}
	return out
}

func shuffle[T any](rng *rand.Rand, s []T) {
	rng.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
}

func TestCaseAndSurroundingSpaceNeverMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawBent(t)
		want := ids(w.compare())
		smear := func(s *string) {
			if *s != "" && rng.IntN(2) == 0 {
				*s = " " + strings.ToUpper(*s) + "\t"
			}
		}
		for i := range w.tusers {
			u := &w.tusers[i]
			for _, s := range []*string{&u.UserName, &u.DisplayName, &u.GivenName, &u.FamilyName, &u.Email} {
				smear(s)
			}
		}
		for i := range w.tgroups {
			smear(&w.tgroups[i].Name)
		}
		if got := ids(w.compare()); !slices.Equal(got, want) {
			t.Fatalf("findings %q, want %q", got, want)
		}
	})
}

func TestCorrectingTheTargetEndsEveryFinding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Nothing is ever offered for duplicates, and what hides behind one shows only when it is gone.
		w, _ := drawBentBy(t, slices.DeleteFunc(bends(),
			func(b bend) bool { return strings.HasPrefix(b.name, "a second") }))
		for range 2 {
			correct(w, w.compare())
		}
		wantIDs(t, w.compare(), nil)
	})
}

// correct does at the target what each finding says.
func correct(w *world, c *drift.Comparison) {
	for _, f := range c.Findings {
		var src model.User
		if f.Subject.Type == model.SubjectUser && f.Source != model.None {
			src = c.Source.Users[f.Source]
		}
		tuser := func() *model.User {
			return &w.tusers[slices.IndexFunc(w.tusers, func(u model.User) bool { return u.ID == f.Subject.TargetID })]
		}
		switch f.Kind { //nolint:exhaustive // rules are no matter of the target
		case model.UserUnsynced:
			u := src
			u.ID = "made-" + src.ID
			w.tusers = append(w.tusers, u)
		case model.UserLingering:
			w.dropTargetUser(f.Subject.TargetID)
		case model.UserStillActive:
			tuser().Active = false
		case model.UserInactive:
			tuser().Active = true
		case model.UserRenamed:
			tuser().UserName, tuser().Email = src.UserName, src.Email
		case model.UserAttributes:
			u := tuser()
			u.DisplayName, u.GivenName, u.FamilyName, u.Email = src.DisplayName, src.GivenName, src.FamilyName,
				src.Email
		case model.GroupLingering, model.GroupUnclaimed:
			w.tgroups = slices.DeleteFunc(w.tgroups, func(g model.Group) bool { return g.ID == f.Subject.TargetID })
		case model.GroupMissing:
			w.tgroups = append(w.tgroups, model.Group{ID: "made-" + f.Subject.SourceID, Name: f.Subject.Name})
		case model.GroupRenamed:
			i := slices.IndexFunc(w.tgroups, func(g model.Group) bool { return g.ID == f.Subject.TargetID })
			w.tgroups[i].Name = f.Subject.Name
		case model.MembersMissing, model.MembersExtra:
			correctMembers(w, c, f)
		case model.UserDuplicate, model.GroupDuplicate:
		}
	}
}

func correctMembers(w *world, c *drift.Comparison, f model.Finding) {
	for _, name := range f.Members {
		id := ""
		for s, u := range c.Source.Users {
			if t := c.Users.ToTarget[s]; t != model.None && (u.UserName == name || c.Target.Users[t].UserName == name) {
				id = c.Target.Users[t].ID
			}
		}
		g := f.Subject.TargetID
		if f.Kind == model.MembersMissing {
			w.members[g] = append(w.members[g], id)
		} else {
			w.members[g] = slices.DeleteFunc(w.members[g], func(m string) bool { return m == id })
		}
	}
}

func TestRemovingCoverageNeverAddsATakingRepair(t *testing.T) {
	t.Parallel()
	taking := func(c *drift.Comparison) map[string]bool {
		out := map[string]bool{}
		for _, f := range c.Findings {
			for _, r := range f.Repairs {
				switch r.Repair { //nolint:exhaustive // the rest take nothing
				case model.DeleteUser, model.DeactivateUser, model.DeleteGroup, model.RemoveMembers, model.UpdateUser,
					model.RenameGroup:
					if f.Kind != model.UserAttributes { // sets attributes, takes nothing
						out[strings.Join([]string{string(r.Repair), string(f.Kind), f.Subject.TargetID}, " ")] = true
					}
				}
			}
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawBent(t)
		before := taking(w.compare())
		part := model.Part(rapid.IntRange(0, int(model.PartCount)-1).Draw(t, "part"))
		source := part == model.PartRules || part == model.PartEvents || rapid.Bool().Draw(t, "source")
		coverage := rapid.SampledFrom([]model.Coverage{
			model.PartialCoverage("cut"),
			model.UnknownCoverage("lost"),
		}).Draw(t, "coverage")
		if source {
			w.cover[part] = coverage
		} else {
			w.tcover[part] = coverage
		}
		w.lose(part, source, rng)
		for id := range taking(w.compare()) {
			if !before[id] {
				t.Fatalf("%s came with %v %s (source %v)", id, part, coverage, source)
			}
		}
	})
}

// lose drops a random part of the records, as a read that was cut does.
func (w *world) lose(part model.Part, source bool, rng *rand.Rand) {
	keep := func() bool { return rng.IntN(2) == 0 }
	switch {
	case part == model.PartUsers && source && rng.IntN(2) == 0:
		for i := range w.users { // the roll was read, some details were not
			if keep() {
				u := &w.users[i]
				*u = model.User{ID: u.ID, UserName: u.Email, Email: u.Email, Assigned: u.Assigned, RollOnly: true}
			}
		}
	case part == model.PartUsers && source:
		w.users = slices.DeleteFunc(w.users, func(model.User) bool { return keep() })
	case part == model.PartUsers:
		w.tusers = slices.DeleteFunc(w.tusers, func(model.User) bool { return keep() })
	case part == model.PartGroups && source:
		w.roles = slices.DeleteFunc(w.roles, func(model.Role) bool { return keep() })
	case part == model.PartGroups:
		w.tgroups = slices.DeleteFunc(w.tgroups, func(model.Group) bool { return keep() })
	case part == model.PartMemberships && source:
		for i := range w.roles {
			if keep() {
				w.roles[i].Users = model.MemberList{Unknown: "lost"}
			}
		}
	case part == model.PartRules:
		w.rules = nil
	case part == model.PartEvents:
		w.events = nil
	}
}
