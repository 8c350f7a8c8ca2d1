package modeltest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// Random is a comparison of two small sides that differ in every way that comes to mind, of which parts were not read
// and some questions were answered otherwise than the lists do, or not at all. pick gives a number below n.
func Random(pick func(n int) int) *drift.Comparison {
	d := dice(pick)
	w := d.world()
	src := rules.Source{
		Directory: model.Directory{Kind: "onelogin", Users: w.users, ReadAt: readAt()},
		App:       model.App{ID: "5", Provisioning: model.Yes, GroupsIncluded: model.Yes}, Roles: w.roles,
		Rules: w.rules, Events: w.events,
	}
	tgt := model.Directory{Kind: "aws", Users: w.targetUsers, Groups: w.targetGroups, ReadAt: readAt()}
	for _, p := range model.SourceParts() {
		src.Coverage[p] = d.coverage(p == model.PartRules || p == model.PartEvents)
	}
	for _, p := range model.TargetParts() {
		tgt.Coverage[p] = d.coverage(false)
	}
	if d.oneIn(12) {
		tgt.Coverage[model.PartGroups], tgt.Coverage[model.PartMemberships] = model.SkippedCoverage(),
			model.SkippedCoverage()
	}
	src.Users = readOf(d, src.Users, src.Coverage[model.PartUsers])
	src.Roles = readOf(d, src.Roles, src.Coverage[model.PartGroups])
	src.Rules = readOf(d, src.Rules, src.Coverage[model.PartRules])
	src.Events = readOf(d, src.Events, src.Coverage[model.PartEvents])
	tgt.Users = readOf(d, tgt.Users, tgt.Coverage[model.PartUsers])
	tgt.Groups = readOf(d, tgt.Groups, tgt.Coverage[model.PartGroups])
	lists := make([]model.MemberList, len(tgt.Groups))
	for i := range tgt.Groups {
		lists[i] = w.members[tgt.Groups[i].ID]
		if tgt.Coverage[model.PartMemberships].State != model.Complete {
			lists[i] = model.MemberList{Unknown: "not read"}
		}
	}
	tgt.SetMembers(lists)
	groups := rules.GroupsConfig{From: []string{"roles", "auto", "rules"}[d(3)], Roles: regexp.MustCompile("^aws-(.*)")}
	if d.oneIn(5) {
		groups.Name = "aws-$1"
	}
	opts := drift.Options{Groups: groups, Fields: model.FieldSetOf(model.Fields()...), Nudge: d.oneIn(2)}
	return compare(rules.Expect(src, opts.Groups), tgt, opts, d.alterReply)
}

func readAt() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

type dice func(n int) int

// oneIn is true about once in n times.
func (d dice) oneIn(n int) bool { return d(n) == 0 }

func (d dice) coverage(skips bool) model.Coverage {
	switch d(12) {
	case 0:
		return model.UnknownCoverage("HTTP 500")
	case 1:
		return model.PartialCoverage("page 2 failed")
	case 2:
		if skips {
			return model.SkippedCoverage()
		}
	}
	return model.CompleteCoverage()
}

// readOf is what a read gives of a part.
func readOf[T any](d dice, all []T, c model.Coverage) []T {
	switch c.State {
	case model.Unknown, model.Skipped:
		return nil
	case model.Partial:
		return slices.DeleteFunc(slices.Clone(all), func(T) bool { return d.oneIn(3) })
	case model.Complete:
	}
	return all
}

// alterReply answers a question mostly as the lists do.
func (d dice) alterReply(a model.Reply) model.Reply {
	switch d(12) {
	case 0:
		return model.Reply{Failed: "HTTP 500"}
	case 1:
		a.Found = !a.Found
	case 2:
		a.User.Assigned, a.User.Active, a.Role.Grants = !a.User.Assigned, !a.User.Active, !a.Role.Grants
	case 3:
		a.Members.IDs = nil
	}
	return a
}

type sides struct {
	users, targetUsers []model.User
	roles              []model.Role
	rules              []model.Rule
	events             []model.Event
	targetGroups       []model.Group
	members            map[string]model.MemberList
}

func (d dice) world() *sides {
	w := &sides{members: map[string]model.MemberList{}}
	for i := range d(9) + 1 {
		d.addUser(w, i)
	}
	for i := range d(6) + 1 {
		d.addRole(w, i)
	}
	for i := range d(3) {
		g := model.Group{ID: fmt.Sprint("g-x", i), Name: fmt.Sprint("aws-stray-", i)}
		if d.oneIn(2) {
			g.ExternalID = strconv.Itoa(70 + d(8)) // perhaps a role's
		}
		if d.oneIn(2) {
			w.events = append(w.events, model.Event{
				ID: fmt.Sprint("e", i), At: readAt().Add(-time.Hour), Type: model.EventRoleDeleted, RoleID: "9",
				RoleName: g.Name, Actor: "ana",
			})
		}
		w.targetGroups = append(w.targetGroups, g)
		w.members[g.ID] = d.randomMembers(w)
	}
	return w
}

func (d dice) addUser(w *sides, i int) {
	id, name := strconv.Itoa(1000+i), fmt.Sprintf("user%d@corp.example", i)
	u := model.User{
		ID: id, ExternalID: id, UserName: name, Email: name, DisplayName: "User", GivenName: "U", FamilyName: "Ser",
		Active: true, Assigned: true,
	}
	t := u
	t.ID = "t-" + id
	switch d(16) {
	case 0:
		u.Assigned = false
	case 1:
		u.Active, u.Standing = false, model.StandingSuspended
	case 2:
		u.RollOnly, u.Standing = true, "status 99"
	case 3:
		t.Active = false
	case 4:
		t.DisplayName = "Other"
	case 5:
		t.UserName, t.ExternalID, t.Email = "\u0443ser"+name[1:], "", "" // looks like it
	case 6:
		t.ExternalID, t.UserName = "", "x"+name // by e-mail
	case 7:
		other := t
		other.ID, other.UserName = "t2-"+id, "second"+name // the same external id and e-mail
		if d.oneIn(2) {
			other.ExternalID = ""
		}
		w.targetUsers = append(w.targetUsers, other)
	case 8:
		u.Active, u.Standing, t.Active = false, model.StandingSuspended, false
	}
	side := d(8)
	if side != 0 {
		w.users = append(w.users, u)
	}
	if side != 1 {
		w.targetUsers = append(w.targetUsers, t)
	}
}

func (d dice) addRole(w *sides, i int) {
	id, name := strconv.Itoa(70+i), fmt.Sprint("aws-team-", i)
	r := model.Role{ID: id, Name: name, Grants: !d.oneIn(6)}
	for u := range w.users {
		if w.users[u].Assigned && d.oneIn(2) {
			r.Users.IDs = append(r.Users.IDs, w.users[u].ID)
		}
	}
	g := model.Group{ID: "g-" + id, Name: name}
	list := model.MemberList{}
	for u := range w.targetUsers {
		if slices.Contains(r.Users.IDs, w.targetUsers[u].ID[2:]) != d.oneIn(6) {
			list.IDs = append(list.IDs, w.targetUsers[u].ID)
		}
	}
	switch d(14) {
	case 0:
		r.Users.Unknown = "HTTP 500"
	case 1:
		list.Unknown = "cut at 100"
	case 2:
		g.Name = "aws-te\u0430m-" + name[9:] // looks like it
	case 3:
		g.ExternalID, g.Name = id, "aws-old-"+id
	case 4:
		list = model.MemberList{Unknown: "never shown", Hidden: true}
	}
	side := d(7)
	if side != 0 {
		w.roles = append(w.roles, r)
		if d.oneIn(2) {
			w.rules = append(w.rules, model.Rule{
				ID: "r" + id, Name: "rule " + id, Enabled: !d.oneIn(4), Position: i + 1, Match: "all",
				Conditions: []model.RuleCondition{{
					Source: "has_role", Operator: []string{"ri", "??"}[min(d(6)/5, 1)], Values: []string{id},
				}},
				Actions: []model.RuleAction{{Name: "set_groups", Values: []string{name}}},
			})
		}
	}
	if side != 1 {
		w.targetGroups = append(w.targetGroups, g)
		w.members[g.ID] = list
	}
}

func (d dice) randomMembers(w *sides) (l model.MemberList) {
	for u := range w.targetUsers {
		if d.oneIn(3) {
			l.IDs = append(l.IDs, w.targetUsers[u].ID)
		}
	}
	return l
}
