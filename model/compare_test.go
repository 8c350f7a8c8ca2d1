package model

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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
func strip(findings []Finding) []Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Source, out[i].Target, out[i].people = 0, 0, nil
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
		w, _ := drawBentBy(t, slices.DeleteFunc(bends(), func(b bend) bool { return strings.HasPrefix(b.name, "a second") }))
		for range 2 {
			correct(w, w.compare())
		}
		wantIDs(t, w.compare(), nil)
	})
}

// correct does at the target what each finding says.
func correct(w *world, c *Comparison) {
	for _, f := range c.Findings {
		var src User
		if f.Subject.Type == SubjectUser && f.Source != None {
			src = c.Source.Users[f.Source]
		}
		tuser := func() *User {
			return &w.tusers[slices.IndexFunc(w.tusers, func(u User) bool { return u.ID == f.Subject.TargetID })]
		}
		switch f.Kind { //nolint:exhaustive // rules are no matter of the target
		case UserUnsynced:
			u := src
			u.ID = "made-" + src.ID
			w.tusers = append(w.tusers, u)
		case UserLingering:
			w.dropTargetUser(f.Subject.TargetID)
		case UserStillActive:
			tuser().Active = false
		case UserInactive:
			tuser().Active = true
		case UserRenamed:
			tuser().UserName, tuser().Email = src.UserName, src.Email
		case UserAttributes:
			u := tuser()
			u.DisplayName, u.GivenName, u.FamilyName, u.Email = src.DisplayName, src.GivenName, src.FamilyName, src.Email
		case GroupLingering, GroupUnclaimed:
			w.tgroups = slices.DeleteFunc(w.tgroups, func(g Group) bool { return g.ID == f.Subject.TargetID })
		case GroupMissing:
			w.tgroups = append(w.tgroups, Group{ID: "made-" + f.Subject.SourceID, Name: f.Subject.Name})
		case GroupRenamed:
			i := slices.IndexFunc(w.tgroups, func(g Group) bool { return g.ID == f.Subject.TargetID })
			w.tgroups[i].Name = f.Subject.Name
		case MembersMissing, MembersExtra:
			correctMembers(w, c, f)
		case UserDuplicate, GroupDuplicate:
		}
	}
}

func correctMembers(w *world, c *Comparison, f Finding) {
	for _, name := range f.Members {
		id := ""
		for s, u := range c.Source.Users {
			if t := c.Users.ToTarget[s]; t != None && (u.UserName == name || c.Target.Users[t].UserName == name) {
				id = c.Target.Users[t].ID
			}
		}
		g := f.Subject.TargetID
		if f.Kind == MembersMissing {
			w.members[g] = append(w.members[g], id)
		} else {
			w.members[g] = slices.DeleteFunc(w.members[g], func(m string) bool { return m == id })
		}
	}
}

func TestRemovingCoverageNeverAddsATakingRepair(t *testing.T) {
	t.Parallel()
	taking := func(c *Comparison) map[string]bool {
		out := map[string]bool{}
		for _, f := range c.Findings {
			for _, r := range f.Repairs {
				switch r.Repair { //nolint:exhaustive // the rest take nothing
				case DeleteUser, DeactivateUser, DeleteGroup, RemoveMembers, UpdateUser, RenameGroup:
					if f.Kind != UserAttributes { // sets attributes, takes nothing
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
		part := Part(rapid.IntRange(0, int(partCount)-1).Draw(t, "part"))
		source := part == PartRules || part == PartEvents || rapid.Bool().Draw(t, "source")
		coverage := rapid.SampledFrom([]Coverage{PartialCoverage("cut"), UnknownCoverage("lost")}).Draw(t, "coverage")
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
func (w *world) lose(part Part, source bool, rng *rand.Rand) {
	keep := func() bool { return rng.IntN(2) == 0 }
	switch {
	case part == PartUsers && source && rng.IntN(2) == 0:
		for i := range w.users { // the roll was read, some details were not
			if keep() {
				u := &w.users[i]
				*u = User{ID: u.ID, UserName: u.Email, Email: u.Email, Assigned: u.Assigned, RollOnly: true}
			}
		}
	case part == PartUsers && source:
		w.users = slices.DeleteFunc(w.users, func(User) bool { return keep() })
	case part == PartUsers:
		w.tusers = slices.DeleteFunc(w.tusers, func(User) bool { return keep() })
	case part == PartGroups && source:
		w.roles = slices.DeleteFunc(w.roles, func(Role) bool { return keep() })
	case part == PartGroups:
		w.tgroups = slices.DeleteFunc(w.tgroups, func(Group) bool { return keep() })
	case part == PartMemberships && source:
		for i := range w.roles {
			if keep() {
				w.roles[i].Users = MemberList{Unknown: "lost"}
			}
		}
	case part == PartRules:
		w.rules = nil
	case part == PartEvents:
		w.events = nil
	}
}
