package model_test

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func TestWhatMustBeTyped(t *testing.T) {
	t.Parallel()
	plan := func(steps ...model.Step) *model.Plan {
		p := newGuarded(steps...).p
		p.Seal()
		return p
	}
	named := func(name string) *model.Plan { return plan(onGroup(model.DeleteGroup, "g", name)) }
	update := onUser(model.UpdateUser, 1)
	update.Takes = true
	hand := onGroup(model.DeleteGroup, "g", "AWSControlTowerAdmins")
	hand.Finding = "group-unclaimed/awscontroltoweradmins"
	byNow := newGuarded(onGroup(model.DeleteGroup, "g", "aws-old")).p
	byNow.Guard.Overridden = []model.GuardRefusal{{Rule: model.RuleUnclaimed}}
	byNow.Seal()
	word, other := onUser(model.UpdateUser, 1), onUser(model.UpdateUser, 2)
	word.Grants, other.Grants = true, true
	for _, c := range []struct {
		name string
		p    *model.Plan
		want string // "code" for that of the plan
	}{
		{"nothing", plan(), ""},
		{"handoff", plan(handoff()), ""},
		{"an attribute", plan(onUser(model.UpdateUser, 1)), ""},
		{"one group", named("aws-legacy admins"), "aws-legacy admins"},
		{"accents", named("Büro Łódź"), "Büro Łódź"},
		{"one group in two steps", plan(onGroup(model.RemoveMembers, "g", "x", member(1)), handoff(),
			onGroup(model.RemoveMembers, "g", "x", member(2))), "x"},
		{"no name", named(""), "code"},
		{"a space at the end", named("a "), "code"},
		{"a space at the start", named(" a"), "code"},
		{"two spaces", named("a  b"), "code"},
		{"zero width", named("a\u200bb"), "code"},
		{"bidi", named("a\u202eb"), "code"},
		{"Cyrillic a", named("\u0430dmins"), "code"},
		{"fullwidth", named("ａdmins"), "code"},
		{"dotless i", named("adm\u0131ns"), "code"},
		{"decomposed", named("Bu\u0308ro"), "code"},
		{"invalid", named("a\xff"), "code"},
		{"a line", named("a\nb"), "code"},
		{"endless", named(strings.Repeat("a", 200)), "code"},
		{"a group that nobody claims", plan(hand), "code"},
		{"a group that nobody claims, and others", plan(onGroup(model.DeleteGroup, "1", "a"), hand), "code"},
		{"a group that nobody claims by now", byNow, "code"},
		{"three groups", plan(onGroup(model.DeleteGroup, "1", "a"), onGroup(model.DeleteGroup, "2", "b"),
			onGroup(model.DeleteGroup, "3", "c")), "delete 3"},
		{"a mix", plan(onUser(model.DeactivateUser, 1), onGroup(model.DeleteGroup, "1", "a"),
			onGroup(model.DeleteGroup, "2", "b")), "delete 2, deactivate 1"},
		{"the gravest first", plan(onUser(model.CreateUser, 1), onUser(model.DeactivateUser, 2),
			onUser(model.DeactivateUser, 3)), "deactivate 2, grant 1"},
		{"removals", plan(onGroup(model.RemoveMembers, "1", "a", member(1), member(2)),
			onGroup(model.RemoveMembers, "2", "b", member(1))), "remove 3"},
		{"renamed users", plan(update, onUser(model.CreateUser, 2)), "rename 1, grant 1"},
		{
			"grants", plan(onUser(model.CreateUser, 1), onGroup(model.AddMembers, "g", "g", member(1), member(2))),
			"grant 3",
		},
		{"what grants by its own word alone", plan(word, other), "run 2"},
	} {
		word, hint := model.ConfirmWord(c.p)
		want := c.want
		if want == "code" {
			want = c.p.Code()
		}
		if word != want || (hint == "") != (word == "") || !strings.Contains(hint, word) ||
			model.Visible(hint) != hint {
			t.Errorf("%s: %q (%s), want %q", c.name, word, hint, want)
		}
	}
	loose := newGuarded(onGroup(model.DeleteGroup, "g", "a ")).p
	if word, _ := model.ConfirmWord(loose); word != "delete 1" {
		t.Errorf("without a seal %q is typed", word)
	}
}
