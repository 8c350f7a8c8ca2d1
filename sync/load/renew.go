package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// eventsLate is how long after it happened OneLogin may log something.
const eventsLate = 5 * time.Minute

// RenewWithin is how old the last reading may be for a run to rest on it.
const RenewWithin = time.Hour

// ReadsInFull says why a run that began now would read both sides in full; "" if single answers do.
func (l *Loader) ReadsInFull() string {
	last, _ := l.lastReading()
	return l.whyNotRenewable(last)
}

func (l *Loader) whyNotRenewable(r *reading) string {
	if r == nil {
		return "nothing is kept of this connection on this machine"
	}
	readAt := r.Source.At.Oldest(model.SourceParts())
	if age := l.opts.Now().Sub(readAt); age < 0 || age > RenewWithin {
		return fmt.Sprintf("both sides were read at %s, and a run rests on no reading older than an hour",
			model.ToTheSecond(readAt))
	}
	if why := r.whyEventsInsufficient(); why != "" {
		return why
	}
	return incompletePart("the target's", model.TargetParts(), r.Target.Coverage)
}

// whyEventsInsufficient says why OneLogin's events cannot tell what of a reading's source has changed since; "" if they
// can.
func (r *reading) whyEventsInsufficient() string {
	if why := incompletePart("OneLogin's", model.SourceParts(), r.Source.Coverage); why != "" {
		return why
	}
	if r.Source.Coverage[model.PartEvents].State == model.Skipped {
		return "the configuration leaves out the events, which would tell what has changed"
	}
	return ""
}

// incompletePart says which part of a side was not read in full; "" if all were.
func incompletePart(whose string, parts []model.Part, coverages model.Coverages) string {
	for _, p := range parts {
		if !coverages[p].Settled() {
			return fmt.Sprintf("%s %s were not read in full", whose, p)
		}
	}
	return ""
}

// Renew brings the last reading up to date for a run, at a cost that does not grow with the tenant: the app, the
// names of all roles, the rules, OneLogin's events since, and where rules make names of groups out of users'
// attributes, the users who changed. What was asked before serves no longer. full is why that does not do and both
// sides were read in full instead; why, if it is not empty, asks for that. The error says what could not be read; then
// the last reading stays as it was, and c, where it is there, is for the guard to say what depends on that.
func (l *Loader) Renew(ctx context.Context, why string) (c *drift.Comparison, full string, err error) {
	if full = why; full == "" {
		full = l.ReadsInFull()
	}
	if full == "" {
		c, err = l.renew(ctx)
		changed, ok := errors.AsType[*changedError](err)
		if !ok {
			return c, "", err
		}
		full = changed.what
	}
	c, err = l.Read(ctx)
	return c, full, err
}

func (l *Loader) renew(ctx context.Context) (*drift.Comparison, error) {
	return l.changeLast(ctx, false, func(r *reading) (*drift.Comparison, error) {
		r.forgetRecent()
		for _, read := range []func(context.Context, *reading) error{
			l.rereadGrouping, l.appendEvents, l.rereadChangedUsers,
		} {
			if err := read(ctx, r); err != nil {
				return nil, err
			}
		}
		err := l.judgeReread(ctx, r, true)
		r.renewed = true
		return r.compare(l.opts), err
	})
}

// forgetRecent makes all that is asked from now on asked anew.
func (r *reading) forgetRecent() {
	r.recent, r.regroupedAt, r.appUserIDsAt = nil, time.Time{}, time.Time{}
}

// appendEvents adds the events since the reading. Those about a record that a run is about speak for or against its
// findings. One that names neither a user nor a role nor an app may be about anything.
func (l *Loader) appendEvents(ctx context.Context, r *reading) error {
	since := l.opts.Observer.onSourceClock(r.answers, r.Source.At[model.PartEvents])
	events, err := l.source.Tail(ctx, since)
	if err != nil {
		return &changedError{"what has changed could not be read from OneLogin's log: " + err.Error()}
	}
	known := r.eventIDs()
	var came []model.Event
	for _, e := range events {
		switch {
		case known[e.ID]:
			continue
		case e.UserID == "" && e.RoleID == "" && e.AppID == "":
			return &changedError{fmt.Sprintf("OneLogin logged %q, which says nothing of whom it is about,",
				e.TypeName())}
		}
		came = append(came, e)
	}
	r.Source.Events = append(came, r.Source.Events...)
	slices.SortStableFunc(r.Source.Events, func(a, b model.Event) int { return b.At.Compare(a.At) })
	return nil
}

func (r *reading) eventIDs() map[string]bool {
	return model.SetOf(r.Source.Events, func(e *model.Event) string { return e.ID })
}

// maxChangedUsers is how many users are asked for one by one before a run; of more, both sides are read in full.
const maxChangedUsers = 25

// rereadChangedUsers asks again for the users who may yield other names by now, where rules make names of groups out of
// attributes: those whose records changed since the reading, and those whom OneLogin's log names, who may have come
// to the app or left it.
func (l *Loader) rereadChangedUsers(ctx context.Context, r *reading) error {
	if !model.NamesFromAttributes(r.Source.Rules) {
		return nil
	}
	const why = "rules make names of groups out of attributes of users, and "
	grants := map[string]bool{}
	for i := range r.Source.Roles {
		grants[r.Source.Roles[i].ID] = r.Source.Roles[i].Grants
	}
	since := l.opts.Observer.onSourceClock(r.answers, r.oldestPart())
	var logged []string
	for i := range r.Source.Events {
		switch e := &r.Source.Events[i]; {
		case e.At.Before(since.Add(-eventsLate)):
		case e.UserID != "":
			logged = append(logged, e.UserID)
		case e.AppID == r.Source.App.ID || grants[e.RoleID]:
			return &changedError{fmt.Sprintf("%sOneLogin logged %q without a user,", why, e.TypeName())}
		}
	}
	ids, err := l.source.ChangedSince(ctx, since, maxChangedUsers)
	if err != nil {
		return &changedError{why + err.Error()}
	}
	ids = append(ids, logged...)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) > maxChangedUsers {
		return &changedError{fmt.Sprintf("%s%d of them may have changed", why, len(ids))}
	}
	if err := l.recheckUsers(ctx, r, model.Question{SourceUsers: ids}, nil); err != nil {
		return &changedError{why + err.Error()}
	}
	return nil
}
