package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// keep opens the folder where runs and readings are kept. Nothing is written there before there is something to keep. A
// demo has a folder of its own that goes with it.
func (s *session) keep(folder string) (err error) {
	s.state = folder
	if s.sim != nil {
		if s.state, err = os.MkdirTemp("", "scimdrift-demo-"); err != nil {
			return fmt.Errorf("the demo needs a folder for its runs: %w; set TMPDIR to one that can be written", err)
		}
	}
	s.journal = journal.Open(state.OS(), s.state, journal.Options{})
	s.store = state.Open(state.OS(), s.state, s.memory())
	if s.sim == nil {
		s.forget()
	}
	return nil
}

// memory is under what name the sizes of the last complete read are kept. It is known before anything is read, so that
// an app which is named by a pattern stands for itself.
func (s *session) memory() string {
	if s.sim != nil {
		return s.tenant.fingerprint()
	}
	return memoryOf(&s.connection)
}

func memoryOf(c *config.Connection) string {
	if c.OneLogin.AppID != 0 {
		return c.Fingerprint(strconv.FormatInt(c.OneLogin.AppID, 10))
	}
	return c.Fingerprint("named " + c.OneLogin.AppName)
}

// remembered gives the sizes of the last complete read before this program began. Sizes that cannot be read are none:
// they only ever make the program more careful, so that it says so and goes on.
func (s *session) remembered() *model.Baseline {
	b, err := s.store.Baseline()
	if err != nil {
		s.note(err.Error())
		return nil
	}
	return b
}

// remember keeps the sizes of a complete read.
func (s *session) remember(b model.Baseline) {
	if err := s.store.KeepBaseline(&b); err != nil {
		s.note(err.Error())
	}
}

// stands keeps how the connection stands, for the list of all, and what was read for the next start.
func (s *session) stands(c *drift.Comparison) {
	if c == nil {
		return
	}
	h := c.Health()
	if err := s.store.KeepHealth(&h); err != nil {
		s.note(err.Error())
	}
	s.keepSoon(c)
}

// tokenFacts are what is known of the life of the token. One that was never used here is used from now on; keepToken
// keeps that once it has been.
func (s *session) tokenFacts(now time.Time) model.TokenFacts {
	t := s.connection.Target
	if t.Token == "" {
		return model.TokenFacts{At: now, None: true}
	}
	first, err := s.store.TokenFirstSeen(t.Token)
	if err != nil {
		s.note(err.Error())
	}
	if first.IsZero() {
		first = now
	}
	return model.TokenFacts{At: now, FirstSeen: first, Ends: t.TokenEnds, EndsBy: t.TokenEndsBy}
}

// keepToken keeps when the token was first used, after a read in which the target answered to it.
func (s *session) keepToken() error {
	if s.token.None || !s.observer.Facts().Target.Answered {
		return nil
	}
	return s.store.KeepToken(s.connection.Target.Token, s.token.FirstSeen)
}

// unsettled notes that an earlier run on this connection has to be settled before the next. It comes after a reading,
// when the app is known.
func (s *session) unsettled(ctx context.Context) {
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return // who asks has said already that OneLogin could not be read
	}
	id, found, err := s.journal.Unsettled(fingerprint)
	switch {
	case err != nil:
		s.note(fmt.Sprintf("the journal of earlier runs cannot be read: %v", err))
	case found:
		s.note(fmt.Sprintf("run %s did not end, or has steps in doubt; `scimdrift history %s --settle` reads what "+
			"became of it", id, id))
	}
}
