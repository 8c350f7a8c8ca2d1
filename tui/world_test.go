package tui

import (
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
)

// noon is the moment at which every test looks at the board.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// world is a tenant in the making: both sides as values, in sync until a test bends them.
type world struct {
	source                 rules.Source
	target                 model.Directory
	sourceLists, targetIDs []model.MemberList
}

// newWorld has users u0, u1, ... and groups g0, g1, ... on both sides, each group with five members.
func newWorld(users, groups int) *world {
	w := &world{}
	w.source.Kind, w.target.Kind = "onelogin", "aws"
	w.source.ReadAt, w.target.ReadAt = noon().Add(-40*time.Second), noon().Add(-30*time.Second)
	w.source.Requests, w.target.Requests = 31, 52
	for _, part := range model.SourceParts() {
		w.source.Coverage[part] = model.CompleteCoverage()
	}
	for _, part := range model.TargetParts() {
		w.target.Coverage[part] = model.CompleteCoverage()
	}
	w.source.App = model.App{ID: "500001", Name: "AWS", Provisioning: model.Yes, GroupsIncluded: model.Yes}
	for i := range users {
		w.addUser(fmt.Sprintf("%s.%s%d@corp.example", given[i%len(given)], family[i/len(given)%len(family)], i), true)
	}
	for i := range groups {
		w.addGroup(fmt.Sprintf("aws-%s-%d", teams[i%len(teams)], i), true, true)
		for m := range min(5, users) {
			user := (i*7 + m*3) % users
			w.sourceLists[i].IDs = append(w.sourceLists[i].IDs, w.source.Users[user].ID)
			w.intrude(i, user)
		}
	}
	return w
}

var (
	given  = []string{"ana", "bo", "cy", "dee", "eve", "finn", "gus", "hana", "ida", "jon"}
	family = []string{"arden", "brook", "castle", "dale", "ebert", "frost", "glen"}
	teams  = []string{"admins", "billing", "data", "platform", "readers", "security"}
)

// addUser adds a user to the source, and to the target too if it is said.
func (w *world) addUser(name string, target bool) {
	i := len(w.source.Users)
	u := model.User{
		ID: fmt.Sprint(90000000 + i), ExternalID: fmt.Sprint(90000000 + i), UserName: name, DisplayName: "User " + name,
		GivenName:  "User",
		FamilyName: name, Email: name, Active: true, Assigned: true,
	}
	w.source.Users = append(w.source.Users, u)
	if target {
		u.ID = fmt.Sprintf("t-user-%d-%d", i, len(w.target.Users))
		w.target.Users = append(w.target.Users, u)
	}
}

func (w *world) addGroup(name string, source, target bool) {
	i := max(len(w.source.Groups), len(w.target.Groups))
	if source {
		id := fmt.Sprint(70000 + i)
		w.source.Groups = append(w.source.Groups, model.Group{
			ID: id, ExternalID: id, Name: name, Expectation: model.Expected, RoleIDs: []string{id},
		})
		w.sourceLists = append(w.sourceLists, model.MemberList{})
	}
	if target {
		w.target.Groups = append(w.target.Groups, model.Group{ID: fmt.Sprintf("t-group-%d", i), Name: name})
		w.targetIDs = append(w.targetIDs, model.MemberList{})
	}
}

// intrude puts a user in a group at the target, both by their index there.
func (w *world) intrude(group, user int) {
	w.targetIDs[group].IDs = append(w.targetIDs[group].IDs, w.target.Users[user].ID)
}

// compare is what the engine says of the world. The world can be bent further and compared again.
func (w *world) compare() *drift.Comparison {
	src, tgt := w.source, w.target
	src.Users, tgt.Users = slices.Clone(src.Users), slices.Clone(tgt.Users)
	src.Groups, tgt.Groups = slices.Clone(src.Groups), slices.Clone(tgt.Groups)
	src.SetMembers(w.sourceLists)
	tgt.SetMembers(w.targetIDs)
	return modeltest.Compare(src, tgt, drift.Options{Fields: model.FieldSetOf(model.Fields()...)})
}

// drifted is a tenant with about one finding of each kind.
func drifted() *world {
	w := newWorld(812, 40)
	day := noon().Add(-50 * time.Hour)
	event := func(kind int, e model.Event) {
		e.Type, e.At, e.ID = kind, day, fmt.Sprint(len(w.source.Events)+1)
		w.source.Events = append(w.source.Events, e)
	}
	// Two groups whose roles were deleted.
	for _, name := range []string{"aws-legacy-admins", "aws-contractors-2023"} {
		w.target.Groups = append(w.target.Groups, model.Group{ID: "t-" + name, Name: name})
		w.targetIDs = append(w.targetIDs, model.MemberList{IDs: []string{w.target.Users[3].ID, w.target.Users[11].ID}})
		event(model.EventRoleDeleted, model.Event{RoleName: name, RoleID: "1", Actor: "cy@corp.example"})
	}
	w.target.Groups = append(w.target.Groups, model.Group{ID: "t-ct", Name: "AWSControlTowerAdmins"})
	w.targetIDs = append(w.targetIDs, model.MemberList{})
	// Too many and too few members.
	w.intrude(4, 44)
	w.intrude(4, 45)
	w.targetIDs[7].IDs = w.targetIDs[7].IDs[:3]
	// A group that never arrived.
	w.addGroup("aws-newcomers", true, false)
	w.sourceLists[len(w.sourceLists)-1].IDs = []string{w.source.Users[1].ID, w.source.Users[2].ID}
	// Users: three not pushed, one suspended and still active, one with another name, one left over, one inactive.
	for _, name := range []string{"zoe@corp.example", "yan@corp.example", "xia@corp.example"} {
		w.addUser(name, false)
	}
	event(model.EventCreateFailed, model.Event{
		UserID: w.source.Users[812].ID, AppID: "500001",
		Text: "Family name is required",
	})
	w.source.Users[20].Active, w.source.Users[20].Standing = false, model.StandingSuspended
	w.target.Users[30].DisplayName = "Somebody Else"
	w.target.Users[31].UserName = "old.name@corp.example"
	w.source.Users[40].Assigned = false
	w.target.Users[41].Active = false
	return w
}

// failedTarget is a tenant whose target could not be read.
func failedTarget() *world {
	w := newWorld(812, 40)
	w.target.Users, w.target.Groups, w.targetIDs = nil, nil, nil
	for _, part := range model.TargetParts() {
		w.target.Coverage[part] = model.UnknownCoverage("HTTP 401: the token was not accepted; " +
			"make a new one under IAM Identity Center > Settings > Automatic provisioning")
	}
	return w
}

// blindMemberships is a tenant whose target does not tell who is in its groups.
func blindMemberships() *world {
	w := drifted()
	reason := "the endpoint answers groups without members; configure the AWS lens"
	w.target.Coverage[model.PartMemberships] = model.UnknownCoverage(reason)
	for i := range w.targetIDs {
		w.targetIDs[i] = model.MemberList{Unknown: reason}
	}
	return w
}

// setUp is a tenant with a finding about the connection itself, which has no record on either side.
func setUp() *drift.Comparison {
	c := drifted().compare()
	c.Findings = append(c.Findings, model.Finding{
		ID: "setup-clock-skew/prod", Kind: "setup-clock-skew", Severity: model.Medium, Confidence: model.Certain,
		Cause: model.Cause("setup-clock-skew"), Subject: model.Subject{
			Type: model.SubjectConnection,
			Name: "prod-connection",
		},
		Source: model.None, Target: model.None,
		Check: &model.Check{
			ID: model.SetupClockSkew, Result: model.CheckMend, Seen: "this machine is 90 s behind",
			Todo: "Set the clock.",
			Menu: "the clock of this machine",
		},
	})
	return c
}

// unchecked is a tenant whose set-up nobody looked at.
func unchecked() *drift.Comparison {
	c := drifted().compare()
	c.Checks = nil
	return c
}

// opaque is a tenant with a rule that cannot be evaluated, its JSON full of what breaks screens.
func opaque() *drift.Comparison {
	c := drifted().compare()
	c.Source.Rules = []model.Rule{{
		ID: "77", Name: "by macro", Enabled: true,
		Raw: []byte(`{"id":77,"name":"by macro","actions":[{"action":"set_groups","macro":"{\u001b[2J}","value":["` +
			"\u202ex\u200b" + `"]}]}`),
	}}
	c.Findings = append(c.Findings, model.Finding{
		ID: "rule-opaque/by%20macro", Kind: model.RuleOpaque, Severity: model.Info, Confidence: model.Certain,
		Cause:   model.CauseUnreadableRule,
		Subject: model.Subject{Type: model.SubjectRule, Name: "by macro", SourceID: "77"}, Source: model.None,
		Target:  model.None,
		Repairs: []model.Option{{Repair: model.OpenRules, Channel: model.Console}},
	})
	return c
}

// hostile is a tenant whose names try to break the screen.
func hostile() *world {
	w := newWorld(5, 2)
	for i, name := range hostileNames() {
		w.addUser(fmt.Sprintf("%s%d", name, i), i%2 == 0)
		w.target.Groups = append(w.target.Groups, model.Group{ID: fmt.Sprint("h", i), Name: name, ExternalID: name})
		w.targetIDs = append(w.targetIDs, model.MemberList{IDs: []string{w.target.Users[0].ID}})
	}
	return w
}
