package model_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// selectWorld has one finding of each of several kinds, certain ones and others.
func selectWorld() *world {
	w := quietWorld()
	w.unassign(1)                                                                   // lingering, unassigned
	w.users[2].FamilyName = "Wed"                                                   // attributes
	w.tusers[3].UserName, w.tusers[3].ExternalID = "elsewhere", ""                  // renamed, by e-mail: likely
	w.tusers = append(w.tusers, model.User{ID: "t-x", UserName: "x", Active: true}) // lingering, unknown
	w.tgroups = append(w.tgroups,
		model.Group{ID: "g-x", Name: "stray", ExternalID: "9"}, // lingering
		model.Group{ID: "g-y", Name: "hand"})                   // unclaimed
	w.dropTargetUser("t-1000") // unsynced
	return w
}

func picked(picks []model.Pick) (out []string) {
	for _, p := range picks {
		line := p.Finding + " " + string(p.Repair)
		if p.Channel != model.Direct {
			line += " " + string(p.Channel)
		}
		if p.Named {
			line += " named"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

func TestSelect(t *testing.T) {
	t.Parallel()
	unsynced, renamed := "user-unsynced/user0@corp.example", "user-renamed/user3@corp.example"
	for _, c := range []struct {
		name  string
		query plan.Query
		picks []string
		left  map[string]string // by finding: part of the reason
	}{
		{
			"the bare plan takes and grants nothing, and says what it leaves",
			plan.Query{},
			[]string{
				"user-attributes/user2@corp.example reapply-mappings console",
				unsynced + " reapply-mappings console",
			},
			map[string]string{
				"group-lingering/stray":             "takes or grants access, so it has to be asked for: delete-group",
				renamed:                             "not certain",
				"user-lingering/user1@corp.example": "deactivate-user, delete-user",
				"user-lingering/x":                  "deactivate-user, delete-user",
			},
		},
		{
			"by id, the first that it offers",
			plan.Query{Findings: []string{"group-lingering/stray", renamed}},
			[]string{"group-lingering/stray delete-group named", renamed + " reapply-mappings console named"},
			nil,
		},
		{
			"by kind, in bulk",
			plan.Query{Kinds: []model.Kind{model.UserLingering}},
			[]string{"user-lingering/user1@corp.example deactivate-user"},
			map[string]string{"user-lingering/x": "choose this very finding"},
		},
		{
			"by kind and id, the id is named",
			plan.Query{
				Kinds: []model.Kind{model.UserLingering}, Findings: []string{"user-lingering/x"},
				Repair: model.DeleteUser,
			},
			[]string{"user-lingering/user1@corp.example delete-user", "user-lingering/x delete-user named"},
			nil,
		},
		{
			"a kind that only some offer the repair for",
			plan.Query{Kinds: []model.Kind{model.UserUnsynced, model.GroupLingering}, Repair: model.CreateUser},
			[]string{unsynced + " create-user"},
			map[string]string{"group-lingering/stray": "does not offer create-user; it offers delete-group"},
		},
		{
			"a repair alone: every certain finding that offers it",
			plan.Query{Repair: model.ReapplyMappings},
			[]string{
				"user-attributes/user2@corp.example reapply-mappings console",
				unsynced + " reapply-mappings console",
			},
			map[string]string{renamed: "not certain"},
		},
		{
			"an unclaimed group never in bulk",
			plan.Query{Kinds: []model.Kind{model.GroupUnclaimed}},
			nil,
			map[string]string{"group-unclaimed/hand": "by its own name only"},
		},
		{
			"an unclaimed group by name",
			plan.Query{Findings: []string{"group-unclaimed/hand"}},
			[]string{"group-unclaimed/hand delete-group named"},
			nil,
		},
		{
			"a kind that nothing is of",
			plan.Query{Kinds: []model.Kind{model.GroupMissing}, Repair: model.CreateGroup},
			nil, nil,
		},
	} {
		picks, left, err := plan.Select(selectWorld().compare(), c.query)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		slices.Sort(c.picks)
		if got := picked(picks); !slices.Equal(got, c.picks) {
			t.Errorf("%s: picks %q, want %q", c.name, got, c.picks)
		}
		for _, l := range left {
			if want, expected := c.left[l.Finding]; !expected || !strings.Contains(l.Reason, want) {
				t.Errorf("%s: left out %v, want %q", c.name, l, want)
			}
		}
		if len(left) != len(c.left) {
			t.Errorf("%s: left out %v, want %v", c.name, left, c.left)
		}
	}
}

func TestSelectSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	for want, q := range map[string]plan.Query{
		"there is no finding user-unsynced/n<U+001B>; there are: group-lingering/stray, ": {
			Findings: []string{"user-unsynced/n\x1b"},
		},
		"there is no kind user-odd; the kinds are: user-still-active, ": {
			Kinds: []model.Kind{"user-odd"},
		},
		"there is no repair mend; the repairs are: approve-pending, ": {Repair: "mend"},
		"none of these findings offers create-group; they offer ":     {Repair: model.CreateGroup},
		"offers create-user; they offer delete-group": {
			Findings: []string{"group-lingering/stray"}, Repair: model.CreateUser,
		},
	} {
		picks, _, err := plan.Select(selectWorld().compare(), q)
		if err == nil || !strings.Contains(err.Error(), want) || len(picks) > 0 {
			t.Errorf("%v with %v, want %q", err, picks, want)
		}
	}
}

func TestSelectKeepsTheOrderOfChannels(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.users[2].FamilyName = "Wed"
	for _, nudge := range []bool{true, false} {
		opts := testOptions()
		opts.Nudge = nudge
		src, dir := w.sides(opts)
		picks, _, err := plan.Select(asked(src, dir, opts), plan.Query{})
		want := model.Option{Repair: model.ReapplyMappings, Channel: map[bool]model.Channel{
			true:  model.Nudge,
			false: model.Console,
		}[nudge]}
		if err != nil || len(picks) != 1 || picks[0].Option != want {
			t.Errorf("nudge %v: picks %v, %v; want %v", nudge, picks, err, want)
		}
	}
}

func TestTheBarePlanNeitherTakesNorGrants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := drawBent(t)
		c := w.compare()
		picks, left, err := plan.Select(c, plan.Query{})
		if err != nil {
			t.Fatal(err)
		}
		intents, _ := plan.Intend(c, picks)
		for i := range intents {
			if intents[i].Takes() || intents[i].Grants() {
				t.Fatalf("%s takes or grants", intents[i].Key)
			}
		}
		told := map[string]bool{}
		for _, p := range picks {
			told[p.Finding] = true
		}
		for _, l := range left {
			told[l.Finding] = true
		}
		for _, f := range c.Findings {
			if f.Severity > model.Info && !told[f.ID] {
				t.Fatalf("%s is passed over without a word", f.ID)
			}
		}
	})
}
