package main

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

// recallCost takes up what an earlier program knew. It only ever makes this one say more, and the next read replaces
// it, so that a file that cannot be read is none.
func (s *session) recallCost() {
	if last, err := s.store.Cost().Get(); err == nil {
		s.cost.Store(last)
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
	return explain.Calls(what, last.Calls, left, seen, now), left.At(seen, now).For(last.Calls)
}

// warn says so on standard error, before a read. The read goes on all the same: a part that is cut short is told as
// such, nobody is there to be asked, and an operator in an incident wants what can be had.
func (s *session) warn() {
	if text, _ := s.forecast("Reading both sides", time.Now()); text != "" {
		s.note(text + "; wait for the reset, or stop it with ctrl-c")
	}
}

func (s *session) spent(c *drift.Comparison) {
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
	s.noted(s.store.Cost().Keep(&next))
}
