package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Whatever a direct question is answered with that the lists do not bear out: the finding is unsure, offers no write,
// and says what the answer was. An answer about something else leaves it certain.
func TestAnAnswerAgainstTheListsIsSaid(t *testing.T) {
	t.Parallel()
	lacks := func(w *world) { w.members["g-70"] = w.members["g-70"][1:] }
	unlisted := func(w *world) { w.roles[0].Users.IDs = w.roles[0].Users.IDs[1:] }
	byRules := func(w *world) { w.rules = []model.Rule{{ID: "1", Name: "r", Enabled: true}} }
	oneKey := func(bend func(*world)) func(*world) { // the pair of user 0 rests on one key
		return func(w *world) { bend(w); w.tusers[0].Email, w.tusers[0].ExternalID = "", "" }
	}
	stray := func(w *world) {
		w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "aws-old", ExternalID: "999"})
	}
	without := func(id string) func(a *model.Reply) {
		return func(a *model.Reply) {
			a.Roles = slices.DeleteFunc(a.Roles, func(r model.Role) bool { return r.ID == id })
		}
	}
	granting := func(id, name string) func(a *model.Reply) {
		return func(a *model.Reply) { a.Roles = append(a.Roles, model.Role{ID: id, Name: name, Grants: true}) }
	}
	user, names, members := model.Ask{Kind: model.AskRoles, ID: "1000"}, model.Ask{Kind: model.AskRoleList},
		model.Ask{Kind: model.AskMembers, ID: "g-70"}
	record, group := model.Ask{Kind: model.AskTargetRecord, ID: "t-1000"},
		model.Ask{Kind: model.AskGroupRecord, ID: "g-70"}
	rulesAgain := model.Ask{Kind: model.AskRules}
	for name, c := range map[string]struct {
		bend   func(*world)
		id     string
		of     model.Ask
		answer func(*model.Reply)
		want   string
	}{
		"the user's record names no granting role": {
			func(w *world) { w.dropTargetUser("t-1000") }, firstGone, user,
			func(a *model.Reply) { a.User.RoleIDs = []string{} },
			"names no role that grants the app, and a list of users has the user: aws-team-0",
		},
		"the group has another external id": {
			func(w *world) { w.roles[0].Name = "aws-new" }, "group-renamed/aws-new", group,
			func(a *model.Reply) { a.Group.ExternalID = "71" }, "its external id is 71",
		},
		"a member's record is another user's": {
			lacks, lacking, user, func(a *model.Reply) { a.User.UserName = "else" }, "userName is else",
		},
		"a member's record names the role": {
			unlisted, tooMany, user, func(a *model.Reply) { a.User.RoleIDs = append(a.User.RoleIDs, "70") },
			"it names a role whose list of users lacks user0@corp.example: aws-team-0",
		},
		"a member's record at the target is gone": {
			oneKey(lacks), lacking, record, func(a *model.Reply) { a.Found = false },
			"there is no such user: user0@corp.example",
		},
		"a member's record at the target is another user's": {
			oneKey(lacks), lacking, record, func(a *model.Reply) { a.User.ExternalID = "1001" }, "externalId is 1001",
		},
		"the group lists who is missing": {
			lacks, lacking, members, func(a *model.Reply) { a.Members.IDs = append(a.Members.IDs, "t-1000") },
			"it lists user0@corp.example",
		},
		"the group does not list who is too many": {
			unlisted, tooMany, members, func(a *model.Reply) { a.Members.IDs = nil },
			"it does not list user0@corp.example",
		},
		"the role that gives the group is not shown again": {
			lacks, lacking, names, without("70"), "asked again, it does not show aws-team-0",
		},
		"another role is not shown again": {lacks, lacking, names, without("71"), ""},
		"a role of the group's name is shown": {
			stray, "group-lingering/aws-old", names, granting("80", "aws-old"),
			"it shows a role that was not listed so before: aws-old",
		},
		"a role with the id that the group carries is shown": {
			stray, "group-lingering/aws-old", names, granting("999", "aws-else"),
			"it shows a role that was not listed so before: aws-else",
		},
		"another role is shown": {stray, "group-lingering/aws-old", names, granting("80", "aws-else"), ""},
		"a rule names the group": {
			stray, "group-lingering/aws-old", rulesAgain, func(a *model.Reply) {
				a.Rules = []model.Rule{{ID: "1", Name: "r", Actions: []model.RuleAction{
					{Name: model.SetGroups, Values: []string{"AWS-old"}},
				}}}
			}, "asked again, they name the group: r",
		},
		"a rule is there": {
			stray, "group-lingering/aws-old", rulesAgain,
			func(a *model.Reply) { a.Rules = []model.Rule{{ID: "1", Name: "r"}} }, "0, and 1 a moment later",
		},
		"a rule says something else": {
			func(w *world) { byRules(w); stray(w) }, "group-lingering/aws-old", rulesAgain,
			func(a *model.Reply) { a.Rules = []model.Rule{{ID: "1", Name: "r"}} }, "a rule says something else: r",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			c.bend(w)
			opts := testOptions()
			src, tgt := w.sides(opts)
			before := asked(src, tgt, opts)
			if f := finding(before, t, c.id); f.Confidence != model.Certain {
				t.Fatalf("without that it is %s: %s", f.Confidence, f.Contradicted)
			}
			opts.Replies = before.Replies
			reply, known := opts.Replies[c.of]
			if !known {
				t.Fatalf("%v was not asked", c.of)
			}
			c.answer(&reply)
			opts.Replies[c.of] = reply
			f := finding(drift.Compare(src, tgt, opts), t, c.id)
			writes := slices.ContainsFunc(f.Repairs, func(o model.Option) bool { return o.Channel == model.Direct })
			if (f.Confidence == model.Unsure) != (c.want != "") || writes != (c.want == "") ||
				!strings.Contains(f.Contradicted, c.want) {
				t.Errorf("%s, contradicted %q, offers %v; want %q", f.Confidence, f.Contradicted, f.Repairs, c.want)
			}
		})
	}
}
