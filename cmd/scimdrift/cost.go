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
	if last, err := s.store.Cost(); err == nil {
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
	if b := s.observer.SourceBudget(); b.Known {
		left, seen = b, now
	}
	return explain.Calls(what, last.Calls, left, seen, now), left.At(seen, now).For(last.Calls)
}

// warn says so on standard error. The read goes on all the same: a part that is cut short is told as such, nobody is
// there to be asked, and an operator in an incident wants what can be had.
func (s *session) warn(now time.Time) (said model.Sufficiency) {
	text, said := s.forecast("Reading both sides", now)
	if text != "" {
		s.note(text + "; wait for the reset, or stop it with ctrl-c")
	}
	return said
}

// beforeRun is what a run reads before its first step.
const beforeRun = "Reading both sides before the first step"

// warnOfRun says the same before a plan is agreed to, where the run reads.
func (s *session) warnOfRun(now time.Time) (said model.Sufficiency) {
	text, said := s.forecast(beforeRun, now)
	if text != "" {
		s.note(text + "; what a run rests on must be read in full, so that it may be refused, with nothing sent")
	}
	return said
}

// spent keeps what a read cost.
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
	next := before.Next(time.Now(), c.Source.Requests, whole, s.observer.SourceBudget())
	s.cost.Store(&next)
	if err := s.store.KeepCost(&next); err != nil {
		s.note(err.Error())
	}
}

// callWarning says while a read goes on that OneLogin's calls will not do for what is still to come: the totals on the
// first pages tell, so that this costs nothing, and a first read, which no earlier one tells of, is not met by
// surprise.
type callWarning struct {
	session  *session
	progress *progress
	// said is the worst that was said of this read.
	said model.Sufficiency
}

// foresee watches a read in place of the progress alone. said is what was said of it beforehand.
func (s *session) foresee(p *progress, said model.Sufficiency) drift.Watch {
	f := &callWarning{session: s, progress: p, said: said}
	watch := p.watch()
	return drift.Watch{Part: func(e model.Progress) {
		f.heed(e, time.Now())
		if watch.Part != nil {
			watch.Part(e)
		}
	}, Interim: watch.Interim}
}

// heed takes in one word of the loader, which gives them one at a time.
func (f *callWarning) heed(e model.Progress, now time.Time) {
	toCome := e.Calls - e.Requests
	if e.Side != model.SourceSide || toCome == 0 {
		return
	}
	left := f.session.observer.SourceBudget()
	verdict := left.At(now, now).For(toCome)
	if verdict <= max(f.said, model.Enough) {
		return
	}
	f.said = verdict
	f.progress.clear()
	f.session.note(explain.Calls("What is still to be read", toCome, left, now, now) +
		"; it goes on, and ctrl-c stops it")
}
