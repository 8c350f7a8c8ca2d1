// Package reading is what is known of both sides, how far the read goes that may be under way, and what a read that did
// not take the place of the last one lacks.
package reading

import (
	"context"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// State is what the board shows of the two sides, and the read that may be under way.
type State struct {
	Shown

	Fetch Fetch
}

// Fetch is the one read that may be under way. Its id tells the messages of this read from those of an older one, which
// can still arrive after it was cancelled or overtaken.
type Fetch struct {
	ID     uint64
	Active bool
	Cancel context.CancelFunc
	// Before is what was shown when the read began: cancelling goes back to it.
	Before  Shown
	Began   time.Time
	Subject *model.Subject // nil: everything is read
	// Patch: nothing is read as a whole; what comes is the last read with something patched.
	Patch bool
	// Look: it goes on in the background of a watch.
	Look bool
	// Latest is what this read has given so far; nil before it gave anything.
	Latest *rows.Set
	// Summary is of what an earlier program knew, until all of that is there.
	Summary *drift.Summary
	// Parts are how far each part of each side is, paces how fast they are read.
	Parts [2]map[model.Part]model.Progress
	paces [2]map[model.Part]partPace
}

// Shown is what the board shows of the outside.
type Shown struct {
	Set *rows.Set
	// Interim: the set is not the last word of its load, which goes on or was ended early.
	Interim bool
	// Failed is why there is no set; empty if there is one.
	Failed string
	// Late is a read that ended after that of the set and did not take its place; nil while the set is the last word.
	Late *Late
}

// Begin begins a read.
func Begin(f Fetch) Fetch {
	f.Active = true
	f.Parts = [2]map[model.Part]model.Progress{{}, {}}
	f.paces = [2]map[model.Part]partPace{{}, {}}
	return f
}

// Fallback is what there is to go back to: what was shown before, or where there was nothing, what the read has given
// so far.
func (f *Fetch) Fallback() Shown {
	if f.Before.Known() == nil && f.Latest != nil && f.Latest.Comparison.KnowsSomething() {
		return Shown{Set: f.Latest, Interim: true}
	}
	return f.Before
}

// Loading reports whether everything is being read, so that what is shown of the parts is their progress.
func (s *State) Loading() bool { return s.Fetch.Active && s.Fetch.Subject == nil && !s.Fetch.Look }

// AllRead reports whether the read under way has every part of both sides, well read or not. Only details can still be
// to come.
func (s *State) AllRead() bool {
	if !s.Fetch.Active || s.Fetch.Latest == nil {
		return false
	}
	for _, side := range model.Sides() {
		read := s.Fetch.Latest.Directory(side).Coverage
		for _, part := range side.Parts() {
			p := s.Fetch.Parts[side][part]
			if p.State != model.PartRead && p.State != model.PartFailed && read[part].State != model.Skipped {
				return false
			}
		}
	}
	return true
}

// ReadAt is as of when what shows is true; zero if that is not known.
func (s *State) ReadAt() time.Time {
	if s.Set == nil {
		return time.Time{}
	}
	return s.Set.Comparison.AsOf()
}
