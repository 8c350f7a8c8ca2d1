package repair

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// What a watch may take of OneLogin's hourly calls, on which its own provisioner lives too. Re-reading a subject
// takes about four of them.
const (
	// rereads is how many subjects are read again in one round; at the deadline it is lastRereads.
	rereads, lastRereads = 4, 20
	// callsForRereads is how many calls must be left for a subject to be read again of which nothing was logged,
	// callsForNews for one of which something was, and callsForLog for the log.
	callsForRereads, callsForNews, callsForLog = 500, 100, 20
	// patience is how long a subject of which nothing was logged rests after it was looked at once; it grows with each
	// look that finds nothing, up to patienceMost.
	patience, patienceMost = 10 * time.Second, time.Minute
)

// reread looks again at what has not ended yet: first at that of which something was logged, then at what was not
// looked at for the longest time. last is for the look at the deadline, which takes in all that it can.
func (w *watch) reread(ctx context.Context, last bool) {
	open := w.due(last)
	if len(open) == 0 {
		return
	}
	if slices.ContainsFunc(open, (*awaited).settings) {
		c, err := w.o.Reader.Refresh(ctx, model.Subject{Type: model.SubjectConnection})
		w.take(ctx, c, err, func(a *awaited) bool { return a.settings() })
		return
	}
	most := rereads
	if last {
		most = lastRereads
	}
	var subjects []model.Subject
	for _, a := range open {
		if s := a.tick.Subject; !slices.Contains(subjects, s) && len(subjects) < most {
			subjects = append(subjects, s)
		}
	}
	for _, s := range subjects {
		if ctx.Err() != nil {
			return
		}
		c, err := w.o.Reader.Refresh(ctx, s)
		w.take(ctx, c, err, func(a *awaited) bool { return a.tick.Subject == s })
		w.login(ctx, c, s)
	}
}

// due are the findings to look at in this round, the most promising first.
func (w *watch) due(last bool) (open []*awaited) {
	left := w.o.Source.Budget()
	short := func(need int) bool { return left.Known && left.Remaining < need }
	now := w.o.Now()
	for _, a := range w.awaited {
		rest := min(patience*time.Duration(max(a.looks, 1)), patienceMost)
		switch {
		case a.tick.Done, a.tick.Subject == model.Subject{}, short(callsForNews):
		case a.hasNews(), !short(callsForRereads) && (last || a.looks == 0 || now.Sub(a.looked) >= rest):
			open = append(open, a)
		}
	}
	if short(callsForNews) && !w.allDone() {
		w.said = fmt.Sprintf("OneLogin has only %d calls left for this hour, so nothing is read again until there "+
			"are more", left.Remaining)
	}
	slices.SortStableFunc(open, func(a, b *awaited) int {
		if a.hasNews() != b.hasNews() {
			if a.hasNews() {
				return -1
			}
			return 1
		}
		return a.looked.Compare(b.looked)
	})
	return open
}

func (a *awaited) hasNews() bool { return a.newsAt.After(a.looked) }

// take holds the findings that were read again against the fresh comparison. A read that failed changes nothing: it
// is said, and tried again.
func (w *watch) take(ctx context.Context, c *drift.Comparison, err error, fresh func(*awaited) bool) {
	if err != nil {
		if ctx.Err() == nil {
			w.said = err.Error()
		}
		for _, a := range w.awaited {
			if fresh(a) && !a.tick.Done {
				a.tick.Seen = "it could not be read: " + err.Error()
				a.looks++ // so that the others get their turn, and a service in trouble is not pressed
			}
		}
		return
	}
	w.compared = c
	for _, a := range w.awaited {
		if fresh(a) && !a.tick.Done {
			a.weigh(c)
			a.looked = w.o.Now()
			a.looks++
		}
	}
}

// login asks how OneLogin says that it stands with a user, where re-reading them did not tell.
func (w *watch) login(ctx context.Context, c *drift.Comparison, s model.Subject) {
	if c == nil || s.Type != model.SubjectUser || s.SourceID == "" {
		return
	}
	if _, told := c.Source.Logins[s.SourceID]; told {
		return
	}
	open := slices.IndexFunc(w.awaited, func(a *awaited) bool { return a.tick.Subject == s && !a.tick.Done })
	if open < 0 {
		return
	}
	if l, err := w.o.Source.Login(ctx, s.SourceID); err == nil {
		w.awaited[open].tick.Seen = loginWords(l)
	}
}
