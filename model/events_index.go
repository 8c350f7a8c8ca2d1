package model

import "slices"

// attempt says how an attempt of the provisioner shows in the log: the type of its failure and those that settle it.
type attempt struct {
	failed int
	ok     []int
}

//nolint:gochecknoglobals // constant tables
var (
	createFailed     = attempt{EventCreateFailed, []int{EventCreatedInApp, EventLinkedInApp}}
	updateFailed     = attempt{EventUpdateFailed, []int{EventUpdatedInApp}}
	suspendFailed    = attempt{EventSuspendFailed, []int{EventSuspendedInApp}}
	reactivateFailed = attempt{EventReactivateFailed, []int{EventReactivatedInApp}}
)

// eventIndex finds the events of a user, newest first.
type eventIndex struct {
	app    string
	byUser map[string][]*Event
	// byRole holds the events that name a role, by its id.
	byRole map[string][]*Event
	// failedPushes are the updates of the app's users that failed.
	failedPushes []*Event
	// deleted holds DELETED_USER events by the folded name that they carry, which is often an e-mail.
	deleted map[string]*Event
	// rejected is the newest refusal of OneLogin's token, if no push has worked since.
	rejected *Event
	// reapplied is the newest reapply.
	reapplied *Event
}

func indexEvents(events []Event, app string) eventIndex {
	x := eventIndex{app: app, byUser: map[string][]*Event{}, byRole: map[string][]*Event{}, deleted: map[string]*Event{}}
	var worked bool
	for _, e := range newestFirst(events) {
		if e.UserID != "" {
			x.byUser[e.UserID] = append(x.byUser[e.UserID], e)
		}
		if e.RoleID != "" {
			x.byRole[e.RoleID] = append(x.byRole[e.RoleID], e)
		}
		if name := Fold(e.UserName); e.Type == EventDeletedUser && name != "" && x.deleted[name] == nil {
			x.deleted[name] = e
		}
		switch {
		case e.AppID != app:
		case e.Type == EventUpdateFailed:
			x.failedPushes = append(x.failedPushes, e)
		case e.Type == EventTokenRejected && !worked && x.rejected == nil:
			x.rejected = e
		case e.Type == EventReapplied && x.reapplied == nil:
			x.reapplied = e
		}
		worked = worked || e.AppID == app && e.Pushed()
	}
	return x
}

// failed gives the newest event of that attempt on the user, if it failed.
func (x eventIndex) failed(user string, a attempt) *Event {
	for _, e := range x.byUser[user] {
		switch {
		case !e.of(x.app):
		case e.Type == a.failed:
			return e
		case slices.Contains(a.ok, e.Type):
			return nil
		}
	}
	return nil
}

// changed gives the newest change of the user at the source that no push has followed.
func (x eventIndex) changed(user string) *Event {
	for _, e := range x.byUser[user] {
		switch {
		case (e.Type == EventUpdatedInApp || e.Type == EventCreatedInApp) && e.AppID == x.app:
			return nil
		case e.Type == EventUpdatedUser:
			return e
		}
	}
	return nil
}

// latest gives the newest event of the user of any of some types, whatever its app.
func (x eventIndex) latest(user string, types ...int) *Event {
	for _, e := range x.byUser[user] {
		if slices.Contains(types, e.Type) {
			return e
		}
	}
	return nil
}

// userDeleted finds the event that says the source user of a target record was deleted: by the OneLogin id that the
// target carries as external id, else by userName or e-mail.
func (x eventIndex) userDeleted(u *User) (Evidence, bool) {
	for _, e := range x.byUser[u.ExternalID] {
		if u.ExternalID != "" && e.Type == EventDeletedUser {
			return e.evidence(), true
		}
	}
	for _, name := range []string{u.UserName, u.Email} {
		if e := x.deleted[Fold(name)]; e != nil {
			return e.evidence(), true
		}
	}
	return Evidence{}, false
}

// unassigned finds the event that took the app, or a role, from a user.
func (x eventIndex) unassigned(user string) []Evidence {
	e := x.latest(user, EventRemovedFromRole, EventAutoRemoved, EventAPIRemoveRoles, EventLoginRemoved)
	if e == nil {
		return nil
	}
	return []Evidence{e.evidence()}
}

// removed finds the event that took a user out of one of some roles.
func (x eventIndex) removed(roles []string, user string) (Cause, []Evidence) {
	for _, role := range roles {
		for _, e := range x.byRole[role] {
			switch e.Type {
			case EventRemovedFromRole, EventAutoRemoved, EventAPIRemoveRoles:
				if e.UserID == user {
					return CauseSourceRemoved, []Evidence{e.evidence()}
				}
			}
		}
	}
	return CauseUnknown, nil
}

// roleUpdated finds the event that changed one of some roles.
func (x eventIndex) roleUpdated(roles []string) *Event {
	for _, role := range roles {
		for _, e := range x.byRole[role] {
			if e.Type == EventRoleUpdated {
				return e
			}
		}
	}
	return nil
}
