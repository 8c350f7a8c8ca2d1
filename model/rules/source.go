package rules

import (
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// Totals counts the app's assigned users, the groups that OneLogin should push or may have to, and their members.
func (s *Source) Totals() model.Totals {
	n := model.Totals{Memberships: s.Members.Total()}
	for i := range s.Users {
		if s.Users[i].Assigned {
			n.Users++
		}
	}
	for i := range s.Groups {
		if s.Groups[i].Expectation != model.Allowed {
			n.Groups++
		}
	}
	return n
}

// Sides are both sides as they are compared. known is of an earlier comparison, and becomes that of this one.
func Sides(r *model.Reading, groups GroupsConfig, known *model.Rosters) (Source, model.Directory) {
	known.Lock()
	defer known.Unlock()
	s, t := &r.Source, &r.Target
	src := Source{
		Directory: s.Directory(model.SourceParts()), App: s.App, Roles: s.Roles, Rules: s.Rules,
		Events: s.Events, Logins: s.Logins, Entitlements: s.Entitlements, At: s.At,
	}
	tgt := t.Directory(model.TargetParts())
	tgt.Groups = slices.Clone(t.Groups)
	tgt.Ignored, tgt.Unreadable = t.Ignored, t.Unreadable
	tgt.Assignments, tgt.Provenance = t.Assignments, t.Provenance
	if len(t.Makers) > 0 {
		tgt.Users = slices.Clone(t.Users)
		for i := range tgt.Users {
			model.FillMaker(t.Makers, tgt.Users[i].ID, &tgt.Users[i].CreatedBy)
		}
		for i := range tgt.Groups {
			model.FillMaker(t.Makers, tgt.Groups[i].ID, &tgt.Groups[i].CreatedBy)
		}
	}
	var target sync.WaitGroup
	target.Go(func() { tgt.SetMembersFrom(t.Members, known.Target.SetUsers(tgt.Users)) })
	src = expectGroups(src, groups, known.Source.SetUsers(src.Users))
	target.Wait()
	return src, tgt
}

// Source is the OneLogin side: the directory of what it should push, and the facts that this follows from.
type Source struct {
	model.Directory

	App    model.App
	Roles  []model.Role
	Rules  []model.Rule
	Events []model.Event
	// Logins are the provisioning states of users with a finding, by user id. They explain findings and make none.
	Logins map[string]model.Login
	// Entitlements are the group names that OneLogin remembers of the target, as far as its API shows them; nil if it
	// was not asked or did not say. They are a hint and no part of coverage.
	Entitlements []string
	// At is when each part was read.
	At model.PartTimes

	// Origin says what Groups were worked out from; Expect sets it.
	Origin Origin
	Book   *rulebook
	// MayBelong has, for each group with MembersOpen, the users who may belong in it beside its members, ascending; nil
	// is anybody.
	MayBelong [][]int32
}

// WhyMayBelong says why a user who is not among the known members of a group may belong in it; "" if they do not.
// The user may be None, for somebody whom the source does not have.
func (s *Source) WhyMayBelong(group, user int32) string {
	if int(group) < len(s.MayBelong) && s.MayBelong[group] != nil {
		if _, open := slices.BinarySearch(s.MayBelong[group], user); !open {
			return ""
		}
	}
	return s.Groups[group].MembersOpen
}
