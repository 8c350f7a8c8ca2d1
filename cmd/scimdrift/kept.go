package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// noteError says what could not be kept or read back, which stops nothing.
func (s *session) noteError(err error) {
	if err != nil {
		s.note(err.Error())
	}
}

// restore takes up what was last known of the connection, as if this program had read it, where something is kept.
// What cannot be used is said, and is as good as not there.
func (s *session) restore(ctx context.Context) (kept bool, err error) {
	if !s.connection.Remember {
		return false, nil
	}
	last, err := s.store.Reading()
	switch {
	case err != nil:
		s.note(err.Error())
		return false, nil
	case last == nil:
		return false, nil
	case last.Groups != s.options.Groups.Digest():
		s.note("what was last known was read with another configuration of groups, and is left aside; " +
			"the next read replaces it")
		return false, nil
	}
	return true, s.loader.Restore(ctx, last.Reading, last.Rosters)
}

// provenance is what earlier readings, and the runs on this app, say of where groups are from. What cannot be read
// proves nothing.
func (s *session) provenance(app string) (out []model.Provenance) {
	if s.connection.Remember {
		if p, err := s.store.Provenance().Get(); err == nil && p != nil && p.Config == s.options.Groups.Digest() {
			out = p.Groups
		}
	}
	if runs, err := s.journal.Runs(s.fingerprintOf(app)); err == nil {
		out = append(out, model.MadeByRuns(runs)...)
	}
	return out
}

// restoreComparison is restore with the comparison; nil if nothing is kept.
func (s *session) restoreComparison(ctx context.Context) (*drift.Comparison, error) {
	if kept, err := s.restore(ctx); err != nil || !kept {
		return nil, err
	}
	c := s.loader.Last()
	s.noteError(s.store.Known().Keep(&state.Known{Summary: c.Summary(), Used: time.Now()}))
	return c, nil
}

// keepSoon keeps what is known now for the next start, while the program goes on. Of several things in a row the last
// one alone is written.
func (s *session) keepSoon(c *drift.Comparison) {
	if s.sim != nil || !c.KnowsSomething() {
		return // what a demo keeps goes with it
	}
	if !s.keepPending.TryLock() {
		return // one that waits will take this too
	}
	s.keepers.Go(func() {
		s.writing.Lock()
		defer s.writing.Unlock()
		s.keepPending.Unlock()
		s.noteError(s.keepReading())
	})
}

func (s *session) keepReading() error {
	reading, c, read := s.loader.Kept()
	if !read || !c.KnowsSomething() {
		return nil
	}
	var troubles []error
	if !s.token.None && s.observer.Facts().Target.Answered { // it has been used
		troubles = append(troubles, s.store.KeepToken(s.connection.Target.Token, s.token.FirstSeen))
	}
	if trend, longer := s.trendWith(c); longer {
		troubles = append(troubles, s.store.Trend().Keep(&trend))
	}
	if s.connection.Remember {
		digest := s.options.Groups.Digest()
		if !reading.Complete() {
			// A damaged one is as good as none here: it is replaced.
			if older, err := s.store.Reading(); err == nil && older != nil && older.Groups == digest {
				reading = reading.FilledFrom(&older.Reading)
				c = setup.CompareReading(&reading, nil, s.options)
			}
		}
		reading.Target.Provenance = c.Provenance()
		troubles = append(troubles,
			s.store.Provenance().Keep(&state.Provenance{Config: digest, Groups: reading.Target.Provenance}),
			s.store.Known().Keep(&state.Known{Summary: c.Summary(), Used: time.Now()}),
			s.store.KeepReading(state.Kept{Reading: reading, Groups: digest}))
	}
	return errors.Join(troubles...)
}

// trendWith is the kept trend with a comparison that is not in it yet; longer tells whether that adds to it.
func (s *session) trendWith(c *drift.Comparison) (trend drift.Trend, longer bool) {
	kept, err := s.store.Trend().Get()
	s.noteError(err) // the one that begins now replaces it
	if kept != nil {
		trend = *kept
	}
	at := c.Source.ReadAt
	if c.Target.ReadAt.After(at) {
		at = c.Target.ReadAt
	}
	if n := len(trend); !c.Health().Complete || n > 0 && !at.After(trend[n-1].At) {
		return trend, false
	}
	return trend.Add(at, c, s.stateKey()), true
}

// forgetOldReadings removes what was last known and not used for long, of every connection, and of this one where it is
// not to be remembered.
func (s *session) forgetOldReadings() {
	_, err := state.ForgetReadings(state.OS(), s.state, time.Now().Add(-state.ReadingKept))
	s.noteError(err)
	if !s.connection.Remember {
		s.noteError(s.store.ForgetReading())
	}
}

type lastKnown struct {
	last   bool
	maxAge time.Duration
}

func (f *lastKnown) register(set *pflag.FlagSet) {
	set.BoolVar(&f.last, "last", false, "answer from what was last known, and read nothing again")
	set.DurationVar(&f.maxAge, "max-age", time.Hour, "with --last: how old that may be; exit code 3 if it is older")
}

// clockStep is how far a clock may be set back in its daily upkeep.
const clockStep = time.Minute

// lastKnownComparison gives what was last known and how old it is.
func (p *program) lastKnownComparison(ctx context.Context, s *session) (*drift.Comparison, time.Duration, error) {
	c, err := s.restoreComparison(ctx)
	if err != nil {
		return nil, 0, err
	}
	if c == nil {
		return nil, 0, fmt.Errorf("nothing is known of connection %s from before; leave --last away, so that both "+
			"sides are read", model.Visible(s.connection.Name))
	}
	age := time.Since(c.Health().At)
	if age < -clockStep {
		return nil, 0, fmt.Errorf("what is known of connection %s was read at %s, which is in the future here: "+
			"nobody can tell how old it is; set the clock right, or leave --last away, so that both sides are read",
			model.Visible(s.connection.Name), model.ToTheSecond(c.Health().At))
	}
	return c, max(age, 0), nil
}

// checkAge decides on the exit code where the answer rests on what was last known.
func (p *program) checkAge(f lastKnown, age time.Duration) {
	if f.last && age > f.maxAge {
		p.note(fmt.Sprintf("what was last known is older than --max-age (%s); leave --last away, so that both sides "+
			"are read",
			f.maxAge))
		p.code = exitIncomplete
	}
}

// noteAge says of when an answer is that was not read now.
func (p *program) noteAge(c *drift.Comparison, age time.Duration) {
	p.note(fmt.Sprintf("as of %s, %s ago: nothing was read again", model.ToTheSecond(c.Health().At),
		model.Lasting(age)))
}

// openStore opens the folder where runs and readings are kept. Nothing is written there before there is something to
// keep. A demo has a folder of its own that goes with it.
func (s *session) openStore(folder string) (err error) {
	s.state = folder
	if s.sim != nil {
		if s.state, err = os.MkdirTemp("", "scimdrift-demo-"); err != nil {
			return fmt.Errorf("the demo needs a folder for its runs: %w; set TMPDIR to one that can be written", err)
		}
	}
	s.journal = journal.Open(state.OS(), s.state, time.Now)
	s.store = state.Open(state.OS(), s.state, s.stateKey())
	if s.sim == nil {
		s.forgetOldReadings()
	}
	return nil
}

// stateKey is under what name the sizes of the last complete read are kept. It is known before anything is read, so
// that an app which is named by a pattern stands for itself.
func (s *session) stateKey() string {
	if s.sim != nil {
		return s.tenant.fingerprint()
	}
	return stateKeyOf(&s.connection)
}

func stateKeyOf(c *config.Connection) string {
	if c.OneLogin.AppID != 0 {
		return c.Fingerprint(strconv.FormatInt(c.OneLogin.AppID, 10))
	}
	return c.Fingerprint("named " + c.OneLogin.AppName)
}

// baseline gives the sizes of the last complete read before this program began. Sizes that cannot be read are none:
// they only ever make the program more careful, so that it says so and goes on.
func (s *session) baseline() *model.Baseline {
	b, err := s.store.Baseline().Get()
	s.noteError(err)
	return b
}

// keepComparison keeps how the connection stands, for the list of all, and what was read for the next start.
func (s *session) keepComparison(c *drift.Comparison) {
	if c == nil {
		return
	}
	h := c.Health()
	s.noteError(s.store.Health().Keep(&h))
	s.keepSoon(c)
}

// tokenFacts are what is known of the life of the token. One that was never used here is used from now on; keepReading
// keeps that once it has been.
func (s *session) tokenFacts(now time.Time) model.TokenFacts {
	t := s.connection.Target
	if t.Token == "" {
		return model.TokenFacts{At: now, None: true}
	}
	first, err := s.store.TokenFirstSeen(t.Token)
	s.noteError(err)
	if first.IsZero() {
		first = now
	}
	return model.TokenFacts{At: now, FirstSeen: first, Ends: t.TokenEnds, EndsBy: t.TokenEndsBy}
}

// noteUnsettled notes that an earlier run on this connection has to be settled before the next. It comes after a
// reading, when the app is known.
func (p *program) noteUnsettled(ctx context.Context, s *session) {
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return // who asks has said already that OneLogin could not be read
	}
	id, found, err := s.journal.Unsettled(fingerprint)
	switch {
	case err != nil:
		p.note(fmt.Sprintf("the journal of earlier runs cannot be read: %v", err))
	case found:
		p.note(fmt.Sprintf("run %s did not end, or has steps in doubt; `%s` reads what became of it", id,
			p.commandLine(s.connection.Name, "history", id, "--settle")))
	}
}

// forecast says, before everything is read, that OneLogin's calls of this hour will not do for it or would leave too
// few to others; empty where they do, or where no earlier read tells. what names the reading.
func (s *session) forecast(what string, now time.Time) (string, model.Sufficiency) {
	last := s.cost.Load()
	if last == nil {
		return "", model.Unreckoned
	}
	left, seen := last.Budget, last.At
	if b := s.source.Budget(); b.Known {
		left, seen = b, now
	}
	return explain.BudgetWarning(what, last.Calls, left, seen, now), left.At(seen, now).SufficiencyFor(last.Calls)
}

// warnOfCallCost says so on standard error, before a read. The read goes on all the same: a part that is cut short is
// told as such, nobody is there to be asked, and an operator in an incident wants what can be had.
func (s *session) warnOfCallCost() {
	if text, _ := s.forecast("Reading both sides", time.Now()); text != "" {
		s.note(text + "; wait for the reset, or stop it with ctrl-c")
	}
}

func (s *session) recordReadCost(c *drift.Comparison) {
	if c == nil || c.Source.Requests == 0 {
		return
	}
	var before model.ReadCost
	if last := s.cost.Load(); last != nil {
		before = *last
	}
	whole := c.Source.Coverage[model.PartUsers].Complete() && c.Source.Coverage[model.PartGroups].Complete() &&
		c.Source.Coverage[model.PartMemberships].Complete()
	next := before.Next(time.Now(), c.Source.Requests, whole, s.source.Budget())
	s.cost.Store(&next)
	s.noteError(s.store.Cost().Keep(&next))
}
