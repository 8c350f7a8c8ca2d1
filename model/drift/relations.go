package drift

import (
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Emptiness is judged on relations and not on counts alone: the most expensive bug of every tool of this kind was to
// believe an empty answer (github.com/awslabs/ssosync/issues/194, github.com/slashdevops/idp-scim-sync/issues/70).

// How many records are asked for before something empty is believed or not: users of the app where roles seem to have
// none, and records of the last complete read where nothing is left.
const (
	usersAsked   = 3
	recordsAsked = 5
)

// LoadedLists is what the lists of a load hold, before anything is made of it.
type LoadedLists struct {
	App   model.App
	Users []model.User
	Roles []model.Role
	// Carried are the external ids of the target's users.
	Carried []string
	// Now is what source and target hold, and Earlier what they did in the last complete read.
	Now, Earlier [2]PartSizes
	// Source and Target say how much was read.
	Source, Target model.Coverages
	// Rosters are those of the comparisons of this reading; nil if there are none.
	Rosters *model.Rosters
}

// PartSize is how much of a part a complete read held, with the ids of a few of its records.
type PartSize struct {
	N   int
	IDs []string
}

// PartSizes are what users, groups and memberships of one side hold. Rules and events may be empty at any time.
type PartSizes [model.PartMemberships + 1]PartSize

// CheckCoverage gives the coverage that what was read deserves, and the questions whose answers could change that.
func CheckCoverage(r *LoadedLists, replies model.Replies) (source, target model.Coverages, asks []model.Ask) {
	x := relations{LoadedLists: r, replies: replies}
	if r.Rosters == nil {
		r.Rosters = &model.Rosters{}
	}
	for i := range r.Users {
		if r.Users[i].Assigned {
			x.assigned = append(x.assigned, &r.Users[i])
		}
	}
	x.checkNoAppUsers()
	x.checkUnlistedUsers()
	x.checkNoRoles()
	x.checkRoleUsers()
	x.checkRoleGrants()
	x.checkNoTargetUsers()
	x.checkSuddenlyEmpty()
	return x.Source, x.Target, x.asks
}

type relations struct {
	*LoadedLists

	replies model.Replies
	asks    []model.Ask
	// assigned are the users of the app.
	assigned []*model.User
}

func (x *relations) markUnknown(coverage *model.Coverages, reason string, parts ...model.Part) {
	for _, p := range parts {
		coverage[p] = model.UnknownCoverage(reason)
	}
}

func (x *relations) isRead(parts ...model.Part) bool {
	return !slices.ContainsFunc(parts, func(p model.Part) bool { return !x.Source[p].Complete() })
}

// sampleUsers are the users of the app who are asked where a few have to do.
func (x *relations) sampleUsers() []*model.User { return x.assigned[:min(len(x.assigned), usersAsked)] }

// ask takes down a question, and gives its answer where there is one already.
func (x *relations) ask(kind model.AskKind, id string) (model.Reply, bool) {
	q := model.Ask{Kind: kind, ID: id}
	x.asks = append(x.asks, q)
	return x.replies.Usable(q)
}

// askRoles asks for the roles of a user; they are not known where the user's record leaves them out.
func (x *relations) askRoles(user string) (reply model.Reply, known bool) {
	reply, answered := x.ask(model.AskRoles, user)
	return reply, answered && (!reply.Found || reply.User.RoleIDs != nil)
}

// checkNoAppUsers: a role that grants the app has users, and the app none.
func (x *relations) checkNoAppUsers() {
	if !x.isRead(model.PartUsers) || len(x.assigned) > 0 {
		return
	}
	held := func(r model.Role) bool { return r.Grants && len(r.Users.IDs) > 0 }
	if i := slices.IndexFunc(x.Roles, held); i >= 0 {
		x.markUnknown(&x.Source, "OneLogin lists no user for the app, but its role "+model.Visible(x.Roles[i].Name)+
			" has users; that cannot both be true, so read again", model.PartUsers)
	} else if !x.isRead(model.PartGroups, model.PartMemberships) {
		// Believed, this would call everybody at the target lingering, with nothing left to contradict it.
		x.markUnknown(&x.Source,
			"OneLogin lists no user for the app, and the roles that could confirm it were not read "+
				"in full; read again", model.PartUsers)
	}
}

// checkUnlistedUsers: a granting role lists users whom no list of users shows. A few are asked for, so that they pair;
// one who is gone, or has the role without the app, is honest. Whom the target names by id needs no asking.
func (x *relations) checkUnlistedUsers() {
	if !x.Source[model.PartUsers].Complete() || len(x.assigned) == 0 {
		return
	}
	x.Rosters.Lock()
	defer x.Rosters.Unlock()
	users := x.Rosters.Source.SetUsers(x.Users)
	var found []int32 // by an answer and not by a list
	for q := range x.replies {
		if u, ok := users.Index[q.ID]; ok && q.Kind == model.AskUser && !x.Users[u].Assigned {
			found = append(found, u)
		}
	}
	asked, leftOut := 0, false
	x.eachUnlistedUser(users, found, func(r *model.Role, id string) {
		var reply model.Reply
		answered := false
		if asked++; asked <= recordsAsked {
			reply, answered = x.ask(model.AskUser, id)
			leftOut = leftOut || answered && reply.Found && reply.User.Assigned
		}
		if !answered && (leftOut || asked <= recordsAsked) {
			x.Source[model.PartUsers] = model.PartialCoverage(fmt.Sprintf(
				"OneLogin's role %s lists a user (id %s) whom no list of users shows, and whether that user has the "+
					"app is not known; read again", model.Visible(r.Name), model.Visible(id)))
		}
	})
}

// eachUnlistedUser tells of each user once whom a granting role lists, and neither a list of users nor the target by an
// id; those found by an answer count as not listed.
func (x *relations) eachUnlistedUser(users *model.Roster, found []int32, tell func(r *model.Role, id string)) {
	var known map[string]bool // of those whom no list shows
	for i := range x.Roles {
		r := &x.Roles[i]
		in := users.Resolve(r.Users.IDs)
		isFound := func(u int32) bool { return slices.Contains(in.Users, u) }
		if !r.Grants || !in.Strangers && !slices.ContainsFunc(found, isFound) {
			continue
		}
		if known == nil {
			known = model.Set(x.Carried)
		}
		for _, id := range r.Users.IDs {
			if u, ok := users.Index[id]; ok && !slices.Contains(found, u) || known[id] {
				continue
			}
			known[id] = true
			tell(r, id)
		}
	}
}

// checkNoRoles: the app names roles, and there are none.
func (x *relations) checkNoRoles() {
	if x.isRead(model.PartGroups) && len(x.Roles) == 0 && len(x.App.RoleIDs) > 0 {
		x.markUnknown(&x.Source,
			fmt.Sprintf("OneLogin lists no roles, but the app names %d; the credential may not see "+
				"them, or the answer was wrong", len(x.App.RoleIDs)), model.PartGroups, model.PartMemberships)
	}
}

// checkRoleUsers: every role that grants the app lists no users, while the app has some. Users who were given the app
// directly are honest: a few are asked which roles they have.
func (x *relations) checkRoleUsers() {
	granting := map[string]*model.Role{}
	for i := range x.Roles {
		if r := &x.Roles[i]; r.Grants {
			if len(r.Users.IDs) > 0 || r.Users.Unknown != "" {
				return
			}
			granting[r.ID] = r
		}
	}
	if len(granting) == 0 || !x.isRead(model.PartMemberships) {
		return
	}
	for _, u := range x.sampleUsers() {
		reply, known := x.askRoles(u.ID)
		if !known {
			x.markUnknown(&x.Source, "the roles that grant the app list no users, and the users of the app do not say "+
				"which roles they have; read again", model.PartMemberships)
			continue
		}
		for _, id := range reply.User.RoleIDs {
			if r := granting[id]; r != nil {
				x.markUnknown(&x.Source,
					fmt.Sprintf("the roles that grant the app list no users, but %s has the role %s; "+
						"read again", model.Visible(u.UserName), model.Visible(r.Name)), model.PartMemberships)
				return
			}
		}
	}
}

// checkRoleGrants: no role grants the app, while it has users. A few are asked for their roles, and these for their
// apps; if none has it, users were given it directly. A list without the roles of the app is not an empty one.
func (x *relations) checkRoleGrants() {
	if !x.isRead(model.PartGroups) || len(x.Roles) == 0 ||
		slices.ContainsFunc(x.Roles, func(r model.Role) bool { return r.Grants }) {
		return
	}
	doubt := func(reason string) { x.markUnknown(&x.Source, reason, model.PartGroups, model.PartMemberships) }
	unsettled := "no role grants the app by what was read, though it has users, and their roles could not be asked; " +
		"read again"
	for _, u := range x.sampleUsers() {
		reply, known := x.askRoles(u.ID)
		if !known {
			doubt(unsettled)
			continue
		}
		roles := slices.Clone(reply.User.RoleIDs)
		for i := range x.Roles {
			if slices.Contains(x.Roles[i].Users.IDs, u.ID) && !slices.Contains(roles, x.Roles[i].ID) {
				roles = append(roles, x.Roles[i].ID)
			}
		}
		for _, id := range roles[:min(len(roles), usersAsked)] {
			switch reply, answered := x.ask(model.AskRole, id); {
			case !answered:
				doubt(unsettled)
			case reply.Role.Grants:
				doubt("no role grants the app by the list of roles, but asked for itself the role " +
					model.Visible(reply.Role.Name) + " does; read again")
				return
			}
		}
	}
}

// checkNoTargetUsers: the target lists no user to be in its groups. An empty target is believed, for creating only.
func (x *relations) checkNoTargetUsers() {
	now := &x.Now[1]
	switch {
	case !x.Target[model.PartUsers].Complete() || now[model.PartUsers].N > 0:
	case now[model.PartMemberships].N > 0:
		x.markUnknown(&x.Target, "the target lists no user, but its groups have members; that cannot both be true, so "+
			"read again", model.PartUsers)
	case now[model.PartGroups].N > 0 && x.Target[model.PartMemberships].Complete():
		x.markUnknown(&x.Target, "the target lists no user, so that who is in its groups cannot be told",
			model.PartMemberships)
	}
}

// checkSuddenlyEmpty: what was not empty in the last complete read is, and a few of its records are not gone by their
// ids.
func (x *relations) checkSuddenlyEmpty() {
	kinds := [2][3]model.AskKind{
		{model.AskUser, model.AskRole, model.AskRoles}, // users, groups, memberships
		// That groups which are there show nobody any more they cannot bear out themselves.
		{model.AskTargetRecord, model.AskGroupRecord, model.AskGroupRecord},
	}
	for side, coverages := range []*model.Coverages{&x.Source, &x.Target} {
		for _, part := range []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships} {
			held := x.Earlier[side][part]
			if !coverages[part].Complete() || x.Now[side][part].N > 0 || held.N == 0 {
				continue
			}
			ids := held.IDs[:min(len(held.IDs), recordsAsked)]
			hidden := kinds[side][part] == model.AskGroupRecord && x.Now[side][model.PartGroups].N > 0
			gone := len(ids) > 0 && !hidden
			for _, id := range ids {
				reply, answered := x.ask(kinds[side][part], id)
				gone = gone && answered && !showsRecords(kinds[side][part], &reply)
			}
			if !gone {
				x.markUnknown(coverages,
					fmt.Sprintf("nothing was listed, but %d were read last time; look whether that "+
						"is true, and read again", held.N), part)
			}
		}
	}
}

// showsRecords reports whether the answer to a question shows that a part is not empty.
func showsRecords(kind model.AskKind, a *model.Reply) bool {
	switch kind { //nolint:exhaustive // of the others it is enough that they are there
	case model.AskUser:
		return a.Found && a.User.Assigned
	case model.AskRoles:
		return a.Found && (len(a.User.RoleIDs) > 0 || a.User.RoleIDs == nil)
	}
	return a.Found
}
