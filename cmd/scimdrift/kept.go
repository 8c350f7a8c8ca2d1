package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/state"
)

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
	return true, s.loader.Restore(ctx, last.Reading)
}

// recall is restore with the comparison; nil if nothing is kept.
func (s *session) recall(ctx context.Context) (*drift.Comparison, error) {
	if kept, err := s.restore(ctx); err != nil || !kept {
		return nil, err
	}
	c := s.loader.Last()
	summary := state.Known{Summary: c.Summary(), Used: time.Now()}
	if err := s.store.KeepKnown(&summary); err != nil {
		s.note(err.Error())
	}
	return c, nil
}

// keepSoon keeps what is known now for the next start, while the program goes on. Of several things in a row the last
// one alone is written.
func (s *session) keepSoon(c *drift.Comparison) {
	if s.sim != nil || !c.KnowsSomething() {
		return // what a demo keeps goes with it
	}
	select {
	case s.unkept <- struct{}{}:
	default:
		return // one that waits will take this too
	}
	s.keepers.Go(func() {
		s.keeping.Lock()
		defer s.keeping.Unlock()
		<-s.unkept
		if err := s.keepReading(); err != nil {
			s.note(err.Error())
		}
	})
}

func (s *session) keepReading() error {
	reading, c, read := s.loader.Kept()
	if !read || !c.KnowsSomething() {
		return nil
	}
	troubles := []error{s.keepTrend(c), s.keepToken()}
	if s.connection.Remember {
		digest := s.options.Groups.Digest()
		if !reading.Complete() {
			// A damaged one is as good as none here: it is replaced.
			if older, err := s.store.Reading(); err == nil && older != nil && older.Groups == digest {
				reading = reading.Over(&older.Reading)
				options := s.options
				c = setup.CompareReading(&reading, options)
			}
		}
		known := state.Known{Summary: c.Summary(), Used: time.Now()}
		troubles = append(troubles, s.store.KeepKnown(&known),
			s.store.KeepReading(state.Kept{Reading: reading, Groups: digest}))
	}
	return errors.Join(troubles...)
}

// keepTrend adds a complete read to the trend, once.
func (s *session) keepTrend(c *drift.Comparison) error {
	if trend, longer := s.trendWith(c); longer {
		return s.store.KeepTrend(trend)
	}
	return nil
}

// trendWith is the kept trend with a comparison that is not in it yet; longer tells whether that adds to it.
func (s *session) trendWith(c *drift.Comparison) (trend drift.Trend, longer bool) {
	trend, err := s.store.Trend()
	if err != nil {
		s.note(err.Error()) // the one that begins now replaces it
	}
	at := c.Source.ReadAt
	if c.Target.ReadAt.After(at) {
		at = c.Target.ReadAt
	}
	if n := len(trend); !c.Health().Complete || n > 0 && !at.After(trend[n-1].At) {
		return trend, false
	}
	return trend.Add(at, c, s.memory()), true
}

// forget removes what was last known and not used for long, of every connection, and of this one where it is not to be
// remembered.
func (s *session) forget() {
	if _, err := state.ForgetReadings(state.OS(), s.state, time.Now().Add(-state.ReadingKept)); err != nil {
		s.note(err.Error())
	}
	if !s.connection.Remember {
		if err := s.store.ForgetReading(); err != nil {
			s.note(err.Error())
		}
	}
}

// lastKnown are the flags of a command that can answer from what was last known.
type lastKnown struct {
	last   bool
	maxAge time.Duration
}

func (f *lastKnown) register(set *pflag.FlagSet) {
	set.BoolVar(&f.last, "last", false, "answer from what was last known, and read nothing again")
	set.DurationVar(&f.maxAge, "max-age", time.Hour, "with --last: how old that may be; exit code 3 if it is older")
}

// known gives what was last known and how old it is.
func (p *program) known(ctx context.Context, s *session) (*drift.Comparison, time.Duration, error) {
	c, err := s.recall(ctx)
	if err != nil {
		return nil, 0, err
	}
	if c == nil {
		return nil, 0, fmt.Errorf("nothing is known of connection %s from before; leave --last away, so that both "+
			"sides are read", model.Visible(s.connection.Name))
	}
	return c, max(time.Since(c.Health().At), 0), nil
}

// aged decides on the exit code where the answer rests on what was last known.
func (p *program) aged(f lastKnown, age time.Duration) {
	if f.last && age > f.maxAge {
		p.note(fmt.Sprintf("what was last known is older than --max-age (%s); leave --last away, so that both sides "+
			"are read",
			f.maxAge))
		p.code = exitIncomplete
	}
}

// asOf says of when an answer is that was not read now.
func (p *program) asOf(c *drift.Comparison, age time.Duration) {
	p.note(fmt.Sprintf("as of %s, %s ago: nothing was read again", model.ToTheSecond(c.Health().At),
		model.Lasting(age)))
}
