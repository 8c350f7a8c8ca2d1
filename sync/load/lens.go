package load

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/scimdrift/scimdrift/model"
)

// Lens reads a target by another way than SCIM: AWS's own APIs (identitycenter.Client).
type Lens interface {
	Users(ctx context.Context, told progress) ([]model.User, model.Coverage)
	Groups(ctx context.Context, told progress) ([]model.Group, model.Coverage)
	Members(ctx context.Context, groupIDs []string, told progress) []model.MemberList
	MembersOf(ctx context.Context, groupID string) (model.MemberList, error)
	NamedGroups(ctx context.Context, userID string) (groups []string, told bool, err error)
	GroupsOf(ctx context.Context, userID string) (groups []model.GroupRef, incomplete string, err error)
	// Prove fails unless the lens knows a record of those that the target has just shown: then both read one directory.
	Prove(ctx context.Context, users, groups []string) error
	Unreadable() model.FieldSet
	Requests() int
}

// Lensed is a target whose lists a lens completes where the target cuts them off, and whose members it reads where
// the target cannot. The lens is believed only after it was proven to read the same directory. What it cannot do
// leaves the target's own coverage, with its reason, as it was.
type Lensed struct {
	Target

	lens Lens

	proven atomic.Bool
	// usersByLens: the last users came from the lens.
	usersByLens atomic.Bool

	mu sync.Mutex
	// users and groups are ids that the target has shown, and by which the proof goes.
	users, groups []string
}

// NewLensed puts a lens before a target.
func NewLensed(target Target, lens Lens) *Lensed { return &Lensed{Target: target, lens: lens} }

// Recall takes up ids that the target has shown to an earlier program, for the proof.
func (l *Lensed) Recall(_ context.Context, users []model.User, groups []model.Group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users = append(l.users, model.Map(users[:min(len(users), recalledIDs)], userID)...)
	l.groups = append(l.groups, model.Map(groups[:min(len(groups), recalledIDs)], groupID)...)
}

// recalledIDs is how many ids are taken up: some may have gone since.
const recalledIDs = 10

// Requests counts those of both.
func (l *Lensed) Requests() int { return l.Target.Requests() + l.lens.Requests() }

// Proven fails unless lens and target show one directory, which it makes sure of once.
func (l *Lensed) Proven(ctx context.Context) error {
	if l.proven.Load() {
		return nil
	}
	l.mu.Lock()
	users, groups := l.users, l.groups
	l.mu.Unlock()
	err := l.lens.Prove(ctx, users, groups)
	if err != nil && groups == nil && ctx.Err() == nil {
		// Users and groups are read at the same time. That the groups were not there yet must not decide what can be
		// proven; nor must it that a program which has listed nothing has single records to read.
		listed, _ := l.Target.Groups(ctx, func(int, int) {})
		if groups = l.recordShown(&l.groups, model.Map(listed, groupID)); len(groups) > 0 {
			err = l.lens.Prove(ctx, users, groups)
		}
	}
	if err == nil {
		l.proven.Store(true)
	}
	return err
}

// withLensFailure adds to a coverage why the lens could not better it.
func withLensFailure(c model.Coverage, why string) model.Coverage {
	return model.Coverage{State: c.State, Reason: c.Reason + "; the AWS lens could not complete it: " + why}
}

// Users lists the users by SCIM and, where that does not give all of them, by the lens.
func (l *Lensed) Users(ctx context.Context, told progress) ([]model.User, model.Coverage) {
	users, coverage := l.Target.Users(ctx, told)
	l.recordShown(&l.users, model.Map(users, userID))
	merge := func(shown, known model.User) model.User {
		if l.Target.Unreadable() != 0 { // fields that the lens may have
			return known
		}
		shown.CreatedBy = known.CreatedBy
		return shown
	}
	all, read, completed := completeBy(ctx, l, users, coverage, merge, "user", userID,
		func() ([]model.User, model.Coverage) { return l.lens.Users(ctx, told) })
	l.usersByLens.Store(completed)
	return all, read
}

func userID(u *model.User) string   { return u.ID }
func groupID(g *model.Group) string { return g.ID }
func roleID(r *model.Role) string   { return r.ID }

// completeBy gives a list that the target cut off with the rest of it by the lens, if the lens has all that the target
// shows. merge makes one of what both say of a record: the lens may lag behind the service that is written to, which
// does not say all that the lens says.
func completeBy[T any](
	ctx context.Context, l *Lensed, shown []T, coverage model.Coverage, merge func(shown, known T) T, what string,
	id func(*T) string, list func() ([]T, model.Coverage),
) (all []T, read model.Coverage, completed bool) {
	if coverage.Complete() || ctx.Err() != nil {
		return shown, coverage, false
	}
	if err := l.Proven(ctx); err != nil {
		return shown, withLensFailure(coverage, err.Error()), false
	}
	all, read = list()
	if !read.Complete() {
		return shown, withLensFailure(coverage, read.Reason), false
	}
	at := make(map[string]int, len(all))
	for i := range all {
		at[id(&all[i])] = i
	}
	for i := range shown {
		k, there := at[id(&shown[i])]
		if !there {
			why := "its list lacks the " + what + " " + id(&shown[i]) + ", which SCIM shows; read again"
			return shown, withLensFailure(coverage, why), false
		}
		all[k] = merge(shown[i], all[k])
	}
	return all, read, true
}

// Unreadable is that of whoever listed the users last.
func (l *Lensed) Unreadable() model.FieldSet {
	if l.usersByLens.Load() {
		return l.lens.Unreadable()
	}
	return l.Target.Unreadable()
}

// Groups lists the groups by SCIM and, where that does not give all of them, by the lens.
func (l *Lensed) Groups(ctx context.Context, told progress) ([]model.Group, model.Coverage) {
	groups, coverage := l.Target.Groups(ctx, told)
	l.recordShown(&l.groups, model.Map(groups, groupID))
	merge := func(shown, known model.Group) model.Group {
		shown.CreatedBy = known.CreatedBy
		if shown.Created.IsZero() {
			shown.Created = known.Created
		}
		return shown
	}
	all, read, _ := completeBy(ctx, l, groups, coverage, merge, "group", groupID,
		func() ([]model.Group, model.Coverage) { return l.lens.Groups(ctx, told) })
	return all, read
}

// recordShown keeps the ids of users or groups that the target has shown.
func (l *Lensed) recordShown(in *[]string, ids []string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	*in = ids
	return ids
}

// Memberships reads the members by SCIM, and those that it does not tell by the lens.
func (l *Lensed) Memberships(
	ctx context.Context, users []model.User, groups []model.Group, expect []int, told progress,
) ([]model.MemberList, model.Coverage, []model.User) {
	lists, coverage, extra := l.Target.Memberships(ctx, users, groups, expect, told)
	if coverage.Complete() || ctx.Err() != nil {
		return lists, coverage, extra
	}
	var at []int
	var ids []string
	for i := range groups {
		if lists[i].Unknown != "" {
			at, ids = append(at, i), append(ids, groups[i].ID)
		}
	}
	if err := l.Proven(ctx); err != nil {
		return lists, withLensFailure(coverage, err.Error()), extra
	}
	for i, list := range l.lens.Members(ctx, ids, told) {
		if list.Unknown != "" {
			list.Unknown = lists[at[i]].Unknown + "; the AWS lens could not read them: " + list.Unknown
		}
		lists[at[i]] = list
	}
	extra = append(extra, l.resolveUnlistedMembers(ctx, append(slices.Clone(users), extra...), lists, at)...)
	sum := model.CoverageOfMembers(lists)
	if sum.State == model.Unknown {
		return lists, withLensFailure(coverage, sum.Reason), extra
	}
	return lists, sum, extra
}

// MembersOf reads one group.
func (l *Lensed) MembersOf(ctx context.Context, groupID string) (model.MemberList, error) {
	list, err := l.Target.MembersOf(ctx, groupID)
	if err != nil || list.Unknown == "" {
		return list, err
	}
	why := l.Proven(ctx)
	if why == nil {
		var better model.MemberList
		if better, why = l.lens.MembersOf(ctx, groupID); why == nil {
			return better, nil
		}
	}
	list.Unknown += "; the AWS lens could not read them: " + why.Error()
	return list, nil
}

// NamedGroups reads the ids of the groups of one user.
func (l *Lensed) NamedGroups(ctx context.Context, userID string) ([]string, bool, error) {
	groups, told, err := l.Target.NamedGroups(ctx, userID)
	if told || err != nil || l.Proven(ctx) != nil {
		return groups, told, err
	}
	return l.lens.NamedGroups(ctx, userID)
}

// GroupsOf reads the groups of one user.
func (l *Lensed) GroupsOf(ctx context.Context, userID string) ([]model.GroupRef, string, error) {
	groups, incomplete, err := l.Target.GroupsOf(ctx, userID)
	if err != nil || incomplete == "" {
		return groups, incomplete, err
	}
	why := l.Proven(ctx)
	if why == nil {
		var better []model.GroupRef
		var rest string
		if better, rest, why = l.lens.GroupsOf(ctx, userID); why == nil {
			return better, rest, nil
		}
	}
	return groups, incomplete + "; the AWS lens could not read them: " + why.Error(), nil
}
