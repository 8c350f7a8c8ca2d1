package main

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/sync/load"
)

// foresight says while a read goes on that OneLogin's calls will not do for what is still to come: the totals on the first pages
// tell, so that this costs nothing, and a first read, which no earlier one tells of, is not met by surprise.
type foresight struct {
	session  *session
	progress *progress
	// said is the worst that was said of this read.
	said model.Sufficiency
}

// foresee watches a read in place of the progress alone. said is what was said of it beforehand.
func (s *session) foresee(p *progress, said model.Sufficiency) load.Watch {
	f := &foresight{session: s, progress: p, said: said}
	watch := p.watch()
	return load.Watch{Part: func(e load.Progress) {
		f.heed(e, time.Now())
		if watch.Part != nil {
			watch.Part(e)
		}
	}, Interim: watch.Interim}
}

// heed takes in one word of the loader, which gives them one at a time.
func (f *foresight) heed(e load.Progress, now time.Time) {
	toCome := e.Calls - e.Requests
	if e.Side != load.SourceSide || toCome == 0 {
		return
	}
	left := f.session.witness.SourceBudget()
	verdict := left.At(now, now).For(toCome)
	if verdict <= max(f.said, model.Enough) {
		return
	}
	f.said = verdict
	f.progress.clear()
	f.session.note(explain.Calls("What is still to be read", toCome, left, now, now) + "; it goes on, and ctrl-c stops it")
}
