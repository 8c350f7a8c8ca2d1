package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// renameRoles gives roles the names of others, as OneLogin shows them after somebody renamed them there; the log knows
// both names.
func (w *world) renameRoles(logged bool, names ...string) {
	was := make([]string, 0, len(w.roles))
	for _, r := range w.roles {
		was = append(was, r.Name)
		if logged {
			w.log(model.Event{Type: model.EventRoleCreated, RoleID: r.ID, RoleName: r.Name})
		}
	}
	for i, name := range names {
		w.roles[i].Name = name
		if logged && name != was[i] {
			w.log(model.Event{Type: model.EventRoleUpdated, RoleID: w.roles[i].ID, RoleName: name, Actor: "cy"})
		}
	}
}

// Groups whose names form a chain, a swap or a ring: whose the target's group is, its id says, or else the log. Nothing
// is written on the strength of a name that was another's a moment ago, however small the tenant.
func TestGroupsThatPassANameOn(t *testing.T) {
	t.Parallel()
	zero, one, two := "aws-team-0", "aws-team-1", "aws-team-2"
	for name, tt := range map[string]struct {
		names []string
		want  []string // with ids, with the log, or with an earlier reading
		blind []string // with neither: names are all there is, to OneLogin too, and by names this is so
	}{
		"a chain": {
			[]string{one, "aws-new"},
			[]string{"group-duplicate/aws-team-1"},
			[]string{
				"group-missing/aws-new", "group-unclaimed/aws-team-0", "members-extra/aws-team-1",
				"members-missing/aws-team-1",
			},
		},
		"a chain of three": {
			[]string{one, two, "aws-new"},
			[]string{"group-duplicate/aws-team-1", "group-duplicate/aws-team-2"},
			[]string{
				"group-missing/aws-new", "group-unclaimed/aws-team-0", "members-extra/aws-team-1",
				"members-extra/aws-team-2",
				"members-missing/aws-team-1", "members-missing/aws-team-2",
			},
		},
		"a swap": {
			[]string{one, zero},
			[]string{"group-duplicate/aws-team-0", "group-duplicate/aws-team-1"},
			[]string{
				"members-extra/aws-team-0", "members-extra/aws-team-1", "members-missing/aws-team-0",
				"members-missing/aws-team-1",
			},
		},
		"a ring": {
			[]string{one, two, zero},
			[]string{"group-duplicate/aws-team-0", "group-duplicate/aws-team-1", "group-duplicate/aws-team-2"},
			[]string{
				"members-extra/aws-team-0", "members-extra/aws-team-1", "members-extra/aws-team-2",
				"members-missing/aws-team-0", "members-missing/aws-team-1", "members-missing/aws-team-2",
			},
		},
	} {
		for _, n := range []int{3, 4, 5, 8} {
			for _, known := range []struct{ ids, log, reading bool }{
				{true, false, false},
				{true, true, false},
				{false, true, false},
				{false, false, true},
				{false, false, false},
			} {
				t.Run(fmt.Sprintf("%s, %d roles, %+v", name, n, known), func(t *testing.T) {
					t.Parallel()
					w := syncedWorld(16, n, known.ids, rand.New(rand.NewPCG(1, 1)))
					if known.reading {
						w.provenance = w.compare().Provenance()
					}
					w.renameRoles(known.log, tt.names...)
					c := w.compare()
					if !known.ids && !known.log && !known.reading {
						wantIDs(t, c, tt.blind)
						return
					}
					wantIDs(t, c, tt.want)
					for _, f := range c.Findings {
						if len(f.Repairs) > 0 || len(f.Evidence) < 2 {
							t.Errorf("%s offers %v, by %v", f.ID, f.Repairs, f.Evidence)
						}
					}
					for i, now := range tt.names { // neither equal nor on one side only: what the losers are is as open
						s := int32(slices.IndexFunc(c.Source.Groups, func(g model.Group) bool { return g.Name == now }))
						if a, b := c.GroupVerdict(s, model.None),
							c.GroupVerdict(model.None, int32(i)); a.Relation != model.Differs ||
							b.Relation != model.Differs {
							t.Errorf("%s is %v, and the group of its role %v", now, a, b)
						}
					}
				})
			}
		}
	}
}

// The log knows a chain only so far back: the group whose name was passed on may be either's, and no other is doubted.
func TestAChainWhoseBeginningIsGone(t *testing.T) {
	t.Parallel()
	w := syncedWorld(16, 4, false, rand.New(rand.NewPCG(1, 1)))
	w.roles[0].Name = "aws-first"
	w.renameRoles(true, "aws-team-0", "aws-team-2", "aws-new")
	w.tgroups = slices.Delete(w.tgroups, 1, 2)
	wantIDs(t, w.compare(), []string{"group-duplicate/aws-team-2"})
}

// Once the groups of a ring hold whom their names ask for, they are what they are called: who is in them too many later
// is told again, whatever was known before the renaming.
func TestARingThatWasMadeUpForIsOver(t *testing.T) {
	t.Parallel()
	for _, log := range []bool{true, false} {
		w := syncedWorld(16, 3, false, rand.New(rand.NewPCG(1, 1)))
		if !log {
			w.provenance = w.compare().Provenance()
		}
		w.renameRoles(log, "aws-team-1", "aws-team-0")
		swapped := w.members["g-70"]
		w.members["g-70"] = w.members["g-71"]
		wantIDs(t, w.compare(), []string{"group-duplicate/aws-team-0", "group-duplicate/aws-team-1"})
		w.members["g-71"] = swapped
		c := w.compare()
		wantIDs(t, c, nil)
		if log {
			continue // it shows the renaming until it is too long ago
		}
		w.provenance = c.Provenance()
		w.members["g-71"] = nil
		wantIDs(t, w.compare(), []string{"members-missing/aws-team-1"})
	}
}

// One rename of a tenant too small to pair by ids: the two are not called a pair, and neither deleted nor made a second
// time.
func TestAGroupThatIsThereUnderItsOldNameIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	w := syncedWorld(16, 3, true, rand.New(rand.NewPCG(1, 1)))
	w.roles[0].Name = "aws-new"
	c := w.compare()
	wantIDs(t, c, []string{"group-lingering/aws-team-0", "group-missing/aws-new"})
	for _, f := range c.Findings {
		if f.Confidence != model.Unsure || slices.ContainsFunc(f.Repairs,
			func(o model.Option) bool { return o.Channel == model.Direct }) {
			t.Errorf("%s is %s and offers %v", f.ID, f.Confidence, f.Repairs)
		}
	}
	if f := finding(c, t, "group-missing/aws-new"); !strings.Contains(f.Contradicted, "aws-team-0") {
		t.Errorf("it does not say which group that is: %s", f.Contradicted)
	}
}

// The log shows that a role took a name which another gave up, and OneLogin has pushed both since: the old group
// lingers, and nothing else is wrong.
func TestARenamingThatOneLoginMadeUpForIsNoDuplicate(t *testing.T) {
	t.Parallel()
	w := syncedWorld(16, 4, false, rand.New(rand.NewPCG(1, 1)))
	w.renameRoles(true, "aws-team-1", "aws-new")
	w.tgroups = append(w.tgroups, model.Group{ID: "g-new", Name: "aws-new"})
	w.members["g-new"], w.members["g-71"] = w.members["g-71"], w.members["g-70"]
	wantIDs(t, w.compare(), []string{"group-unclaimed/aws-team-0"})
}

// After any permutation of the names of groups and users whose records carry ids, nothing certain is offered of ours
// that takes from a record, or gives to it, what is another's by its id.
func TestNamesThatGoRoundNeverMoveAccess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		w := syncedWorld(rapid.IntRange(4, 12).Draw(t, "users"), rapid.IntRange(2, 9).Draw(t, "roles"), true, rng)
		to := make([]string, 0, len(w.roles)+1)
		for _, r := range w.roles {
			to = append(to, r.Name)
		}
		to = rapid.Permutation(append(to, "aws-new")).Draw(t, "names")
		for i := range w.roles {
			w.roles[i].Name = to[i]
		}
		people := make([]model.User, 0, len(w.users)+1)
		for i := range w.users {
			w.tusers[i].ExternalID = w.users[i].ExternalID
			people = append(people, w.users[i])
		}
		people = rapid.Permutation(append(people,
			model.User{UserName: "new@corp.example", Email: "new@corp.example"})).Draw(t, "people")
		for i := range w.users {
			w.users[i].UserName, w.users[i].Email = people[i].UserName, people[i].Email
		}
		c := w.compare()
		var picks []model.Pick
		for _, f := range c.Findings {
			for _, o := range f.Repairs {
				in := model.Intent{Option: o, Changes: f.Fields}
				if o.Channel != model.Direct || !in.Takes() && !in.Grants() {
					continue
				}
				s, t2 := c.Source.Users, c.Target.Users
				byID := f.Kind == model.UserRenamed && s[f.Source].ExternalID == t2[f.Target].ExternalID ||
					f.Kind == model.GroupRenamed &&
						slices.Contains(c.Source.Groups[f.Source].RoleIDs, c.Target.Groups[f.Target].ExternalID)
				if !byID {
					t.Fatalf("%s is %s and offers %s", f.ID, f.Confidence, o.Repair)
				}
				picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
			}
		}
		renamesInTurn(t, c, picks)
	})
}

// renamesInTurn holds that a plan of all renames of users leaves none out, and gives each a name that nobody has by
// then.
func renamesInTurn(t rapid.TB, c *drift.Comparison, picks []model.Pick) {
	t.Helper()
	intents, left := plan.Intend(c, picks)
	if len(left) > 0 {
		t.Fatalf("left out: %v", left)
	}
	has := map[string]string{}
	for _, u := range c.Target.Users {
		has[u.ID] = model.Fold(u.UserName)
	}
	for _, in := range intents {
		if in.Repair != model.UpdateUser {
			continue
		}
		for id, name := range has {
			if id != in.Subject.TargetID && name == model.Fold(in.Changes[0].Source) {
				t.Fatalf("%s is to be written while %s has it", name, id)
			}
		}
		has[in.Subject.TargetID] = model.Fold(in.Changes[0].Source)
	}
}

// Where a group is from is known from an earlier reading in which OneLogin kept it up, or from the run that made it:
// by its id, never by its name alone.
func TestWhereAGroupIsFromIsKnownFromBefore(t *testing.T) {
	t.Parallel()
	deleted := func(w *world) { w.roles = w.roles[1:] }
	run := func(finding string, state model.StepState) func(w *world) {
		return func(w *world) {
			step := onGroup(model.CreateGroup, "", "aws-team-0")
			step.Finding = finding
			w.provenance = append(w.provenance, model.MadeByRuns([]model.Run{{
				ID: "r1", Plan: &model.Plan{Steps: []model.Step{step}},
				Steps: []model.StepRecord{{State: state, CreatedID: "g-70"}},
			}, {ID: "damaged"}})...)
		}
	}
	unread := func(w *world) { w.provenance = nil }
	then := func(all ...func(w *world)) func(w *world) {
		return func(w *world) {
			for _, do := range all {
				do(w)
			}
		}
	}
	renamed := func(w *world) { w.roles[0].Name = "aws-new" }
	made := run("group-missing/aws-team-0", model.StepConfirmed)
	for name, tt := range map[string]struct {
		before, after func(w *world)
		want          string
		sure          model.Confidence
		cause         model.Cause
	}{
		"a reading": {nil, deleted, "group-lingering/aws-team-0", model.Likely, model.CauseUnknown},
		"a reading before its role was renamed": {
			nil, renamed, "group-renamed/aws-new", model.Likely, model.CauseSourceRenamed,
		},
		"a reading before the role of a group was renamed that a run made": {
			nil, then(made, renamed), "group-renamed/aws-new", model.Likely, model.CauseSourceRenamed,
		},
		"a reading with nobody in common": {
			func(w *world) { w.members["g-70"] = nil }, deleted, "group-unclaimed/aws-team-0", model.Certain,
			model.CauseNoProof,
		},
		"a reading in which it was not yielded": {
			deleted, nil, "group-unclaimed/aws-team-0", model.Certain, model.CauseNoProof,
		},
		"a reading of another group of that name": {
			func(w *world) { w.tgroups[0].ID, w.members["g-other"] = "g-other", w.members["g-70"] },
			func(w *world) { w.tgroups[0].ID = "g-70"; deleted(w) },
			"group-unclaimed/aws-team-0", model.Certain, model.CauseNoProof,
		},
		"the run that made it": {
			nil, then(unread, made, deleted), "group-lingering/aws-team-0", model.Certain,
			model.CauseUnknown,
		},
		"a run that gave it back after it had been deleted as OneLogin's": {
			nil, then(unread, run("group-lingering/aws-team-0", model.StepConfirmed), deleted),
			"group-lingering/aws-team-0", model.Certain, model.CauseUnknown,
		},
		"a run that did not end": {
			nil, then(unread, run("group-missing/aws-team-0", model.StepInDoubt), deleted),
			"group-unclaimed/aws-team-0", model.Certain, model.CauseNoProof,
		},
		"a run that gave it back": {
			nil, then(unread, run("", model.StepConfirmed), deleted), "group-unclaimed/aws-team-0", model.Certain,
			model.CauseNoProof,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(16, 3, false, rand.New(rand.NewPCG(1, 1)))
			if tt.before != nil {
				tt.before(w)
			}
			for range 3 { // it is handed on from reading to reading
				w.provenance = w.compare().Provenance()
			}
			if tt.after != nil {
				tt.after(w)
				w.provenance = w.compare().Provenance()
			}
			f := finding(w.compare(), t, tt.want)
			if f.Confidence != tt.sure || f.Cause != tt.cause || f.Cause != model.CauseNoProof && len(f.Evidence) == 0 {
				t.Errorf("%s is %s by %s, %v", f.ID, f.Confidence, f.Cause, f.Evidence)
			}
		})
	}
}
