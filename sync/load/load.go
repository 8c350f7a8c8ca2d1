// Package load reads both sides of a connection into directories, in parallel, and compares them. What cannot be read
// becomes coverage with a reason and never a smaller world.
package load

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Source is what the loader asks of the OneLogin side; what its methods promise is said at onelogin.Client.
type Source interface {
	SourceLists
	SourceRecords

	Requests() int
}

// progress is told how many records of a list are read and how many are expected, 0 or less if that is not known.
type progress = func(done, expected int)

// SourceLists are the parts of the OneLogin side. App comes first, and begins another load; rules come before users and
// roles, which a source may read by what they ask for.
type SourceLists interface {
	App(ctx context.Context) (model.App, error)
	Users(ctx context.Context, told progress) ([]model.User, model.Coverage)
	Roles(ctx context.Context, told progress) (roles []model.Role, groups, memberships model.Coverage)
	Rules(ctx context.Context) (rules []model.Rule, entitlements []string, coverage model.Coverage)
	Events(ctx context.Context, since time.Time, told progress) ([]model.Event, model.Coverage)
	Tail(ctx context.Context, after time.Time) ([]model.Event, error)
	AppUserIDs(ctx context.Context) (ids []string, coverage model.Coverage)
}

// SourceRecords are the questions about single records of the OneLogin side, or about a few. A no counts: the adapter
// held it against a record that is known to be there.
type SourceRecords interface {
	FindUser(ctx context.Context, email string) (user model.User, found bool, err error)
	GetUser(ctx context.Context, id string) (user model.User, found bool, err error)
	ReadUser(ctx context.Context, id string) (user model.User, found bool, err error)
	GetRole(ctx context.Context, id string) (role model.Role, found bool, err error)
	ListRoles(ctx context.Context, appAnew bool) ([]model.Role, model.Coverage)
	KnownUsers(ctx context.Context, ids []string) ([]model.User, error)
	ChangedSince(ctx context.Context, since time.Time, most int) (ids []string, err error)
}

// Target is what the loader asks of the SCIM side; what its methods promise is said at scim.Client.
type Target interface {
	TargetLists
	TargetRecords

	Requests() int
}

// TargetLists are the parts of the SCIM side.
type TargetLists interface {
	Users(ctx context.Context, told progress) ([]model.User, model.Coverage)
	Groups(ctx context.Context, told progress) ([]model.Group, model.Coverage)
	Memberships(
		ctx context.Context, users []model.User, groups []model.Group, expect []int, told progress,
	) (lists []model.MemberList, coverage model.Coverage, extra []model.User)
	Unreadable() model.FieldSet
}

// TargetRecords are the questions about single records of the SCIM side.
type TargetRecords interface {
	FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error)
	FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error)
	GetUser(ctx context.Context, id string) (model.User, bool, error)
	GetGroup(ctx context.Context, id string) (model.Group, bool, error)
	MembersOf(ctx context.Context, groupID string) (model.MemberList, error)
	GroupsOf(ctx context.Context, userID string) (groups []model.GroupRef, incomplete string, err error)
	NamedGroups(ctx context.Context, userID string) (groups []string, told bool, err error)
}

// Options say what is read and how it is compared.
type Options struct {
	drift.Options

	// SourceName and TargetName tell this connection's sides from others of their kind, such as "app 500001".
	SourceName, TargetName string
	// TargetKind is the dialect: "aws" or "generic".
	TargetKind string
	// SkipRules and SkipEvents leave these parts out, as the configuration says.
	SkipRules, SkipEvents bool
	// SkipGroups: the configuration says that the target has no groups.
	SkipGroups bool
	// Logins tells the provisioning states of users with a finding; nil does without.
	Logins Logins
	// AWS is nil without the AWS lens.
	AWS AWS
	// Former tells what groups were called that are gone; only with AWS.
	Former Former
	// Provenance gives what earlier readings and runs say of where groups of the target are from; it may be nil.
	Provenance func(app string) []model.Provenance
	// Window is how far back events are read.
	Window time.Duration
	Now    func() time.Time
	// Remembered is what is known of the last complete read before this program began; nil if nothing is. Remember,
	// if it is set, is given what should be known of this program's loads when it is gone.
	Remembered *model.Baseline
	Remember   func(model.Baseline)
	// Observer knows what the set-up checks need beside the records; without one nothing is known.
	Observer *Observer
}

// Loader reads one connection again and again. It remembers the last complete read, against which a part that is
// suddenly empty is noticed, and the last comparison, into which Refresh patches one record. One load runs at a time,
// and nothing that is patched waits for it: what it reads takes the place of the last reading when it is there.
type Loader struct {
	source Source
	target Target
	opts   Options

	mu    sync.Mutex // guards what follows up to loading
	watch *watcher   // of the running load, for Waiting
	// changedDuringLoad is what was patched since the running load began.
	changedDuringLoad *concurrentChanges
	readsWatch        drift.Watch // of Read
	// last is the last reading, which nobody changes any more, and lastComparison gives its comparison.
	last           *reading
	lastComparison func() *drift.Comparison
	// baseline is what Baseline gives, and lastRemembered what Remember was given last.
	baseline       *model.Baseline
	lastRemembered model.Baseline
	// lastPartSizes is what each part held at its last complete read, source and target.
	lastPartSizes [2]drift.PartSizes

	// loadingMu is held while a load runs, and changingMu while the last reading is changed or replaced.
	loadingMu, changingMu transport.ContextMutex
}

// New makes a loader.
func New(source Source, target Target, opts Options) *Loader {
	if opts.Observer == nil {
		opts.Observer = NewObserver(model.Facts{}, func(string) (string, string) { return "", "" })
	}
	l := &Loader{
		source: source, target: target, opts: opts,
	}
	l.restoreBaseline(opts.Remembered)
	return l
}

func cancelledError(ctx context.Context) error {
	return fmt.Errorf("the reading was ended before it was complete; start it again: %w", ctx.Err())
}

// reading is what one load has read, as records; a comparison is made from it again when a record is patched. What was
// seen in passing is in answers, and in Facts only where the reading is kept.
type reading struct {
	model.Reading

	// recent is what was asked since the last load or renewal: such an answer serves again for a moment. regroupedAt
	// is when rereadGrouping has read, and appUserIDs, when it was read, who has the app by its own list.
	recent       map[model.Ask]bool
	regroupedAt  time.Time
	appUserIDs   map[string]bool
	appUserIDsAt time.Time
	// renewed: single answers have been patched into it since it was read.
	renewed bool

	// answers are those from which the set-up is judged.
	answers *answers
	// assembled are both sides as they were last put together from the records above.
	assembled assembledSides
	// rosters are handed on from one comparison to the next.
	rosters *model.Rosters
	// sourceKept: the source is that of the reading before, which has not changed or is to be spared.
	sourceKept bool
}

// oldestPart is when the oldest part was read.
func (r *reading) oldestPart() time.Time {
	source, target := r.Source.At.Oldest(model.SourceParts()), r.Target.At.Oldest(model.TargetParts())
	if target.Before(source) {
		return target
	}
	return source
}

func (r *reading) options(o Options) drift.Options {
	o.Facts, o.Replies, o.Checks = o.Observer.factsOf(r.answers), r.Replies, setup.Check
	return o.Options
}

type assembledSides struct {
	source rules.Source
	target model.Directory
}

func (r *reading) compare(o Options) *drift.Comparison {
	whole := r.toModel(o)
	r.assembled = assembledSides{} // nobody needs the earlier ones, which are large
	r.assembled.source, r.assembled.target = rules.Sides(&whole, o.Groups, r.memberRosters())
	return r.compareAssembled(o)
}

// memberRosters are whom the memberships mean, as far as that is worked out.
func (r *reading) memberRosters() *model.Rosters {
	if r.rosters == nil {
		r.rosters = &model.Rosters{}
	}
	return r.rosters
}

// compareAssembled compares what was put together last, for provisioning states, which change no record.
func (r *reading) compareAssembled(o Options) *drift.Comparison {
	src := r.assembled.source
	src.Logins = r.Source.Logins
	c := drift.Compare(src, r.assembled.target, r.options(o))
	c.Notes = r.Notes
	return c
}
