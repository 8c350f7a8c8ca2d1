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
// findings, not the directory: at most lookupShare of the requests that the side has taken, and at least lookupFloor.
const (
	lookupFloor = 8
	lookupShare = 0.03
)

// verify looks up what is said to be absent and compares again if anything was there after all.
func (l *Loader) verify(ctx context.Context, r *reading, c *model.Comparison) *model.Comparison {
	v := verifier{loader: l, r: r, c: c}
	v.budget[SourceSide] = budget(l.source.Requests())
	v.budget[TargetSide] = budget(l.target.Requests())
	v.knownUsers(ctx)
	for i := range c.Findings {
		if ctx.Err() != nil {
			return c
		}
		switch f := &c.Findings[i]; f.Kind { //nolint:exhaustive // only these say that something is absent
		case model.UserUnsynced:
			v.targetUser(ctx, f)
		case model.GroupMissing:
			v.targetGroup(ctx, f)
		case model.UserLingering:
			v.sourceUser(ctx, f)
		}
	}
	if !v.changed {
		return c
	}
	return r.compare(l.opts)
}

func budget(requests int) int { return max(lookupFloor, int(float64(requests)*lookupShare)) }

type verifier struct {
	loader *Loader
	r      *reading
	c      *model.Comparison
	// budget is how many requests are left for each side.
	budget [2]int
	// named are the users that were found by the ids that lingering records carry.
	named   []model.User
	changed bool
}

// spend takes from a side's budget; false means that there is none left.
func (v *verifier) spend(side Side, requests int) bool {
	if v.budget[side] < requests {
		return false
	}
	v.budget[side] -= requests
	return true
}

func (v *verifier) targetUser(ctx context.Context, f *model.Finding) {
	if !v.spend(TargetSide, 1) {
		return
	}
	src := &v.c.Source.Users[f.Source]
	user, found, err := v.loader.target.FindUser(ctx, src.UserName, src.ExternalID)
	if err != nil || !found || slices.ContainsFunc(v.r.tusers, func(u model.User) bool { return u.ID == user.ID }) {
		return
	}
	v.r.tusers = append(slices.Clip(v.r.tusers), user)
	v.leftOut(TargetSide, model.PartUsers, "users")
	// The members were asked for by group, so the user's memberships are known under its id; asked for by user, not.
	v.changed = true
}

func (v *verifier) targetGroup(ctx context.Context, f *model.Finding) {
	if !v.spend(TargetSide, 1) {
		return
	}
	group, found, err := v.loader.target.FindGroup(ctx, f.Subject.Name)
	if err != nil || !found || slices.ContainsFunc(v.r.tgroups, func(g model.Group) bool { return g.ID == group.ID }) {
		return
	}
	// Its members were not read with the others', so SetMembers marks them as unknown.
	v.r.tgroups = append(slices.Clip(v.r.tgroups), group)
	v.leftOut(TargetSide, model.PartGroups, "groups")
	v.changed = true
}

// knownUsers asks, for all lingering records that carry a OneLogin id at once, which of these users still exist: they
// are not on the app's roll, so they lost the app.
func (v *verifier) knownUsers(ctx context.Context) {
	var ids []string
	for i := range v.c.Findings {
		f := &v.c.Findings[i]
		if f.Kind != model.UserLingering || f.Source != model.None || f.Cause == model.CauseSourceDeleted {
			continue
		}
		if id := v.c.Target.Users[f.Target].ExternalID; id != "" {
			if _, err := strconv.ParseInt(id, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	const askedAtOnce = 50
	if len(ids) == 0 || !v.spend(SourceSide, (len(ids)+askedAtOnce-1)/askedAtOnce) {
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
		if v.spend(SourceSide, 2) { // the roll may have skipped him
			if again, found, assigned, err := v.loader.source.GetUser(ctx, user.ID); err == nil && found && assigned {
				user = again
				v.leftOut(SourceSide, model.PartUsers, "users")
			}
		}
		v.r.users = append(slices.Clip(v.r.users), user)
		v.named = append(v.named, user)
		v.changed = true
	}
}

// sourceUser asks whether OneLogin knows the user of a lingering record: unassigned, that is its cause; assigned, the
// roll had left it out.
func (v *verifier) sourceUser(ctx context.Context, f *model.Finding) {
	target := &v.c.Target.Users[f.Target]
	email := target.Email
	if f.Source != model.None || f.Cause == model.CauseSourceDeleted || email == "" ||
		slices.ContainsFunc(v.named, func(u model.User) bool { return u.ID == target.ExternalID }) || !v.spend(SourceSide, 2) {
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
