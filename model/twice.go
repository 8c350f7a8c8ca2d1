package model

import (
	"cmp"
	"slices"
)

// Twice is a group that two ways give at once: mending one of them changes nothing while the other stands.
type Twice struct {
	// Take is the way to take away, and Keep the one that gives the group to everybody whom Take gives it to. Where neither covers the
	// other, Covered is false.
	Take, Keep Giver
	Covered    bool
	// Both is how many users both give it to.
	Both int
	// Certain is false where one of the two cannot be evaluated in full.
	Certain bool
}

// Giver is one way in which users get a group, and how many do.
type Giver struct {
	// Rule is nil for the default value of the app's Groups parameter.
	Rule  *Rule
	Users int
}

// Called names the way, raw.
func (g Giver) Called() string {
	if g.Rule == nil {
		return "the default value of the Groups parameter"
	}
	return "the rule " + g.Rule.subject().Name
}

// TwiceGiven are the pairs of ways that give a group of that name. Of two that cover each other the later one goes: the earlier stands
// where everybody looks first.
func (c *Comparison) TwiceGiven(group string) (out []Twice) {
	book := c.Source.book
	if book == nil {
		return nil
	}
	unproven := c.unproven()
	for _, o := range book.overlaps {
		if !SameName(o.group, group) {
			continue
		}
		giver := func(rule int32, users int) (g Giver, certain bool) {
			if rule == byDefault {
				return Giver{Users: users}, true
			}
			return Giver{book.rules[rule].Rule, users}, !unproven[rule]
		}
		later, sure := giver(o.rule, o.users)
		earlier, surely := giver(o.other, o.others)
		t := Twice{Take: later, Keep: earlier, Covered: true, Both: o.both, Certain: sure && surely}
		switch o.both {
		case o.users:
		case o.others:
			t.Take, t.Keep = t.Keep, t.Take
		default:
			t.Covered = false
		}
		out = append(out, t)
	}
	return out
}

// OnLogin is a user to whose login a group was likely given by hand: OneLogin pushes it, and no rule or role gives it to them. No API
// shows what is set on a login.
type OnLogin struct {
	UserName string
	Push     Evidence
	// State is what OneLogin says of the login, empty if it was not asked.
	State string
}

// GivenOnLogin finds who likely has a group of that name on their own login: those for whom a push of it was refused, as the log says, and
// to whom neither a rule nor a role gives it, nor gave it until later. Nobody is named where that was not read in full.
func (c *Comparison) GivenOnLogin(group string) (out []OnLogin) {
	if !c.Source.Coverage.Complete([]Part{PartUsers, PartGroups, PartMemberships, PartRules, PartEvents}) {
		return nil
	}
	index := indexEvents(c.Source.Events, c.Source.App.ID)
	var members []int32
	var roles []string
	if s := slices.IndexFunc(c.Source.Groups, func(g Group) bool { return SameName(g.Name, group) }); s >= 0 {
		if c.Source.MembersUnknown(int32(s)) != "" || c.Source.Groups[s].MembersOpen != "" {
			return nil
		}
		members, roles = c.Source.Members.Of(s), c.Source.Groups[s].RoleIDs
	}
	byID := map[string]int32{}
	for i := range c.Source.Users {
		byID[c.Source.Users[i].ID] = int32(i)
	}
	for _, e := range index.failedPushes {
		u, known := byID[e.UserID]
		if !known || !refusesStaleID(e.Text, group) || !c.Source.Users[u].Assigned || !c.Source.Users[u].Active || slices.Contains(members, u) {
			continue
		}
		name := c.Source.Users[u].Called()
		if slices.ContainsFunc(out, func(o OnLogin) bool { return o.UserName == name }) {
			continue
		}
		if _, left := index.removed(roles, e.UserID); len(left) > 0 && !left[0].At.Before(e.At) {
			continue
		}
		o := OnLogin{UserName: name, Push: e.evidence()}
		if login, asked := c.Source.Logins[e.UserID]; asked {
			o.State = cmp.Or(login.State, login.Status)
		}
		out = append(out, o)
	}
	return out
}
