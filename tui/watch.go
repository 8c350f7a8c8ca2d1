package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// DefaultWatch is how often W looks where nothing says otherwise.
const DefaultWatch = 5 * time.Minute

// watch looks again and again in the background, and keeps what has changed until somebody has seen it.
type watch struct {
	// every is how often it looks; 0 while nobody watches. due is when it will.
	every time.Duration
	due   time.Time
	// id tells its timer from those of a watch that has ended; waits: it was due while a job went on.
	id    uint64
	waits bool
	// changed is what has changed since since, by the ids of findings.
	changed map[string]string
	since   time.Time
}

// What becomes of a finding, in the words of the board.
const cameNew, grewWorse, wentGone = "new", "worse", "gone"

// watchDueMsg says that it is time for another look.
type watchDueMsg uint64

func (a *app) toggleWatch() tea.Cmd {
	if a.watch.every > 0 {
		a.watch.every, a.watch.waits = 0, false
		return a.say("No longer watched.")
	}
	if a.watch.every = a.opts.Watch; a.watch.every == 0 {
		a.watch.every = DefaultWatch
	}
	a.status = "Watched: both sides are looked at every " + style.Span(a.watch.every) + "; " + a.label("watch") +
		" ends it."
	return a.nextLook()
}

// nextLook waits for the next look; nil while nobody watches.
func (a *app) nextLook() tea.Cmd {
	if a.watch.every == 0 {
		return nil
	}
	a.watch.id = a.next()
	id := a.watch.id
	a.watch.due = a.opts.Now().Add(a.watch.every)
	return a.after(a.watch.every, func() tea.Msg { return watchDueMsg(id) })
}

// takenBy looks, unless something else is being read, or written: then the next time is soon enough.
func (id watchDueMsg) takenBy(a *app) tea.Cmd {
	if a.watch.every == 0 || uint64(id) != a.watch.id {
		return nil
	}
	if a.watch.waits = a.job.Active() || a.settling(); a.watch.waits || a.Fetch.Active || a.Known() == nil {
		return a.nextLook()
	}
	status := a.status
	cmd := a.beginAs(wanted{look: true})
	a.status = status // nobody asked for it just now
	return tea.Batch(cmd, a.nextLook())
}

// looked notes what a read found new, worse or gone beside what was shown before, and calls the operator where that
// is grave.
func (a *app) looked(before *rows.Set) tea.Cmd {
	if a.watch.every == 0 || before == nil || a.Set == nil || before == a.Set {
		return nil
	}
	if len(a.watch.changed) == 0 {
		a.watch.changed, a.watch.since = map[string]string{}, a.now
	}
	were := map[string]*model.Finding{}
	for i := range before.Comparison.Findings {
		f := &before.Comparison.Findings[i]
		were[f.ID] = f
	}
	var grave []*model.Finding
	for i := range a.Set.Comparison.Findings {
		f := &a.Set.Comparison.Findings[i]
		was := were[f.ID]
		delete(were, f.ID)
		switch {
		case was == nil:
			a.watch.changed[f.ID] = cameNew
		case f.Severity > was.Severity || f.Severity == was.Severity && len(f.Members) > len(was.Members):
			if a.watch.changed[f.ID] != cameNew {
				a.watch.changed[f.ID] = grewWorse
			}
		}
		if (was == nil || was.Severity < f.Severity) && a.notifies(f.Severity) {
			grave = append(grave, f)
		}
	}
	for id := range were {
		if a.watch.changed[id] == cameNew { // it came and went unseen
			delete(a.watch.changed, id)
		} else {
			a.watch.changed[id] = wentGone
		}
	}
	if len(grave) == 0 {
		return nil
	}
	worst := slices.MaxFunc(grave, func(x, y *model.Finding) int { return cmp.Compare(x.Severity, y.Severity) })
	return tea.Raw(style.Notification("scimdrift " + a.opts.Connection + ": " +
		style.Count(len(grave), "new finding") + ", the worst " + worst.Severity.String()))
}

// notifies: a new finding of that severity calls the operator.
func (a *app) notifies(s model.Severity) bool {
	return s.String() == a.opts.Notify || s == model.Critical && a.opts.Notify == model.High.String()
}

// changes counts what has changed since somebody last looked, such as "2 new, 1 gone since 02:10"; empty if nothing
// has.
func (a *app) changes() string {
	counts := map[string]int{}
	for _, c := range a.watch.changed {
		counts[c]++
	}
	var parts []string
	for _, c := range []string{cameNew, grewWorse, wentGone} {
		if counts[c] > 0 {
			parts = append(parts, style.Number(counts[c])+" "+c)
		}
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, ", ") + " since " + a.context().Minute(a.watch.since)
}

// tried says when what is stale is tried again.
func (a *app) tried() string {
	if a.watch.every == 0 {
		return a.label("reload") + " reads again"
	}
	return "tried again at " + a.context().Minute(a.watch.due)
}

// watching says in the header how often both sides are looked at, and as of when what was not read again is.
func (a *app) watching() (parts []string) {
	if a.watch.every > 0 {
		text := "watched every " + style.Span(a.watch.every)
		if a.watch.waits {
			text = "watch waits for the job"
		}
		parts = append(parts, text)
	}
	if s := a.Set.Directory(model.SourceSide); s.Unchanged.After(s.ReadAt) {
		parts = append(parts, a.context().Source()+" as of "+a.context().Minute(s.ReadAt)+", no event since")
	}
	return parts
}
