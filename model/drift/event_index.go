package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// attempt says how an attempt of the provisioner shows in the log: the type of its failure and those that settle it.
type attempt struct {
	failedType     int
	succeededTypes []int
}

//nolint:gochecknoglobals // constant tables
var (
	createAttempt     = attempt{model.EventCreateFailed, []int{model.EventCreatedInApp, model.EventLinkedInApp}}
	updateAttempt     = attempt{model.EventUpdateFailed, []int{model.EventUpdatedInApp}}
	suspendAttempt    = attempt{model.EventSuspendFailed, []int{model.EventSuspendedInApp}}
	reactivateAttempt = attempt{model.EventReactivateFailed, []int{model.EventReactivatedInApp}}
)

// eventIndex finds the events of a user, newest first.
type eventIndex struct {
	app    string
	byUser map[string][]*model.Event
	// byRole holds the events that name a role, by its id.
	byRole map[string][]*model.Event
	// rolesGone are those of roles that were deleted or lost the app.
	rolesGone []*model.Event
	// failedPushes are the updates of the app's users that failed.
	failedPushes []*model.Event
	// deletedUsers holds DELETED_USER events by the folded name that they carry, which is often an e-mail.
	deletedUsers map[string]*model.Event
	// tokenRejected is the newest refusal of OneLogin's token, if no push has worked since.
	tokenRejected *model.Event
	lastReapply   *model.Event
}

func indexEvents(events []model.Event, app string) eventIndex {
	x := eventIndex{
		app: app, byUser: map[string][]*model.Event{}, byRole: map[string][]*model.Event{},
		deletedUsers: map[string]*model.Event{},
	}
	var worked bool
	for _, e := range model.NewestFirst(events) {
		if e.UserID != "" {
			x.byUser[e.UserID] = append(x.byUser[e.UserID], e)
		}
		if e.RoleID != "" {
			x.byRole[e.RoleID] = append(x.byRole[e.RoleID], e)
		}
		if name := model.Fold(e.UserName); e.Type == model.EventDeletedUser && name != "" &&
			x.deletedUsers[name] == nil {
			x.deletedUsers[name] = e
		}
		if e.Type == model.EventRoleDeleted || e.Type == model.EventAppRemovedFromRole && e.AppID == app {
			x.rolesGone = append(x.rolesGone, e)
		}
		if e.AppID != app {
			continue
		}
		if RefusesToken(e) && !worked && x.tokenRejected == nil {
			x.tokenRejected = e
		}
		switch {
		case e.Type == model.EventUpdateFailed:
			x.failedPushes = append(x.failedPushes, e)
		case e.Type == model.EventReapplied && x.lastReapply == nil:
			x.lastReapply = e
		}
		worked = worked || e.Pushed()
	}
	return x
}

// lastFailure gives the newest event of that attempt on the user, if it failed.
func (x eventIndex) lastFailure(user string, a attempt) *model.Event {
	for _, e := range x.byUser[user] {
		switch {
		case !e.ConcernsApp(x.app):
		case e.Type == a.failedType:
			return e
		case slices.Contains(a.succeededTypes, e.Type):
			return nil
		}
	}
	return nil
}

// staleIDFailures gives the updates that the target refused because a group is gone, newest first, but for those of
// users for whom one has worked since.
func (x eventIndex) staleIDFailures(group string) (out []*model.Event) {
	for _, e := range x.failedPushes {
		if !refusesStaleID(e.Text, group) {
			continue
		}
		newer := x.byUser[e.UserID]
		newer = newer[:max(slices.Index(newer, e), 0)]
		if !slices.ContainsFunc(newer, func(n *model.Event) bool {
			return n.Type == model.EventUpdatedInApp && n.AppID == x.app
		}) {
			out = append(out, e)
		}
	}
	return out
}

// unpushedChange gives the newest change of the user at the source that no push has followed.
func (x eventIndex) unpushedChange(user string) *model.Event {
	for _, e := range x.byUser[user] {
		switch {
		case (e.Type == model.EventUpdatedInApp || e.Type == model.EventCreatedInApp) && e.AppID == x.app:
			return nil
		case e.Type == model.EventUpdatedUser:
			return e
		}
	}
	return nil
}

// latestOfUser gives the newest event of the user of any of some types, whatever its app.
func (x eventIndex) latestOfUser(user string, types ...int) *model.Event {
	for _, e := range x.byUser[user] {
		if slices.Contains(types, e.Type) {
			return e
		}
	}
	return nil
}

// deletionOf finds the event that says the source user of a target record was deleted: by the OneLogin id that the
// target carries as external id, else by userName or e-mail.
func (x eventIndex) deletionOf(u *model.User) *model.Event {
	if e := x.latestOfUser(u.ExternalID, model.EventDeletedUser); e != nil {
		return e
	}
	return cmp.Or(x.deletedUsers[model.Fold(u.UserName)], x.deletedUsers[model.Fold(u.Email)])
}

func (x eventIndex) latestOfRoles(roles []string, user string, types ...int) *model.Event {
	for _, role := range roles {
		for _, e := range x.byRole[role] {
			if slices.Contains(types, e.Type) && (user == "" || e.UserID == user) {
				return e
			}
		}
	}
	return nil
}

func (x eventIndex) latestRemoval(roles []string, user string) *model.Event {
	return x.latestOfRoles(roles, user, model.EventRemovedFromRole, model.EventAutoRemoved, model.EventAPIRemoveRoles)
}

func (x eventIndex) latestRoleUpdate(roles []string) *model.Event {
	return x.latestOfRoles(roles, "", model.EventRoleUpdated)
}

// Timeline gives what OneLogin's log says of a subject, newest first: its own events, and those of the whole app that
// decide whether it is pushed at all (reapplies, refreshes, a rejected token, edits of the set-up). Events of other
// apps are left out. It walks the log each time, so ask for it when a subject is opened, not for every row.
func (c *Comparison) Timeline(s model.Subject) (out []model.Event) {
	concerns := func(*model.Event) bool { return false }
	switch s.Type { //nolint:exhaustive // only the app's own events are about a rule or the connection
	case model.SubjectUser:
		concerns = c.concernsUser(s)
	case model.SubjectGroup:
		concerns = c.concernsGroup(s)
	}
	for _, e := range model.NewestFirst(c.Source.Events) {
		if e.ConcernsApp(c.Source.App.ID) && (e.AppWide() || concerns(e)) {
			out = append(out, *e)
		}
	}
	return out
}

// concernsUser tells the events of one user: by OneLogin's id, which may be the external id at the target; or by names
// where there is no user at the source, because ids of deleted users lead nowhere.
func (c *Comparison) concernsUser(s model.Subject) func(*model.Event) bool {
	id, names := s.SourceID, []string(nil)
	if id == "" {
		names = append(names, model.Fold(s.Name))
		for i := range c.Target.Users {
			if u := &c.Target.Users[i]; s.TargetID != "" && u.ID == s.TargetID {
				id, names = u.ExternalID, append(names, model.Fold(u.Email))
				break
			}
		}
	}
	return func(e *model.Event) bool {
		name := model.Fold(e.UserName)
		return id != "" && e.UserID == id || name != "" && slices.Contains(names, name)
	}
}

// concernsGroup tells the events of the roles that yield or yielded a group, and failed pushes that name it.
func (c *Comparison) concernsGroup(s model.Subject) func(*model.Event) bool {
	names := []string{model.Fold(s.Name)}
	var roles []string
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; s.SourceID != "" && g.ID == s.SourceID || model.SameName(g.Name, s.Name) {
			roles, names = append(roles, g.RoleIDs...), append(names, model.Fold(g.Name))
		}
	}
	for i := range c.Target.Groups {
		if g := &c.Target.Groups[i]; s.TargetID != "" && g.ID == s.TargetID {
			names = append(names, model.Fold(g.Name))
			if g.ExternalID != "" {
				roles = append(roles, g.ExternalID)
			}
		}
	}
	return func(e *model.Event) bool {
		role := model.Fold(e.RoleName)
		switch {
		case e.RoleID != "" && slices.Contains(roles, e.RoleID), role != "" && slices.Contains(names, role):
			return true
		case !e.Problem() || e.Text == "":
			return false
		}
		text := model.Fold(e.Text)
		return slices.ContainsFunc(names, func(name string) bool { return containsWord(text, name) })
	}
}

// SubjectsOf gives the subjects that an event names, as findings and rows know them: its user, and the groups of its
// role. It is the way back from the log to the board; nil if the event concerns nobody on it.
func (c *Comparison) SubjectsOf(e *model.Event) []model.Subject {
	var out []model.Subject
	for s := range c.Source.Users {
		if e.UserID != "" && c.Source.Users[s].ID == e.UserID {
			out = append(out, c.UserSubject(int32(s), c.Users.ToTarget[s]))
		}
	}
	for t := range c.Target.Users {
		if u := &c.Target.Users[t]; e.UserID != "" && u.ExternalID == e.UserID && c.Users.ToSource[t] == model.None {
			out = append(out, c.UserSubject(model.None, int32(t)))
		}
	}
	for s := range c.Source.Groups {
		if e.RoleID != "" && slices.Contains(c.Source.Groups[s].RoleIDs, e.RoleID) {
			out = append(out, c.GroupSubject(int32(s), c.Groups.ToTarget[s]))
		}
	}
	for t := range c.Target.Groups {
		if g := &c.Target.Groups[t]; c.Groups.ToSource[t] == model.None && e.RoleName != "" &&
			model.SameName(g.Name, e.RoleName) {
			out = append(out, c.GroupSubject(model.None, int32(t)))
		}
	}
	return out
}
