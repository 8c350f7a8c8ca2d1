package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// What a list lacks, or says of one record only, is asked for by another way before it is believed: no service promises
// a stable order, and lists are cut. Which questions, the evidence table says (drift.Comparison.Questions); here they
// are asked, as far as the budget of a load goes: lookupShare of the requests that it has taken of a side, and at least
// that side's floor. OneLogin's is lower, because its calls are counted by the hour and shared with its own
// provisioner.
const (
	sourceFloor = 25
	targetFloor = 60
	lookupShare = 0.03
	// maxRounds is how often answers may lead to further questions.
	maxRounds = 4
	// askedTogether is how many questions of a run are asked at once.
	askedTogether = 4
	// freshFor is how long an answer serves again in one run.
	freshFor = 5 * time.Second
)

type asker struct {
	loader *Loader
	r      *reading
	// limit is how many requests each side may have sent when the last question is asked; 0 is no limit.
	limit [2]int
	// c is the comparison whose findings are asked about; nil before the first.
	c *drift.Comparison
	// assembled: no record changed since both sides were put together, so that only answers are to be weighed again.
	assembled bool
	// afterLoad: the answers come later than the lists, and are taken for what has changed. Else one of the two
	// is wrong.
	afterLoad bool
}

// newAsker makes one with the budget of a load; before are the requests of each side when the load began.
func (l *Loader) newAsker(r *reading, before [2]int) *asker {
	a := &asker{loader: l, r: r}
	for _, side := range []model.Side{model.SourceSide, model.TargetSide} {
		sent := a.requestsSent(side)
		a.limit[side] = sent + max([2]int{sourceFloor, targetFloor}[side], int(float64(sent-before[side])*lookupShare))
	}
	if r.sourceKept {
		a.limit[model.SourceSide] = before[model.SourceSide] + lookCalls - 1 // a no takes another call as its control
	}
	return a
}

func (a *asker) requestsSent(side model.Side) int {
	if side == model.SourceSide {
		return a.loader.source.Requests()
	}
	return a.loader.target.Requests()
}

// requestsLeft is how many requests a side may still take. It goes by what was really sent, because a question may take
// more than one: by every spelling of a name, by external id, and retries.
func (a *asker) requestsLeft(side model.Side) int {
	if a.limit[side] == 0 {
		return 1 << 30
	}
	return a.limit[side] - a.requestsSent(side)
}

// judgeRelations judges what is empty, asking where answers could change that.
func (a *asker) judgeRelations(ctx context.Context) {
	for n := 0; ; n++ {
		source, target, asks := drift.CheckCoverage(a.loader.relations(a.r), a.r.Replies)
		if n == maxRounds || !a.ask(ctx, asks) {
			a.r.Source.Coverage, a.r.Target.Coverage = source, target
			return
		}
	}
}

// verifyFindings asks what would bear out or disprove the findings with these ids, or all, and compares again.
func (a *asker) verifyFindings(ctx context.Context, c *drift.Comparison, ids ...string) *drift.Comparison {
	for range maxRounds {
		a.c = c
		if !a.ask(ctx, c.Questions(a.r.options(a.loader.opts), ids...)) || ctx.Err() != nil {
			return c
		}
		a.c = nil // it is large, and another one is about to stand beside it
		c = a.compare()
	}
	return c
}

// compare compares again, and puts both sides together where they have changed.
func (a *asker) compare() *drift.Comparison {
	if a.assembled {
		return a.r.compareAssembled(a.loader.opts)
	}
	a.assembled = true
	return a.r.compare(a.loader.opts)
}

// ask asks what was not asked yet, and reports whether anything was.
func (a *asker) ask(ctx context.Context, asks []model.Ask) (asked bool) {
	ctx = transport.BeginPart(ctx)
	var open []model.Ask
	seen := map[model.Ask]bool{}
	for _, q := range asks {
		if _, known := a.r.Replies[q]; !known && !seen[q] {
			seen[q], open = true, append(open, q)
		}
	}
	at := 1 // one by one, because each answer may use up what is left
	if a.limit == [2]int{} {
		at = askedTogether
	}
	for some := range slices.Chunk(open, at) {
		if ctx.Err() != nil {
			return asked
		}
		if a.requestsLeft(sideOf(some[0])) < requestsFor(some[0]) {
			continue
		}
		replies := make([]model.Reply, len(some))
		var group sync.WaitGroup
		for i, q := range some {
			group.Go(func() { replies[i] = a.loader.answer(ctx, q) })
		}
		group.Wait()
		for i, q := range some {
			a.r.keepReply(q, replies[i])
			a.addFound(q, &replies[i])
		}
		asked = true
	}
	return asked
}

func (r *reading) keepReply(q model.Ask, reply model.Reply) {
	if r.Replies == nil {
		r.Replies = model.Replies{}
	}
	if r.recent == nil {
		r.recent = map[model.Ask]bool{}
	}
	r.Replies[q], r.recent[q] = reply, true
}

// askAgain asks anew what was not asked a moment ago. A question that is not answered is an error.
func (a *asker) askAgain(ctx context.Context, asks []model.Ask) error {
	a.dropStale(asks)
	a.ask(ctx, asks)
	for _, q := range asks {
		if reply := a.r.Replies[q]; reply.Failed != "" {
			return errors.New(reply.Failed)
		}
	}
	return nil
}

// dropStale drops answers that were not given a moment ago: what is about to be written rests on answers of now.
func (a *asker) dropStale(asks []model.Ask) {
	for _, q := range asks {
		if !a.r.recent[q] || !a.loader.isFresh(a.r.Replies[q].At) {
			delete(a.r.Replies, q)
		}
	}
}

// isFresh reports whether an answer of that moment serves again. The zero time is that of no answer.
func (l *Loader) isFresh(at time.Time) bool {
	age := l.opts.Now().Sub(at)
	return !at.IsZero() && age >= 0 && age <= freshFor
}

func sideOf(q model.Ask) model.Side {
	switch q.Kind { //nolint:exhaustive // the others are the target's
	case model.AskUser, model.AskRoles, model.AskEmail, model.AskRole, model.AskRoleList, model.AskRules:
		return model.SourceSide
	}
	return model.TargetSide
}

// requestsFor is about how many requests a question takes.
func requestsFor(q model.Ask) int {
	switch q.Kind { //nolint:exhaustive // the others take one
	case model.AskUser, model.AskEmail, model.AskRole, model.AskRules:
		return 2
	case model.AskTargetUser, model.AskTargetGroup:
		folded := model.Fold(q.ID) != q.ID // a target that minds the case is asked for that form too
		return model.CountIf([]bool{q.ID != "", folded, q.ExternalID != ""}, func(asked bool) bool { return asked })
	}
	return 1
}

func (l *Loader) answer(ctx context.Context, q model.Ask) (reply model.Reply) {
	var err error
	switch q.Kind {
	case model.AskUser:
		reply.User, reply.Found, err = l.source.GetUser(ctx, q.ID)
	case model.AskRoles:
		reply.User, reply.Found, err = l.source.ReadUser(ctx, q.ID)
	case model.AskEmail:
		reply.User, reply.Found, err = l.source.FindUser(ctx, q.ID)
	case model.AskRole:
		reply.Role, reply.Found, err = l.source.GetRole(ctx, q.ID)
	case model.AskRoleList:
		reply, _ = l.listRoles(ctx, true)
	case model.AskRules:
		var coverage model.Coverage
		if reply.Rules, _, coverage = l.source.Rules(ctx); !coverage.Complete() {
			reply.Failed = coverage.String()
		}
		reply.Found = true
	case model.AskTargetUser:
		reply.User, reply.Found, err = l.target.FindUser(ctx, q.ID, q.ExternalID)
	case model.AskTargetGroup:
		reply.Group, reply.Found, err = l.target.FindGroup(ctx, q.ID, q.ExternalID)
	case model.AskTargetRecord:
		reply.User, reply.Found, err = l.target.GetUser(ctx, q.ID)
	case model.AskGroupRecord:
		reply.Group, reply.Found, err = l.target.GetGroup(ctx, q.ID)
	case model.AskMembers:
		reply.Members, err = l.target.MembersOf(ctx, q.ID)
		reply.Found = true
	case model.AskGroupsOf:
		var told bool
		reply.Groups, told, err = l.target.NamedGroups(ctx, q.ID)
		reply.Found, reply.Unsupported = true, !told
	}
	if reply.At = l.opts.Now(); err != nil {
		reply.Failed = err.Error()
	}
	return reply
}

// listRoles asks for all roles by name. Of a list that was not read in full no role is missing.
func (l *Loader) listRoles(ctx context.Context, appAnew bool) (reply model.Reply, coverage model.Coverage) {
	reply.Found = true
	if reply.Roles, coverage = l.source.ListRoles(ctx, appAnew); !coverage.Complete() {
		reply.Failed = coverage.String()
	}
	return reply, coverage
}

// addFound puts a record that a list lacks in its place. The list left it out, and so perhaps others, unless it has
// just come.
func (a *asker) addFound(q model.Ask, reply *model.Reply) {
	if reply.Failed != "" || !reply.Found {
		return
	}
	r := a.r
	if a.afterLoad {
		a.assembled = false
		r.patchAnswer(q, reply, a.loader.opts.Groups.Ignores)
	}
	switch q.Kind { //nolint:exhaustive // the others ask about records that a list showed
	case model.AskUser, model.AskEmail:
		if !containsUser(r.Source.Users, reply.User.ID) {
			// Whether the list left the user out is for the evidence table: the user's apps may show one that was lost.
			user := reply.User
			user.Assigned, user.RoleIDs = false, nil
			a.assembled = false
			r.Source.Users = append(slices.Clip(r.Source.Users), user)
		}
	case model.AskTargetUser:
		if !containsUser(r.Target.Users, reply.User.ID) {
			a.assembled = false
			r.Target.Users = append(slices.Clip(r.Target.Users), reply.User)
			if !a.afterLoad {
				r.markIncomplete(model.PartUsers, "users")
				a.markMembersUnknown(q.ID, reply.User.ID)
			}
		}
	case model.AskTargetGroup:
		if r.groupIndex(reply.Group.ID) < 0 && !a.loader.opts.Groups.Ignores(reply.Group.Name) {
			// Its members were not read with the others', so SetMembers marks them as unknown.
			a.assembled = false
			r.Target.Groups = append(slices.Clip(r.Target.Groups), reply.Group)
			if !a.afterLoad {
				r.markIncomplete(model.PartGroups, "groups")
				r.markIncomplete(model.PartMemberships, "groups")
			}
		}
	}
}

func containsUser(users []model.User, id string) bool {
	return slices.ContainsFunc(users, func(u model.User) bool { return u.ID == id })
}

// markIncomplete makes a part of the target partial whose list left out a record: others may be missing too.
func (r *reading) markIncomplete(part model.Part, what string) {
	if r.Target.Coverage[part].Complete() {
		r.Target.Coverage[part] = model.PartialCoverage(fmt.Sprintf(
			"the list left out %s that a lookup found; it changed while it was read, so read again", what))
	}
}

// markMembersUnknown leaves the members of the groups open in which a user should be whom the list had left out.
// Members that were asked for by group name that user all the same; asked for by user they do not, because nobody
// asked, and then the user is in none.
func (a *asker) markMembersUnknown(userName, id string) {
	r, c := a.r, a.c
	has := func(l model.MemberList) bool { return slices.Contains(l.IDs, id) }
	if c == nil || slices.ContainsFunc(r.Target.Members, has) {
		return
	}
	r.markIncomplete(model.PartMemberships, "members")
	source := slices.IndexFunc(c.Source.Users, func(u model.User) bool { return u.Assigned && u.UserName == userName })
	for s := range c.Source.Groups {
		t := c.Groups.ToTarget[s]
		if t == model.None || int(t) >= len(r.Target.Members) || r.Target.Members[t].Unknown != "" {
			continue
		}
		if _, wanted := slices.BinarySearch(c.Source.Members.Of(s), int32(source)); wanted {
			r.Target.Members[t].Unknown = "a user whom the list of users left out may be in it; read again"
		}
	}
}

// knownUsers asks, for all lingering records that carry a OneLogin id at once, which of these users exist: they are not
// on the app's list, so they lost the app.
func (a *asker) knownUsers(ctx context.Context, c *drift.Comparison) *drift.Comparison {
	const askedAtOnce = 49
	ids := carriedIDs(c)
	ids = ids[:min(len(ids), askedAtOnce*max(a.requestsLeft(model.SourceSide)/4, 0))]
	if len(ids) == 0 {
		return c
	}
	users, err := a.loader.source.KnownUsers(ctx, ids)
	if err != nil {
		return c // the cause stays unknown
	}
	var fresh []model.User
	for _, user := range users {
		if !containsUser(a.r.Source.Users, user.ID) && !containsUser(fresh, user.ID) {
			fresh = append(fresh, user)
		}
	}
	if len(fresh) == 0 {
		return c
	}
	a.r.Source.Users = slices.Concat(a.r.Source.Users, fresh) // at once: each time all users are copied
	a.assembled = false
	return a.compare()
}

// carriedIDs are the OneLogin ids that lingering records carry as external id.
func carriedIDs(c *drift.Comparison) (ids []string) {
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.UserLingering || f.Source != model.None || f.Cause == model.CauseSourceDeleted {
			continue
		}
		for _, q := range drift.AsksFor(&c.Target.Users[f.Target]) {
			if q.Kind == model.AskUser {
				ids = append(ids, q.ID)
			}
		}
	}
	return ids
}
