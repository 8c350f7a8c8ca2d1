package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Read is Load for those who have no watch of their own: what WatchReads was given is told how it goes.
func (l *Loader) Read(ctx context.Context) (*drift.Comparison, error) {
	l.mu.Lock()
	watch := l.readsWatch
	l.mu.Unlock()
	return l.Load(ctx, watch)
}

// WatchReads says who is told of the progress of later Reads.
func (l *Loader) WatchReads(watch drift.Watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readsWatch = watch
}

// Last is the last comparison with everything that was patched into it; nil before the first. It does not wait for a
// load that is under way.
func (l *Loader) Last() *drift.Comparison {
	if _, shown := l.lastReading(); shown != nil {
		return shown()
	}
	return nil
}

// lastReading is the last reading with what gives its comparison; nil before the first.
func (l *Loader) lastReading() (last *reading, shown func() *drift.Comparison) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.lastComparison
}

// setLast makes a reading the last one. The caller holds changingMu, and changes the reading no more.
func (l *Loader) setLast(r *reading, c *drift.Comparison) {
	l.setLastUncompared(r, func() *drift.Comparison { return c })
}

// setLastUncompared is setLast for a reading that is compared when somebody asks for its comparison.
func (l *Loader) setLastUncompared(r *reading, compare func() *drift.Comparison) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.lastComparison = r, compare
}

// Recheck reads again what a question asks of the source, then has look read what it asks of the target, patches both
// into the last reading, and compares: what is about to be written rests on it. Answers of a moment ago, in the same
// run, serve again. It never makes do with less than the last reading had: a part that is not read in full now and
// was then, or that is suddenly empty, is an error, and so is a record that cannot be read. On an error nothing is
// patched. A question without a source part only patches.
func (l *Loader) Recheck(
	ctx context.Context, q model.Question, look func(ctx context.Context) (*plan.Observation, error),
) (*drift.Comparison, error) {
	return l.changeLast(ctx, true, func(r *reading) (*drift.Comparison, error) {
		if q.FromSource() {
			if err := l.recheckSource(ctx, r, q); err != nil {
				return nil, err
			}
		}
		seen, err := look(ctx)
		if err != nil {
			return nil, err
		}
		r.patchTarget(seen, l.opts.Groups.Ignores)
		l.noteChange(seen)
		r.patchAssignments(seen)
		l.patchDangling(r, seen)
		r.dropReplies(seen)
		r.recordReplies(seen, l.opts.Now())
		if q.Strangers { // the records may carry other keys than those that were asked by before
			if err := l.recheckUsers(ctx, r, q, slices.Collect(maps.Keys(seen.Users))); err != nil {
				return nil, err
			}
		}
		c := r.compare(l.opts)
		if ids := takingFindings(c, q); q.FromSource() && len(ids) > 0 {
			a := &asker{loader: l, r: r}
			a.dropStale(c.Questions(r.options(l.opts), ids...))
			c = a.verifyFindings(ctx, c, ids...)
		}
		return c, nil
	})
}

// takingFindings are the findings about the target's records of a question that are ended by taking something away.
func takingFindings(c *drift.Comparison, q model.Question) (ids []string) {
	for i := range c.Findings {
		f := &c.Findings[i]
		switch f.Kind {
		case model.UserLingering, model.UserStillActive, model.GroupLingering, model.GroupUnclaimed, model.GroupRenamed,
			model.MembersExtra:
		default: // what ends the others takes nothing
			continue
		}
		if id := f.Subject.TargetID; id != "" &&
			(slices.Contains(q.TargetUsers, id) || slices.Contains(q.TargetGroups, id)) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// BearOut asks directly about the findings with these ids, outside the budget of a load, and gives the last comparison
// with what was answered: what somebody picked becomes certain or falls.
func (l *Loader) BearOut(ctx context.Context, ids ...string) (*drift.Comparison, error) {
	return l.changeLast(ctx, false, func(r *reading) (*drift.Comparison, error) {
		c := l.Last()
		a := &asker{loader: l, r: r, afterLoad: r.renewed}
		a.dropStale(c.Questions(r.options(l.opts), ids...))
		if l.readStrandedAssignments(ctx, r, c, ids) {
			c = r.compare(l.opts)
		}
		return a.verifyFindings(ctx, c, ids...), nil
	})
}

// changeLast has a copy of the last reading changed and compared, and makes it the last one unless that fails. It waits
// for its turn, which no load takes longer than it has to put what it read in the place of the last reading. sizes: how
// much there is of each part is remembered.
func (l *Loader) changeLast(
	ctx context.Context, sizes bool, by func(r *reading) (*drift.Comparison, error),
) (*drift.Comparison, error) {
	release, err := l.changingMu.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	last, _ := l.lastReading()
	if last == nil {
		return nil, ErrNothingLoaded
	}
	r := last.clone()
	c, err := by(&r)
	switch {
	case ctx.Err() != nil: // then no answer says anything, whatever became of it
		return nil, cancelledError(ctx)
	case err != nil:
		return c, err
	}
	if sizes {
		l.remember(&r)
	}
	l.setLast(&r, c)
	return c, nil
}

// clone is the reading with lists of its own; those of users are long, and patchUsers copies them.
func (r *reading) clone() reading {
	c := *r
	c.Source.Roles = slices.Clone(r.Source.Roles)
	c.Target.Groups, c.Target.Members = slices.Clone(r.Target.Groups), slices.Clone(r.Target.Members)
	c.Replies, c.recent = maps.Clone(r.Replies), maps.Clone(r.recent)
	return c
}

func (l *Loader) recheckSource(ctx context.Context, r *reading, q model.Question) error {
	if q.Grouping { // before the users, because the rules say what of them is read
		if err := l.rereadGrouping(ctx, r); err != nil {
			return err
		}
	}
	if err := l.recheckUsers(ctx, r, q, q.TargetUsers); err != nil {
		return err
	}
	return l.judgeReread(ctx, r, q.Grouping)
}

// judgeReread judges anew what is empty, and refuses what is less than the last reading had.
func (l *Loader) judgeReread(ctx context.Context, r *reading, grouping bool) error {
	l.recheckRelations(ctx, r)
	last, _ := l.lastReading()
	return r.refuseWorse(last, grouping)
}

// recheckRelations judges anew what is empty: what an earlier read was answered says nothing of this one.
func (l *Loader) recheckRelations(ctx context.Context, r *reading) {
	before := r.Replies
	r.Replies = nil
	(&asker{loader: l, r: r}).judgeRelations(ctx)
	if before != nil {
		maps.Copy(before, r.Replies)
		r.Replies = before
	}
}

// dropReplies drops the answers about records of the target that were read again since, or changed.
func (r *reading) dropReplies(seen *plan.Observation) {
	about := map[string]bool{}
	for id, user := range seen.Users {
		if about[id] = true; user != nil {
			about[user.UserName] = true
		}
	}
	for id, group := range seen.Groups {
		if about[id] = true; group != nil {
			about[group.Name] = true
		}
	}
	for id := range seen.Members {
		about[id] = true
	}
	delete(about, "") // which is what the lists are asked for by
	r.dropRepliesWhere(func(q model.Ask) bool {
		return sideOf(q) == model.TargetSide && (about[q.ID] || q.Kind == model.AskGroupsOf && len(seen.Members) > 0)
	})
}

func (r *reading) dropRepliesWhere(these func(q model.Ask) bool) {
	maps.DeleteFunc(r.Replies, func(q model.Ask, _ model.Reply) bool { return these(q) })
	maps.DeleteFunc(r.recent, func(q model.Ask, _ bool) bool { return these(q) })
}

// recordReplies takes what was read of the target by itself for the answers to the questions that ask for the same.
func (r *reading) recordReplies(seen *plan.Observation, at time.Time) {
	for id, user := range seen.Users {
		reply := model.Reply{At: at, Found: user != nil}
		if user != nil {
			reply.User = *user
		}
		r.keepReply(model.Ask{Kind: model.AskTargetRecord, ID: id}, reply)
	}
	for id, group := range seen.Groups {
		reply := model.Reply{At: at, Found: group != nil}
		if group != nil {
			reply.Group = *group
		}
		r.keepReply(model.Ask{Kind: model.AskGroupRecord, ID: id}, reply)
	}
	for id, members := range seen.Members {
		r.keepReply(model.Ask{Kind: model.AskMembers, ID: id}, model.Reply{At: at, Found: true, Members: members})
	}
}

// refuseWorse refuses a reading of which a part of the source is less complete than in the last one, or of which the
// groups that were asked for are not complete. The other parts may be as incomplete as they were: what a plan depends
// on was complete when it was made.
func (r *reading) refuseWorse(last *reading, grouping bool) error {
	for _, p := range model.SourceParts() {
		now, before := r.Source.Coverage[p], last.Source.Coverage[p]
		if now.Settled() {
			continue
		}
		if before.Complete() || before.State == model.Partial && now.State == model.Unknown || grouping &&
			p == model.PartGroups {
			return fmt.Errorf("OneLogin's %s were not read in full: %s", p, now.Reason)
		}
	}
	return nil
}

// patchTarget puts records of the target that were read by themselves in place of those of the list.
func (r *reading) patchTarget(seen *plan.Observation, ignores func(name string) bool) {
	r.Target.Users = patchUsers(r.Target.Users, seen.Users)
	r.Target.Provenance = slices.Concat(r.Target.Provenance, seen.Made)
	for id, group := range seen.Groups {
		if group == nil || ignores(group.Name) {
			r.removeGroup(id)
			continue
		}
		r.patchGroup(*group)
	}
	for id, members := range seen.Members {
		if at := r.groupIndex(id); at >= 0 {
			r.patchMembers(at, members)
		}
	}
}

// patchUsers gives users with records in the place of those with their ids, less those that are gone, in one walk.
func patchUsers(users []model.User, now map[string]*model.User) []model.User {
	if len(now) == 0 {
		return users
	}
	out, there := make([]model.User, 0, len(users)+len(now)), make(map[string]bool, len(now))
	for i := range users {
		id := users[i].ID
		record, known := now[id]
		there[id] = there[id] || known
		switch {
		case !known:
			out = append(out, users[i])
		case record != nil:
			out = append(out, *record)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if record := now[id]; record != nil && !there[id] {
			out = append(out, *record)
		}
	}
	return out
}

// userByID is what a question found of a user, as patchUsers takes it; the answer may give another id.
func userByID(id string, reply *model.Reply) map[string]*model.User {
	now := map[string]*model.User{id: nil}
	if reply.Found {
		now[reply.User.ID] = &reply.User
	}
	return now
}

// patchAnswer puts what was found about one record in place of what the lists said.
func (r *reading) patchAnswer(q model.Ask, reply *model.Reply, ignores func(name string) bool) {
	seen := &plan.Observation{}
	switch q.Kind { //nolint:exhaustive // the others ask for what is compared as a whole
	case model.AskTargetRecord:
		seen.Users = map[string]*model.User{q.ID: &reply.User}
	case model.AskGroupRecord:
		seen.Groups = map[string]*model.Group{q.ID: &reply.Group}
	case model.AskMembers:
		seen.Members = map[string]model.MemberList{q.ID: reply.Members}
	case model.AskUser, model.AskRoles:
		user := reply.User
		if user.RollOnly {
			return
		}
		if at := slices.IndexFunc(r.Source.Users, func(u model.User) bool { return u.ID == q.ID }); at >= 0 {
			if q.Kind == model.AskRoles {
				user.Assigned = r.Source.Users[at].Assigned
			}
			r.patchRoles(q.ID, user.RoleIDs, true)
			user.RoleIDs = nil
			r.Source.Users = patchUsers(r.Source.Users, map[string]*model.User{q.ID: &user})
		}
	}
	r.patchTarget(seen, ignores)
}

// groupIndex finds a group of the target by its id, -1 if there is none.
func (r *reading) groupIndex(id string) int {
	return slices.IndexFunc(r.Target.Groups, func(g model.Group) bool { return g.ID == id })
}

// patchGroup puts a group in its place, or adds it; the members of one that is new are not known yet.
func (r *reading) patchGroup(group model.Group) {
	if at := r.groupIndex(group.ID); at >= 0 {
		r.Target.Groups[at] = group
		return
	}
	r.Target.Groups = append(r.Target.Groups, group)
	r.patchMembers(len(r.Target.Groups)-1, model.MemberList{Unknown: notRead})
}

func (r *reading) patchMembers(at int, members model.MemberList) {
	for len(r.Target.Members) <= at {
		r.Target.Members = append(r.Target.Members, model.MemberList{Unknown: notRead})
	}
	r.Target.Members[at] = members
}

// notRead is why the members of a group that has just come are not known.
const notRead = "not read"
