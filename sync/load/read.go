package load

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Load reads both sides and compares them. A part that cannot be read is no error: its coverage says so. The error is
// that of ctx.
func (l *Loader) Load(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	return l.load(ctx, watch, func(context.Context) *reading { return l.newReading() })
}

func (l *Loader) newReading() *reading {
	r := &reading{answers: l.opts.Observer.startLoad()}
	r.Source.At = model.AllAt(l.opts.Now())
	for _, p := range model.SourceParts() {
		r.Source.Coverage[p] = model.UnknownCoverage("not read yet")
	}
	return r
}

// load reads what a reading lacks that begin gives.
func (l *Loader) load(ctx context.Context, watch drift.Watch,
	begin func(context.Context) *reading,
) (*drift.Comparison, error) {
	release, err := l.loadingMu.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	ctx = transport.BeginLoad(ctx)
	w := l.startWatcher(watch)
	defer w.stop()

	r := begin(ctx)
	l.read(ctx, w, r)
	if ctx.Err() != nil {
		return nil, cancelledError(ctx)
	}
	l.rememberGone(r)
	a := l.newAsker(r, w.requestsBefore)
	a.judgeRelations(ctx)
	if ctx.Err() != nil {
		return nil, cancelledError(ctx)
	}
	if l.opts.Provenance != nil { // of roles that have swapped their names nothing else may tell
		r.Target.Provenance = l.opts.Provenance(r.Source.App.ID)
	}
	c := a.compare()
	if w.watch.Interim != nil {
		w.watch.Interim(c.AsProvisional()) // what follows asks one by one, and a person waits
	}
	c = l.askLens(ctx, r, a.verifyFindings(ctx, a.knownUsers(ctx, c)))
	if ctx.Err() != nil {
		return nil, cancelledError(ctx)
	}
	if err := l.replaceLast(ctx, r, c); err != nil { // whoever stops the details on the way goes on with what was read
		return nil, err
	}
	logins, notes := l.explainStates(ctx, w, r, c)
	if ctx.Err() != nil {
		return nil, cancelledError(ctx)
	}
	return l.finish(ctx, w, logins, notes)
}

func (l *Loader) startWatcher(watch drift.Watch) *watcher {
	w := &watcher{
		watch: watch, parts: map[partKey]*model.Progress{},
		countRequests:  [2]func() int{l.source.Requests, l.target.Requests},
		requestsBefore: [2]int{l.source.Requests(), l.target.Requests()},
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch, l.changedDuringLoad = w, &concurrentChanges{
		subjects: map[model.Subject]bool{}, seen: plan.NewObservation(),
	}
	if l.last != nil { // two readings are about to be large enough
		last := *l.last
		last.rosters = nil
		l.last = &last
	}
	return w
}

// finish adds the details to what was read, with what was patched into it meanwhile, and remembers it.
func (l *Loader) finish(
	ctx context.Context, w *watcher, logins map[string]model.Login, notes []string,
) (*drift.Comparison, error) {
	return l.changeLast(ctx, true, func(r *reading) (*drift.Comparison, error) {
		w.correctCoverages(model.SourceSide, r.Source.Coverage)
		w.correctCoverages(model.TargetSide, r.Target.Coverage)
		shown := l.Last()
		if logins != nil {
			r.Source.Logins, r.Notes = logins, append(slices.Clip(r.Notes), notes...)
			shown = r.compareAssembled(l.opts)
		}
		c := *shown // others may be reading the one that was shown
		r.Source.Requests = l.source.Requests() - w.requestsBefore[0]
		r.Target.Requests = l.target.Requests() - w.requestsBefore[1]
		c.Source.Requests, c.Target.Requests = r.Source.Requests, r.Target.Requests
		r.forgetRecent()
		// They are worked out anew where a single record is read again; until then a reading is large enough.
		r.rosters = nil
		return &c, nil
	})
}

// read runs all parts at the same time; only memberships wait, for the users and groups that they connect.
func (l *Loader) read(ctx context.Context, w *watcher, r *reading) {
	r.Target.At = model.AllAt(l.opts.Now())
	for _, p := range model.TargetParts() {
		r.Target.Coverage[p] = model.UnknownCoverage("not read yet")
	}
	p := &partReader{loader: l, w: w, r: r, last: &reading{}}
	if last, _ := l.lastReading(); last != nil {
		p.last = last
	}
	w.queuePart(model.SourceSide, model.PartMemberships, "the groups")
	w.queuePart(model.SourceSide, model.PartEvents, "users and groups")
	w.queuePart(model.TargetSide, model.PartMemberships, "users and groups")
	var source, target, lists sync.WaitGroup
	rolesRead := make(chan struct{})
	if r.sourceKept {
		close(rolesRead)
		for _, part := range model.SourceParts() {
			w.finishPart(model.SourceSide, part, r.Source.Coverage[part])
		}
	} else {
		source.Go(func() { p.readSource(ctx, &lists, rolesRead) })
	}
	target.Go(func() { p.readTargetUsers(ctx) })
	target.Go(func() { p.readTargetGroups(ctx) })
	target.Wait()
	lists.Go(func() {
		<-rolesRead
		p.readTargetMembers(ctx)
	})
	source.Wait()
	if ctx.Err() == nil {
		p.showInterim()
	}
	lists.Wait()
}

// partReader reads the parts of one load. Its lock guards the reading.
type partReader struct {
	loader *Loader
	w      *watcher

	mu sync.Mutex
	r  *reading
	// last is the reading before; an empty one before the first.
	last *reading
}

func (p *partReader) update(change func(r *reading)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p.r)
}

// readSource reads the app first, because it says which roles and users count, then the rules, which say what of them
// is read. It returns when users and roles are there; events go on in lists. rolesRead is closed when the roles are
// there or will never be.
func (p *partReader) readSource(ctx context.Context, lists *sync.WaitGroup, rolesRead chan<- struct{}) {
	l := p.loader
	app, err := l.source.App(ctx)
	if err != nil {
		p.failSource(err)
		close(rolesRead)
		return
	}
	p.update(func(r *reading) { r.Source.App = app })
	p.readRules(ctx)
	var both sync.WaitGroup
	both.Go(func() {
		defer close(rolesRead)
		progress := p.w.startPart(model.SourceSide, model.PartGroups)
		roles, groups, memberships := l.source.Roles(ctx, progress)
		shareRoles(roles, p.last.Source.Roles)
		p.update(func(r *reading) { r.takeRoles(roles, groups, memberships) })
		p.w.finishPart(model.SourceSide, model.PartGroups, groups)
		p.w.finishPart(model.SourceSide, model.PartMemberships, memberships)
	})
	both.Go(func() {
		users, coverage := l.source.Users(ctx, p.w.startPart(model.SourceSide, model.PartUsers))
		shareUsers(users, p.last.Source.Users)
		p.update(func(r *reading) { r.Source.Users, r.Source.Coverage[model.PartUsers] = users, coverage })
		p.w.finishPart(model.SourceSide, model.PartUsers, coverage)
	})
	both.Wait()
	// What happened while they were read must be among the events, which may say that it is no longer so.
	lists.Go(func() { p.readEvents(ctx) })
}

func (p *partReader) failSource(err error) {
	coverages := model.Coverages{}
	for _, part := range model.SourceParts() {
		coverages[part] = model.UnknownCoverage(err.Error())
	}
	if p.loader.opts.SkipRules {
		coverages[model.PartRules] = model.SkippedCoverage()
	}
	if p.loader.opts.SkipEvents {
		coverages[model.PartEvents] = model.SkippedCoverage()
	}
	p.update(func(r *reading) { r.Source.Coverage = coverages })
	for _, part := range model.SourceParts() {
		p.w.finishPart(model.SourceSide, part, coverages[part])
	}
}

func (p *partReader) readRules(ctx context.Context) {
	if !p.loader.opts.SkipRules {
		p.w.startPart(model.SourceSide, model.PartRules)
	}
	rules, entitlements, coverage := p.loader.readRules(ctx)
	p.update(func(r *reading) { r.takeRules(rules, entitlements, coverage) })
	p.w.finishPart(model.SourceSide, model.PartRules, coverage)
}

func (l *Loader) readRules(ctx context.Context) (rules []model.Rule, entitlements []string, coverage model.Coverage) {
	if l.opts.SkipRules {
		return nil, nil, model.SkippedCoverage()
	}
	return l.source.Rules(ctx)
}

func (r *reading) takeRules(rules []model.Rule, entitlements []string, coverage model.Coverage) {
	s := &r.Source
	s.Rules, s.Entitlements, s.Coverage[model.PartRules] = rules, entitlements, coverage
}

func (r *reading) takeRoles(roles []model.Role, groups, memberships model.Coverage) {
	s := &r.Source
	s.Roles, s.Coverage[model.PartGroups], s.Coverage[model.PartMemberships] = roles, groups, memberships
}

func (p *partReader) readEvents(ctx context.Context) {
	var events []model.Event
	coverage := model.SkippedCoverage()
	if !p.loader.opts.SkipEvents {
		progress := p.w.startPart(model.SourceSide, model.PartEvents)
		events, coverage = p.loader.source.Events(ctx, p.r.oldestPart().Add(-p.loader.opts.Window), progress)
	}
	p.update(func(r *reading) { r.Source.Events, r.Source.Coverage[model.PartEvents] = events, coverage })
	p.w.finishPart(model.SourceSide, model.PartEvents, coverage)
}

func (p *partReader) readTargetUsers(ctx context.Context) {
	users, coverage := p.loader.target.Users(ctx, p.w.startPart(model.TargetSide, model.PartUsers))
	shareUsers(users, p.last.Target.Users)
	p.update(func(r *reading) {
		r.Target.Users, r.Target.Coverage[model.PartUsers] = users, coverage
		r.Target.Unreadable = p.loader.target.Unreadable()
	})
	p.w.finishPart(model.TargetSide, model.PartUsers, coverage)
}

func (p *partReader) readTargetGroups(ctx context.Context) {
	if p.loader.opts.SkipGroups {
		p.update(func(r *reading) { r.Target.Coverage[model.PartGroups] = model.SkippedCoverage() })
		p.w.finishPart(model.TargetSide, model.PartGroups, model.SkippedCoverage())
		return
	}
	groups, coverage := p.loader.target.Groups(ctx, p.w.startPart(model.TargetSide, model.PartGroups))
	seen := p.loader.earlierPartSizes()[model.TargetSide][model.PartGroups].N
	if coverage.State == model.Skipped && seen > 0 {
		coverage = model.UnknownCoverage(fmt.Sprintf("the target says that it has no groups, and %d were read "+
			"before; look whether that is true, and read again", seen))
	}
	// Ignored groups leave here, before anybody pays for their members.
	all := len(groups)
	groups = slices.DeleteFunc(groups, func(g model.Group) bool { return p.loader.opts.Groups.Ignores(g.Name) })
	p.update(func(r *reading) {
		r.Target.Groups, r.Target.Ignored, r.Target.Coverage[model.PartGroups] = groups, all-len(groups), coverage
	})
	p.w.finishPart(model.TargetSide, model.PartGroups, coverage)
}

func (p *partReader) readTargetMembers(ctx context.Context) {
	p.mu.Lock()
	users, groups, expect := p.r.Target.Users, p.r.Target.Groups, p.expectedGroupSizes()
	usersRead, groupsRead := p.r.Target.Coverage[model.PartUsers], p.r.Target.Coverage[model.PartGroups]
	p.mu.Unlock()
	if groupsRead.State == model.Unknown || groupsRead.State == model.Skipped || usersRead.State == model.Unknown {
		coverage := groupsRead
		if usersRead.State == model.Unknown && groupsRead.State != model.Skipped {
			coverage = usersRead
		}
		p.update(func(r *reading) { r.Target.Coverage[model.PartMemberships] = coverage })
		p.w.finishPart(model.TargetSide, model.PartMemberships, coverage)
		return
	}
	lists, coverage, extra := p.loader.target.Memberships(ctx, users, groups, expect,
		p.w.startPart(model.TargetSide, model.PartMemberships))
	shareMembers(groups, lists, p.last)
	p.update(func(r *reading) {
		r.Target.Members, r.Target.Coverage[model.PartMemberships] = lists, coverage
		if len(extra) > 0 {
			r.Target.Users = append(slices.Clip(r.Target.Users), extra...)
			if r.Target.Coverage[model.PartUsers].Complete() {
				r.Target.Coverage[model.PartUsers] = model.PartialCoverage(fmt.Sprintf(
					"the list left out %d users whom groups name, and may leave out others; read again, and look at "+
						"the target why", len(extra)))
			}
		}
		if n, ok := p.loader.target.(notesProvider); ok {
			r.Notes = append(r.Notes, n.Notes()...)
		}
	})
	p.w.finishPart(model.TargetSide, model.PartMemberships, coverage)
}

// notesProvider is a target that has remarks on what it read, such as members that are groups.
type notesProvider interface {
	Notes() []string
}

// expectedGroupSizes estimates the size of each target group by the roles that carry its name; the caller holds the
// lock.
func (p *partReader) expectedGroupSizes() []int {
	sizes := make(map[string]int, len(p.r.Source.Roles))
	unread := map[string]bool{}
	for i := range p.r.Source.Roles {
		if name, ok := p.loader.opts.Groups.NameFor(p.r.Source.Roles[i].Name); ok {
			sizes[model.Fold(name)] += len(p.r.Source.Roles[i].Users.IDs)
			unread[model.Fold(name)] = unread[model.Fold(name)] || p.r.Source.Roles[i].Users.Unknown != ""
		}
	}
	out := make([]int, len(p.r.Target.Groups))
	for i := range p.r.Target.Groups {
		name := model.Fold(p.r.Target.Groups[i].Name)
		size, ok := sizes[name]
		if !ok || unread[name] {
			size = -1
		}
		out[i] = size
	}
	return out
}

// showInterim shows what is known while memberships and events are still coming.
func (p *partReader) showInterim() {
	if p.w.watch.Interim == nil {
		return
	}
	p.mu.Lock()
	early := *p.r
	p.mu.Unlock()
	early.Source.Coverage, early.Target.Coverage, _ = drift.CheckCoverage(p.loader.relations(&early), nil)
	p.w.watch.Interim(early.compare(p.loader.opts).AsProvisional())
}
