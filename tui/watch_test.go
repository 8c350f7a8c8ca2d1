package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
)

// lookAt makes the watch look, which is due, and gives it what the look brings, with the command that follows.
func (a *app) lookAt(t *testing.T, c *drift.Comparison) tea.Cmd {
	t.Helper()
	a.Update(watchDueMsg(a.watch.id))
	if !a.Fetch.Active || !a.Fetch.Look {
		t.Fatal("no look was begun")
	}
	_, cmd := a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c)})
	return cmd
}

// sent are the raw sequences of a command, which may be a batch.
func sent(cmd tea.Cmd) (out string) {
	if cmd == nil {
		return ""
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			out += sent(c)
		}
	case tea.RawMsg:
		out, _ = msg.Msg.(string)
	}
	return out
}

// A watch marks what is new, worse and gone since somebody last looked, and . clears the marks.
func TestWatchMarksWhatHasChanged(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 200, 50)
	if strings.Contains(a.View().Content, "watched every") {
		t.Fatal("it is watched before anybody asked")
	}
	a.press("W")
	if !strings.Contains(a.screenLines()[0], "watched every 5 min") {
		t.Errorf("the header does not say so: %q", a.screenLines()[0])
	}
	w := drifted()
	w.target.Users[41].Active = true // bo.ebert41 is as he should be
	w.target.Users[50].Active = false
	w.intrude(4, 46) // one more whom the group should not hold
	a.lookAt(t, w.compare())
	frame := single(a.View().Content)
	for _, want := range []string{"1 new, 1 worse, 1 gone since 12:00", "new · cause not known", "worse · +"} {
		if !strings.Contains(frame, want) {
			t.Errorf("%q does not show:\n%s", want, frame)
		}
	}
	a.lookAt(t, drifted().compare()) // what came has gone, and what went is back
	frame = single(a.View().Content)
	if !strings.Contains(frame, "1 new, 1 worse since 12:00") || strings.Contains(frame, "gone since") {
		t.Errorf("the counts are of one look only:\n%s", frame)
	}
	a.press(".")
	if frame = a.View().Content; strings.Contains(frame, "since 12:00") || strings.Contains(frame, "worse ·") {
		t.Errorf("the marks are not cleared:\n%s", frame)
	}
	a.press("W")
	due := a.watch.id
	a.Update(watchDueMsg(due))
	if a.Fetch.Active || strings.Contains(a.View().Content, "watched every") {
		t.Error("it looks after it was ended")
	}
}

// What was not read again says as of when it is. A failed look leaves what was known, marked as stale.
func TestWatchSaysAsOfWhen(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 220, 50, func(o *Options) { o.Watch = time.Minute })
	w := drifted()
	w.source.ReadAt, w.source.Unchanged = noon().Add(-3*time.Hour), noon()
	w.target.ReadAt = noon()
	a.lookAt(t, w.compare())
	header := a.screenLines()[0]
	header += a.screenLines()[2]
	for _, want := range []string{
		"watched every 1 min", "read just now", "OneLogin as of 09:00 UTC", "no event since",
	} {
		if !strings.Contains(header, want) {
			t.Errorf("%q does not say %q", header, want)
		}
	}
	for _, width := range []int{80, 120, 160, 220} {
		a.Update(tea.WindowSizeMsg{Width: width, Height: 50})
		sees(t, a, "OneLogin as of 09:00 UTC")
	}
	a.Update(watchDueMsg(a.watch.id))
	if header = a.screenLines()[0]; !strings.Contains(header, "looking again") ||
		strings.Contains(a.screenLines()[2], "░") {
		t.Errorf("a look takes the counts away: %q, %q", header, a.screenLines()[2])
	}
	a.Update(readDoneMsg{id: a.Fetch.ID, err: errors.New("the target does not answer")})
	if frame := a.View().Content; !strings.Contains(a.screenLines()[0], "stale: read") ||
		!strings.Contains(frame, "the target does not answer") {
		t.Errorf("a failed look is not told:\n%s", frame)
	}
	sees(t, a, "failed · tried again at 12:01 UTC")
	a.press("W")
	sees(t, a, "failed · R reads again")
}

// A watch that began while neither side answered reads them when they do, unless the calls of the hour will not do.
func TestWatchGoesOnAfterAFirstReadThatFailed(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 200, 50, func(o *Options) { o.Watch = time.Minute })
	a.startRead(nil)
	a.Shown, a.Fetch.Before = reading.Shown{}, reading.Shown{}
	a.Update(readDoneMsg{id: a.Fetch.ID, err: errors.New("no such host")})
	outside, _ := a.outside.(*fakeOutside)
	outside.caution = Caution{Text: "Reading both sides takes about 4,100 calls, and 900 are left", Short: true}
	a.Update(watchDueMsg(a.watch.id))
	if a.Fetch.Active {
		t.Error("it takes the last calls of the hour unasked")
	}
	outside.caution = Caution{}
	a.Update(watchDueMsg(a.watch.id))
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	sees(t, a, "14 findings", "live, complete")
}

// While a job goes on nothing is looked at, and the header says so.
func TestAJobSuspendsTheWatch(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 200, 50, func(o *Options) { o.Watch = time.Minute })
	a.job = &run.Job{Connection: a.opts.Connection, Plan: &model.Plan{}, Cancel: func() {}, Began: noon()}
	before := a.watch.id
	a.Update(watchDueMsg(before))
	if a.Fetch.Active || !strings.Contains(a.screenLines()[0], "watch waits for the job") {
		t.Errorf("looked at beside a job: %q", a.screenLines()[0])
	}
	a.job.Over = true
	a.lookAt(t, drifted().compare())
	if a.watch.id == before || strings.Contains(a.screenLines()[0], "waits") {
		t.Error("the watch does not go on after the job")
	}
}

// The terminal is called for new findings as grave as the configuration says, with nothing in it that a name could have
// brought.
func TestWatchNotifies(t *testing.T) {
	t.Parallel()
	high := drifted()
	high.target.Users[50].Active = false
	critical := drifted()
	critical.source.Users[60].Active, critical.source.Users[60].Standing = false, model.StandingSuspended
	for _, c := range []struct {
		notify string
		found  *world
		want   string
	}{
		{"critical", critical, "\x1b]9;scimdrift p<U+001B>rod: 1 new finding, the worst critical\x07\a"},
		{"critical", high, ""},
		{"high", high, "\x1b]9;scimdrift p<U+001B>rod: 1 new finding, the worst high\x07\a"},
		{"off", critical, ""},
		{"high", drifted(), ""},
	} {
		a := board(t, drifted().compare(), 120, 40, func(o *Options) {
			o.Watch, o.Notify, o.Connection = time.Minute, c.notify, "p\x1brod"
		})
		if got := sent(a.lookAt(t, c.found.compare())); got != c.want {
			t.Errorf("%s: sent %q, want %q", c.notify, got, c.want)
		}
	}
}
