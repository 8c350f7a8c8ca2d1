package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const (
	// unlimited is the rate share of a target that is ours alone.
	unlimited = scim.Unlimited
	// exchanges is how many requests the log keeps.
	exchanges = 2000
)

// session is an open connection: both adapters and the loader over them.
type session struct {
	webBrowser

	connection config.Connection
	source     *onelogin.Client
	// scim is nil where there is no token, and lens where none is configured; target is what of both is asked.
	scim   *scim.Client
	lens   *identitycenter.Client
	target target
	loader *load.Loader
	// forgets: nothing is kept for the process that runs a plan of this one.
	forgets bool
	// options are what both sides are compared by.
	options drift.Options
	// recorders keep the exchanges of both sides, and of the lens.
	recorders [3]*transport.Recorder
	// observer keeps what the answers show in passing, for the set-up checks; shared are other connections on the
	// target.
	observer *load.Observer
	shared   []string
	// window is how far back events are read.
	window time.Duration
	// sim serves a demo, and tenant says which; sim is nil for a configured connection.
	sim    *sim.Server
	tenant tenantFlags
	log    *os.File // nil: nothing is logged
	// state is the folder of the journal and of what is remembered between reads.
	state   string
	journal *journal.Store
	store   *state.Store
	// keepPending is held while something waits to be kept, writing while it is written.
	keepPending, writing sync.Mutex
	keepers              sync.WaitGroup
	// cost is what the last full read took; nil if that is not known.
	cost atomic.Pointer[model.ReadCost]
	// token is what is known of the life of the target's token.
	token model.TokenFacts
	// note says something beside the results.
	note func(text string)

	repairerLock sync.Mutex
	repairer     *repair.Repairer
}

// open starts the demo or opens the chosen connection.
func (p *program) open(ctx context.Context) (*session, error) {
	return p.openNamed(ctx, p.flags.connection)
}

// openNamed starts the demo or reads the configuration, and connects the parts. Nothing is sent yet. An empty name is
// the default.
func (p *program) openNamed(ctx context.Context, name string) (*session, error) {
	s := &session{window: cmp.Or(p.flags.since, eventWindow), tenant: p.flags.tenant, note: p.note}
	if err := p.connect(ctx, s, name); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (p *program) connect(ctx context.Context, s *session, name string) (err error) {
	if p.flags.demo {
		s.connection, s.sim, err = p.demoConnection(ctx)
	} else {
		s.connection, s.shared, err = p.readConnection(ctx, name)
	}
	if err != nil {
		return err
	}
	p.configuredPlain.Store(s.connection.Plain)
	s.connection.Guard.ReadOnly = s.connection.Guard.ReadOnly || p.flags.readOnly
	if s.log, err = openDebugLog(p.flags.debugLog); err != nil {
		return err
	}
	if err := s.openStore(p.state); err != nil {
		return err
	}
	return s.connectClients()
}

// note says something beside the results, unless nobody wants to hear it or the board has the screen.
func (p *program) note(text string) {
	if !p.flags.quiet && !p.onBoard {
		_, _ = fmt.Fprintln(p.stderr, "note:", text)
	}
}

// readConnection gives a connection, and the names of others with the same target.
func (p *program) readConnection(ctx context.Context, name string) (config.Connection, []string, error) {
	file, err := p.configuration()
	if err != nil {
		return config.Connection{}, nil, err
	}
	c, err := file.Connection(ctx, name, p.secrets)
	if err != nil {
		return config.Connection{}, nil, err
	}
	return c, file.Sharing(c.Name), nil
}

func (s *session) connectClients() (err error) {
	c := s.connection
	s.token = s.tokenFacts(time.Now())
	s.observer = load.NewObserver(model.Facts{
		TargetURL: c.Target.URL, SharedWith: s.shared, Token: s.token,
	}, onelogin.Needs)
	for i := range s.recorders {
		s.recorders[i] = transport.NewRecorder(exchanges)
	}
	s.source, err = onelogin.New(onelogin.Options{
		URL: c.OneLogin.URL, ClientID: c.OneLogin.ClientID, ClientSecret: c.OneLogin.ClientSecret,
		AppID: c.OneLogin.AppID, AppName: c.OneLogin.AppName, RateShare: c.OneLogin.RateShare,
		UserNameField: c.UserNameField, WithRules: !c.OneLogin.Skips("rules"),
		NudgeAttribute: c.OneLogin.NudgeAttribute,
		HTTP: transport.Options{
			UserAgent: userAgent(), Secrets: []string{c.Target.Token},
			Observe: s.observe(model.SourceSide), Recorder: s.recorders[model.SourceSide],
		},
	})
	if err != nil {
		return fmt.Errorf("connection %s: %w", c.Name, err)
	}
	roots, err := c.Target.Authorities()
	if err != nil {
		return fmt.Errorf("connection %s: %w", c.Name, err)
	}
	if err := s.connectTarget(roots); err != nil {
		return fmt.Errorf("connection %s: %w", c.Name, err)
	}
	// What an earlier program knew of it only ever makes this one say more: a file that cannot be read is none.
	if last, err := s.store.Cost().Get(); err == nil {
		s.cost.Store(last)
	}
	s.options = drift.Options{
		Groups: c.Groups, Fields: c.Compare, Nudge: c.OneLogin.NudgeAttribute != "" && !c.Guard.ReadOnly,
		Locate: locator(c.OneLogin.Console()),
	}
	options := load.Options{
		Options: s.options, SourceName: sourceName(c), TargetKind: c.Target.Dialect,
		TargetName: s.targetName(),
		SkipRules:  c.OneLogin.Skips("rules"), SkipEvents: c.OneLogin.Skips("events"),
		SkipGroups: c.Target.SkipGroups(),
		Provenance: s.provenance,
		Window:     s.window, Now: time.Now, Observer: s.observer, Logins: s.source, Remembered: s.baseline(),
		Remember: func(b model.Baseline) { s.noteError(s.store.Baseline().Keep(&b)) },
	}
	if s.lens != nil {
		options.AWS, options.Former = s.lens, load.Former{Journal: s.formerByJournal, LastKnown: s.formerByReading}
	}
	s.loader = load.New(s.source, s.target, options)
	return nil
}

// observe passes what a client does to the debug log, and its waits to the loader.
func (s *session) observe(side model.Side) func(transport.Event) {
	return func(e transport.Event) {
		logTo(s.log, e)
		s.observer.Note(side, e)
		if e.Kind == transport.EventWait && s.loader != nil {
			s.loader.Waiting(side, e.Until, e.Why)
		}
	}
}

func (s *session) close() {
	s.keepers.Wait()
	if s.source != nil {
		s.source.Close()
	}
	if s.scim != nil {
		s.scim.Close()
	}
	if s.lens != nil {
		s.lens.Close()
	}
	if s.sim != nil {
		_ = s.sim.Close() // it served this process only
		if s.state != "" {
			_ = os.RemoveAll(s.state) // it was this demo's own
		}
	}
	_ = s.log.Close() // as far as there is one
}

// sharedRepairer makes the repairer of the connection when it is first wanted. A connection that names its app by a
// pattern is told apart by the app that was found, so that OneLogin may be asked for it.
func (s *session) sharedRepairer(ctx context.Context) (*repair.Repairer, error) {
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return nil, err
	}
	s.repairerLock.Lock()
	defer s.repairerLock.Unlock()
	if s.repairer == nil {
		c := s.connection
		options := repair.Options{
			Connection: c.Name, Fingerprint: fingerprint, Source: s.source, Target: s.target,
			Reader: s.loader, Journal: s.journal, Guard: c.Guard, Groups: c.Groups, SharedWith: s.shared,
			Locate: locator(c.OneLogin.Console()), Open: s.Open, HandoffDeadline: c.HandoffDeadline,
			Who: s.userName(), Host: s.hostName(), Version: version, Now: time.Now, Forgets: s.forgets,
			Skew: func() (time.Duration, bool) { f := s.observer.Facts().Source; return f.Skew, f.SkewKnown },
		}
		if s.lens != nil {
			options.Lens = s.lens
		}
		s.repairer = repair.New(options)
	}
	return s.repairer, nil
}
