package tui

import (
	"context"
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// reopened is a board that was just opened on a connection which an earlier program read yesterday, up to where it
// knows that; answer is what the read of now gives.
func reopened(t *testing.T, answer func(context.Context, drift.Watch) (*drift.Comparison, error)) (a *app,
	done func(),
) {
	t.Helper()
	outside := &fakeOutside{
		answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer},
		known:   yesterdays().compare(),
	}
	a = newApp(t.Context(), outside, testOptions())
	a.Update(tea.WindowSizeMsg{Width: 140, Height: 30})
	box := newMailbox[readProgressMsg]()
	a.Init()
	t.Cleanup(func() { a.Fetch.Cancel() })
	read := a.runRead(a.ctx, a.Fetch.ID, box, readRequest{})
	msg, _ := read().(readDoneMsg)
	a.Update(readProgressMsg{id: a.Fetch.ID, known: msg.known})
	return a, func() { a.Update(msg) }
}

func yesterdays() *world {
	w := drifted()
	w.source.ReadAt, w.target.ReadAt = noon().Add(-26*time.Hour), noon().Add(-26*time.Hour)
	return w
}

// A board on a connection that was read before shows what was known, with its age, while it reads, and nothing can be
// planned on it.
func TestABoardOpensOnWhatWasKnown(t *testing.T) {
	t.Parallel()
	fresh := drifted().compare()
	a, done := reopened(t, answer(fresh))
	if !a.Fetch.Active || a.Set == nil || len(a.Set.Comparison.Findings) == 0 {
		t.Fatal("it does not show what was known while it reads")
	}
	if !a.shows("what shows was read 26 h ago") || !a.shows("Stale: read at ") {
		t.Errorf("it does not say how old that is:\n%s", frame(a))
	}
	a.press("p")
	if a.status != "Still reading: plan when the read has ended." || a.top() != nil {
		t.Errorf("it plans on it, or sends to keys that would begin the read anew: %q", a.status)
	}
	done()
	if a.Set.Comparison != fresh || a.Late != nil || a.shows("Stale") {
		t.Errorf("the fresh read does not take its place:\n%s", frame(a))
	}
}

// Before all of what was known is there, its summary shows, which takes nothing that was not read for none.
func TestTheSummaryShowsFirst(t *testing.T) {
	t.Parallel()
	gaps := failedTarget()
	gaps.source.ReadAt, gaps.target.ReadAt = yesterdays().source.ReadAt, yesterdays().target.ReadAt
	for _, of := range []struct {
		known *world
		says  string
	}{
		{yesterdays(), "Users: 814 and 812."},
		{gaps, "no findings in what was read, which was not all."},
	} {
		outside := &fakeOutside{known: of.known.compare()}
		a := newApp(t.Context(), outside, testOptions())
		a.Update(tea.WindowSizeMsg{Width: 140, Height: 30})
		a.Init()
		t.Cleanup(func() { a.Fetch.Cancel() })
		a.Update(readProgressMsg{id: a.Fetch.ID, summary: outside.Summary(t.Context())})
		for _, worst := range outside.known.Findings[:min(len(outside.known.Findings), 1)] {
			sees(t, a, worst.Subject.Name)
		}
		if a.Set != nil || !a.shows("26 h ago") || !a.shows(of.says) || a.shows(" 0.") {
			t.Errorf("no summary of yesterday:\n%s", frame(a))
		}
	}
}

// A read that fails, is cancelled, or gets nothing of either side leaves what was known where it is, with cursor and
// marks, and says so.
func TestAFailedReadLeavesWhatWasKnown(t *testing.T) {
	t.Parallel()
	nothing := drifted()
	for _, p := range model.SourceParts() {
		nothing.source.Coverage[p] = model.UnknownCoverage("the network is down")
	}
	for _, p := range model.TargetParts() {
		nothing.target.Coverage[p] = model.UnknownCoverage("the network is down")
	}
	nothing.source.Users, nothing.target.Users, nothing.target.Groups = nil, nil, nil
	for name, end := range map[string]struct {
		answer func(context.Context, drift.Watch) (*drift.Comparison, error)
		cancel bool
	}{
		"fails": {answer: func(context.Context, drift.Watch) (*drift.Comparison, error) {
			return nil, errors.New("the network is down")
		}},
		"gets nothing": {answer: answer(nothing.compare())},
		"is cancelled": {answer: answer(nothing.compare()), cancel: true},
	} {
		a, done := reopened(t, end.answer)
		a.press("j", "j", "space")
		before, findings, cursor := len(a.marks), len(a.Set.Comparison.Findings), a.list().Cursor()
		if end.cancel {
			a.press("esc")
		} else {
			done()
		}
		if a.Fetch.Active || a.Set == nil || len(a.Set.Comparison.Findings) != findings ||
			a.list().Cursor() != cursor || len(a.marks) != before {
			t.Errorf("%s: what was known is gone, or stands elsewhere:\n%s", name, frame(a))
		}
		if !a.shows("stale: read 26 h ago") {
			t.Errorf("%s: it does not say that it is stale:\n%s", name, frame(a))
		}
	}
}

// The reading can fail before the board has heard of what was known: it shows all the same.
func TestWhatWasKnownComesWithTheEnd(t *testing.T) {
	t.Parallel()
	outside := &fakeOutside{
		known: yesterdays().compare(),
		answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
			func(context.Context, drift.Watch) (*drift.Comparison, error) {
				return nil, errors.New("the network is down")
			},
		},
	}
	a := newApp(t.Context(), outside, testOptions())
	a.Update(tea.WindowSizeMsg{Width: 140, Height: 30})
	a.Init()
	a.Update(a.runRead(a.ctx, a.Fetch.ID, newMailbox[readProgressMsg](), readRequest{})())
	if a.Set == nil || !a.shows("stale: read 26 h ago") {
		t.Errorf("nothing shows:\n%s", frame(a))
	}
}

// Where a read would take the last calls of the hour, what was known shows without one.
func TestWhatWasKnownShowsWithoutARead(t *testing.T) {
	t.Parallel()
	a := arrived(t, Caution{Text: "Reading both sides takes about 4,100 calls, and 900 are left", Short: true})
	outside, _ := a.outside.(*fakeOutside)
	outside.known = yesterdays().compare()
	a.Update(a.showLastKnown()())
	if a.Fetch.Active || a.Set == nil || !a.shows("stale: read 26 h ago") {
		t.Errorf("it does not show:\n%s", frame(a))
	}
}
