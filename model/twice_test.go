package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// Of two ways that give a group, the one goes that the other covers; where neither covers the other, none is named.
func TestWhichOfTwoWaysGoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bend func(w *world)
		want string
	}{
		"the very same": {
			func(w *world) { w.rules = append(w.rules, literal("901", "70", "aws-team-0")) },
			"take the rule literal 901 (3), keep the rule for each role (3), 3 both, covered true",
		},
		"a narrow one after a wide one": {func(w *world) {
			w.roles = append(w.roles, model.Role{
				ID: "80", Name: "narrow",
				Users: model.MemberList{IDs: w.roles[0].Users.IDs[:1]},
			})
			w.rules = append(w.rules, literal("901", "80", "aws-team-0"))
		}, "take the rule literal 901 (1), keep the rule for each role (3), 1 both, covered true"},
		"a wide one after a narrow one": {func(w *world) {
			w.roles = append(w.roles, model.Role{
				ID: "80", Name: "wide",
				Users: model.MemberList{IDs: []string{"1000", "1001", "1002", "1003", "1004"}},
			})
			w.rules = append(w.rules, literal("901", "80", "aws-team-0"))
		}, "take the rule for each role (3), keep the rule literal 901 (5), 3 both, covered true"},
		"neither": {func(w *world) {
			w.roles = append(w.roles, model.Role{
				ID: "80", Name: "beside",
				Users: model.MemberList{IDs: []string{"1000", "1005"}},
			})
			w.rules = append(w.rules, literal("901", "80", "aws-team-0"))
		}, "take the rule literal 901 (2), keep the rule for each role (3), 1 both, covered false"},
		"the default value": {func(w *world) {
			w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-team-0"}}}
		}, "take the rule for each role (3), keep the default value of the Groups parameter (6), 3 both, covered true"},
		"another group": {func(w *world) { w.rules = append(w.rules, literal("901", "71", "aws-team-1")) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 2, false, rand.New(rand.NewPCG(3, 3)))
			w.roles[0].Users.IDs = []string{"1000", "1001", "1002"}
			w.rules = []model.Rule{forEachRole("900", "aws-.*")}
			tt.bend(w)
			got := ""
			for _, of := range w.compareBy(byRulesOptions()).RedundantWaysTo("AWS-Team-0") {
				got += fmt.Sprintf("take %s (%d), keep %s (%d), %d both, covered %v", of.Take.Called(), of.Take.Users,
					of.Keep.Called(), of.Keep.Users, of.Both, of.Covered)
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What may be taken away costs nobody the group, in any world of rules.
func TestTheWayThatGoesCostsNobodyTheGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := drawRuled(t)
		before := w.compareBy(byRulesOptions())
		for g := range before.Source.Groups {
			name := before.Source.Groups[g].Name
			for _, of := range before.RedundantWaysTo(name) {
				if of.Take.Rule == nil {
					t.Fatalf("the default value is to go, though %s is one of its ways", of.Keep.Called())
				}
				if !of.Covered || !of.Certain {
					continue
				}
				less := *w
				less.rules = slices.Clone(w.rules)
				for i := range less.rules {
					if less.rules[i].ID == of.Take.Rule.ID {
						less.rules[i].Enabled = false
					}
				}
				after := less.compareBy(byRulesOptions())
				at := slices.IndexFunc(after.Source.Groups,
					func(o model.Group) bool { return model.SameName(o.Name, name) })
				if at < 0 || !slices.Equal(before.Source.Members.Of(g), after.Source.Members.Of(at)) {
					t.Fatalf("without %s, %s has other members", of.Take.Called(), name)
				}
			}
		}
	})
}

// A push that was refused for somebody to whom no rule and no role gives the group was of a group on that user's own
// login.
func TestAGroupOnOneLogin(t *testing.T) {
	t.Parallel()
	outsider := func(w *world) string {
		for i := range w.users {
			if !slices.Contains(w.roles[0].Users.IDs, w.users[i].ID) {
				return w.users[i].ID
			}
		}
		return ""
	}
	push := func(w *world, user string) {
		w.events = append(w.events, model.Event{
			ID: "1", At: planTime, Type: model.EventUpdateFailed, AppID: w.app.ID,
			UserID: user, Text: refusal("aws-team-0", "old"),
		})
	}
	for name, tt := range map[string]struct {
		bend func(w *world)
		want int
	}{
		"nobody":      {func(*world) {}, 0},
		"an outsider": {func(w *world) { push(w, outsider(w)) }, 1},
		"a member":    {func(w *world) { push(w, w.roles[0].Users.IDs[0]) }, 0},
		"of another group": {
			func(w *world) { push(w, outsider(w)); w.events[0].Text = refusal("aws-team-1", "old") },
			0,
		},
		"who has left": {func(w *world) { push(w, outsider(w)); w.unassign(userIndex(w, outsider(w))) }, 0},
		"the log is cut": {func(w *world) {
			push(w, outsider(w))
			w.cover[model.PartEvents] = model.PartialCoverage(
				"cut")
		}, 0},
		"removed since": {func(w *world) {
			push(w, outsider(w))
			w.events = append(w.events,
				removal(w, outsider(w), 1))
		}, 0},
		"removed before it": {func(w *world) {
			push(w, outsider(w))
			w.events = append(w.events,
				removal(w, outsider(w), -1))
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(8, 2, false, rand.New(rand.NewPCG(3, 3)))
			tt.bend(w)
			login := map[string]model.Login{outsider(w): {ID: "9", State: "modifying_failed"}}
			got := w.explained(login).GivenOnLogin("AWS-team-0")
			if len(got) != tt.want || len(got) == 1 && !strings.Contains(got[0], "@corp.example (modifying_failed)") {
				t.Errorf("%+v, want %d", got, tt.want)
			}
		})
	}
}

func userIndex(w *world, id string) int {
	return slices.IndexFunc(w.users, func(u model.User) bool { return u.ID == id })
}

func removal(w *world, user string, hours int) model.Event {
	return model.Event{
		ID: "2", At: planTime.Add(time.Duration(hours) * time.Hour), Type: model.EventRemovedFromRole,
		AppID: w.app.ID, UserID: user, RoleID: w.roles[0].ID,
	}
}
