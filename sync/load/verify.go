package load

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
)

// A finding that says "absent" rests on a list that may have skipped a row while it was walked: neither service promises
// a stable order. So the first few absences are asked for by name before they are believed. The cost follows the
// findings, not the directory: at most lookupShare of the requests that the load has taken of a side, and at least its
// floor. OneLogin's is lower, because its calls are counted by the hour and shared with its own provisioner.
const (
	sourceFloor = 8
	targetFloor = 25
	lookupShare = 0.03
)

// verify looks up what is said to be absent and compares again if anything was there after all. before are the requests
// of each side when the load began.
func (l *Loader) verify(ctx context.Context, before [2]int, r *reading, c *model.Comparison) *model.Comparison {
	v := verifier{loader: l, r: r, c: c, carriesRoles: r.carriesRoles()}
	for _, side := range []Side{SourceSide, TargetSide} {
		sent := v.sent(side)
		v.limit[side] = sent + budget(side, sent-before[side])
	}
	v.knownUsers(ctx)
	// What no event explains comes first: it is what a skipped row looks like.
	for _, explained := range []bool{false, true} {
		for i := range c.Findings {
			if ctx.Err() != nil {
				return c
			}
			if f := &c.Findings[i]; explained == (f.Cause != model.CauseUnknown) {
				v.lookUp(ctx, f)
			}
		}
	}
	if !v.changed {
		return c
	}
	return r.compare(l.opts)
}

func budget(side Side, requests int) int {
	floor := sourceFloor
	if side == TargetSide {
		floor = targetFloor
	}
	return max(floor, int(float64(requests)*lookupShare))
}

type verifier struct {
	loader *Loader
	r      *reading
	c      *model.Comparison
	// limit is how many requests each side may have sent when the last lookup is done.
	limit [2]int
	// named are the users that were found by the ids that lingering records carry.
	named []model.User
	// carriesRoles: the target's groups carry role ids, so that a renamed one can be found by it.
	carriesRoles bool
	changed      bool
}

func (v *verifier) sent(side Side) int {
	if side == SourceSide {
		return v.loader.source.Requests()
	}
	return v.loader.target.Requests()
}

// left is how many requests a side may still take. It goes by what was really sent, because a lookup may take more than
// one: by name, by its folded form, by external id, and retries.
func (v *verifier) left(side Side) int { return v.limit[side] - v.sent(side) }

func (v *verifier) lookUp(ctx context.Context, f *model.Finding) {
	switch f.Kind { //nolint:exhaustive // only these say that something is absent
	case model.UserUnsynced:
		v.targetUser(ctx, f)
	case model.GroupMissing:
		v.targetGroup(ctx, f)
	case model.UserLingering:
		v.sourceUser(ctx, f)
	}
}

// nameCost is how many requests a lookup by name may take: a target that minds the case is asked for the folded form too.
func nameCost(name string) int {
	if model.Fold(name) != name {
		return 2
	}
	return 1
}

func (v *verifier) targetUser(ctx context.Context, f *model.Finding) {
	src := &v.c.Source.Users[f.Source]
	cost := nameCost(src.UserName)
	if src.ExternalID != "" {
		cost++
	}
	if v.left(TargetSide) < cost {
		return
	}
	user, found, err := v.loader.target.FindUser(ctx, src.UserName, src.ExternalID)
	if err != nil || !found || slices.ContainsFunc(v.r.tusers, func(u model.User) bool { return u.ID == user.ID }) {
		return
	}
	v.r.tusers = append(slices.Clip(v.r.tusers), user)
	v.leftOut(TargetSide, model.PartUsers, "users")
	v.doubtMembers(f.Source, user.ID)
	v.changed = true
}

// doubtMembers marks the groups in which a user should be whom the list had left out. Members that were asked for by group
// name him all the same; asked for by user they do not, because nobody asked about him, and then he is in none.
func (v *verifier) doubtMembers(source int32, id string) {
	if slices.ContainsFunc(v.r.members, func(l model.MemberList) bool { return slices.Contains(l.IDs, id) }) {
		return
	}
	v.leftOut(TargetSide, model.PartMemberships, "members")
	for s := range v.c.Source.Groups {
		t := v.c.Groups.ToTarget[s]
		if t == model.None || int(t) >= len(v.r.members) || v.r.members[t].Unknown != "" {
			continue
		}
		if _, wanted := slices.BinarySearch(v.c.Source.Members.Of(s), source); wanted {
			v.r.members[t].Unknown = "a user whom the list of users left out may be in it; read again"
		}
	}
}

func (v *verifier) targetGroup(ctx context.Context, f *model.Finding) {
	cost, roleID := nameCost(f.Subject.Name), v.carriedRole(f)
	if roleID != "" {
		cost++ // it may be there under another name
	}
	if v.left(TargetSide) < cost {
		return
	}
	group, found, err := v.loader.target.FindGroup(ctx, f.Subject.Name, roleID)
	if err != nil || !found || slices.ContainsFunc(v.r.tgroups, func(g model.Group) bool { return g.ID == group.ID }) {
		return
	}
	// Its members were not read with the others', so SetMembers marks them as unknown.
	v.r.tgroups = append(slices.Clip(v.r.tgroups), group)
	v.leftOut(TargetSide, model.PartGroups, "groups")
	v.leftOut(TargetSide, model.PartMemberships, "groups")
	v.changed = true
}

// carriedRole is the role id that the group of a finding would carry at this target, "" if its groups carry none.
func (v *verifier) carriedRole(f *model.Finding) string {
	if !v.carriesRoles {
		return ""
	}
	return v.c.Source.Groups[f.Source].ExternalID
}

// carriesRoles reports whether any target group has the id of a role as external id.
func (r *reading) carriesRoles() bool {
	roles := make(map[string]bool, len(r.roles))
	for i := range r.roles {
		roles[r.roles[i].ID] = true
	}
	return slices.ContainsFunc(r.tgroups, func(g model.Group) bool { return roles[g.ExternalID] })
}

// knownUsers asks, for all lingering records that carry a OneLogin id at once, which of these users still exist: they
// are not on the app's roll, so they lost the app.
func (v *verifier) knownUsers(ctx context.Context) {
	const askedAtOnce = 50
	ids := v.carriedIDs()
	ids = ids[:min(len(ids), askedAtOnce*max(v.left(SourceSide), 0))]
	if len(ids) == 0 {
		return
	}
	users, err := v.loader.source.KnownUsers(ctx, ids)
	if err != nil {
		return // the cause stays unknown
	}
	for _, user := range users {
		if slices.ContainsFunc(v.r.users, func(u model.User) bool { return u.ID == user.ID }) {
			continue
		}
		if v.left(SourceSide) >= userCost { // the roll may have skipped him
			again, found, assigned, err := v.loader.source.GetUser(ctx, user.ID)
			switch {
			case err == nil && !found:
				continue // deleted meanwhile: he did not merely lose the app
			case err == nil && assigned:
				user = again
				v.leftOut(SourceSide, model.PartUsers, "users")
			}
		}
		v.r.users = append(slices.Clip(v.r.users), user)
		v.named = append(v.named, user)
		v.changed = true
	}
}

// carriedIDs are the OneLogin ids that lingering records carry as external id.
func (v *verifier) carriedIDs() (ids []string) {
	for i := range v.c.Findings {
		f := &v.c.Findings[i]
		if f.Kind != model.UserLingering || f.Source != model.None || f.Cause == model.CauseSourceDeleted {
			continue
		}
		id := v.c.Target.Users[f.Target].ExternalID
		if _, err := strconv.ParseInt(id, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// userCost is what looking up one source user takes: the user, and the apps that it has.
const userCost = 2

// sourceUser asks whether OneLogin knows the user of a lingering record: unassigned, that is its cause; assigned, the
// roll had left it out.
func (v *verifier) sourceUser(ctx context.Context, f *model.Finding) {
	target := &v.c.Target.Users[f.Target]
	email := target.Email
	if f.Source != model.None || f.Cause == model.CauseSourceDeleted || email == "" ||
		slices.ContainsFunc(v.named, func(u model.User) bool { return u.ID == target.ExternalID }) || v.left(SourceSide) < userCost {
		return
	}
	user, found, assigned, err := v.loader.source.FindUser(ctx, email)
	if err != nil || !found || slices.ContainsFunc(v.r.users, func(u model.User) bool { return u.ID == user.ID }) {
		return
	}
	user.Assigned = assigned
	v.r.users = append(slices.Clip(v.r.users), user)
	if assigned {
		v.leftOut(SourceSide, model.PartUsers, "users")
	}
	v.changed = true
}

// leftOut makes a part partial, because its list left out a record that a lookup found: others may be missing too.
func (v *verifier) leftOut(side Side, part model.Part, what string) {
	coverages := &v.r.source
	if side == TargetSide {
		coverages = &v.r.target
	}
	if coverages[part].Complete() {
		coverages[part] = model.PartialCoverage(fmt.Sprintf(
			"the list left out %s that a lookup found; it changed while it was read, so read again", what))
	}
}
