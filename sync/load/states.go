package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Provisioning states cost one request for each user, so only users with a finding are asked about, and never more than
// these: the cost follows what has drifted, not the size of the tenant.
const (
	// stateUsers is how many users are asked about in one load.
	stateUsers = 100
	// stateShare is the part of the hour's remaining calls that may go into it: OneLogin's own provisioner and other
	// clients live on the same budget.
	stateShare = 0.05
	// stateWorkers is how many are asked about at once; OneLogin has answered bursts with 502
	// (https://github.com/onelogin/terraform-provider-onelogin/issues/219).
	stateWorkers = 4
	// stateMembers is how many members of one group are asked about. A cause needs all of them, so a group that lacks
	// more gets what the others leave of the budget.
	stateMembers = 20
	// stateFailures is how many failures in a row end the asking.
	stateFailures = 3
)

// Logins tells how provisioning of single users stands.
type Logins interface {
	// Login is that of one user for the app; the zero Login if the user has none.
	Login(ctx context.Context, userID string) (model.Login, error)
	// Budget is what the service said last of the calls of this hour.
	Budget() model.Budget
}

// explainStates asks about the users whom findings are about; nil if there is nobody to ask for. States explain
// findings and are no part of coverage. Before it asks, the comparison is shown as it is. Where the source is that of
// the reading before, so are its states.
func (l *Loader) explainStates(ctx context.Context, w *watcher, r *reading, c *drift.Comparison) *stateReads {
	wanted := stateSubjects(c)
	if l.opts.Logins == nil || len(wanted) == 0 {
		return nil
	}
	if w.watch.Interim != nil {
		w.watch.Interim(c)
	}
	s := &stateReads{got: map[string]model.Login{}, wanted: len(wanted)}
	budget := l.stateBudget()
	if r.keptSource {
		budget = min(budget, max(lookCalls-(l.source.Requests()-w.before[model.SourceSide]), 0))
		wanted = slices.DeleteFunc(wanted, func(id string) bool {
			login, known := r.logins[id]
			if known {
				s.got[id] = login
			}
			return known
		})
	}
	asked := wanted[:min(len(wanted), budget)]
	s.asked = len(s.got) + len(asked)
	l.askStates(transport.BeginPart(ctx), s, asked)
	return s
}

// stateBudget is how many users may be asked about.
func (l *Loader) stateBudget() int {
	left := l.opts.Logins.Budget()
	if !left.Known {
		return stateUsers
	}
	return min(stateUsers, int(float64(left.Remaining)*stateShare))
}

// stateSubjects are the ids of the source users whom a finding is about, the worst finding first, and behind them the
// members that groups lack, a few of each group before more of any.
func stateSubjects(c *drift.Comparison) []string {
	var ids, rest []string
	seen := map[string]bool{}
	add := func(to *[]string, id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			*to = append(*to, id)
		}
	}
	for i := range c.Findings {
		f := &c.Findings[i]
		if switchedOff(f.Cause) {
			continue
		}
		switch f.Kind { //nolint:exhaustive // only these rest on a push that did not arrive
		case model.UserUnsynced, model.UserStillActive, model.UserInactive, model.UserRenamed, model.UserAttributes:
			add(&ids, f.Subject.SourceID)
		}
	}
	byName := sourceIDs(c)
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.MembersMissing || switchedOff(f.Cause) {
			continue
		}
		for n, name := range f.Members {
			if n < stateMembers {
				add(&ids, byName[name])
			} else {
				rest = append(rest, byName[name])
			}
		}
	}
	for _, id := range rest {
		add(&ids, id)
	}
	return ids
}

// switchedOff: the app's settings explain it, and no state could say more.
func switchedOff(cause model.Cause) bool {
	return cause == model.CauseProvisioningOff || cause == model.CauseGroupsNotIncluded
}

// sourceIDs finds assigned users by what findings call them; nil if no finding lists any.
func sourceIDs(c *drift.Comparison) map[string]string {
	if !slices.ContainsFunc(c.Findings, func(f model.Finding) bool { return f.Kind == model.MembersMissing }) {
		return nil
	}
	ids := make(map[string]string, len(c.Source.Users))
	for i := range c.Source.Users {
		if u := &c.Source.Users[i]; u.Assigned {
			ids[u.Called()] = u.ID
		}
	}
	return ids
}

// stateReads is what came of asking.
type stateReads struct {
	mu  sync.Mutex
	got map[string]model.Login
	// asked is how many users were to be asked about, of those who are wanted.
	asked, wanted int
	// inRow counts failures since the last answer; failed all of them; last is the newest that was not about one user.
	inRow, failed int
	last          error
	ended         bool
}

func (l *Loader) askStates(ctx context.Context, s *stateReads, ids []string) {
	var group errgroup.Group
	group.SetLimit(stateWorkers)
	for _, id := range ids {
		if ctx.Err() != nil || s.over() {
			break
		}
		group.Go(func() error {
			if ctx.Err() == nil && !s.over() { // it may have waited for its turn
				login, err := l.opts.Logins.Login(ctx, id)
				s.note(id, login, err)
			}
			return nil
		})
	}
	_ = group.Wait() // no task fails: each notes what came of it
}

func (s *stateReads) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// note takes one answer. A refusal that the next user would meet as well ends the asking at once.
func (s *stateReads) note(id string, login model.Login, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.got[id] = login
		s.inRow = 0
		return
	}
	s.failed++
	s.inRow++
	s.last = err
	if status, ok := errors.AsType[*transport.StatusError](err); ok {
		switch status.Status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
			s.ended = true
		}
	}
	s.ended = s.ended || s.inRow >= stateFailures
}

// notes says what was left out: users over the budget, and users who could not be asked about.
func (s *stateReads) notes() []string {
	var out []string
	if s.failed > 0 {
		out = append(out, fmt.Sprintf("the provisioning states of %d of %d users with a finding could not be read, "+
			"so causes that only they show stay unknown: %v",
			s.asked-len(s.got), s.wanted, s.last))
	}
	if s.asked < s.wanted {
		out = append(out, fmt.Sprintf("the provisioning states of %d of %d users with a finding were not asked for, "+
			"to leave OneLogin's hourly calls to others; "+
			"refresh a row to ask for it", s.wanted-s.asked, s.wanted))
	}
	return out
}

// refreshState asks again about the one user that is re-read. That it cannot be read is no failure of the refresh.
func (l *Loader) refreshState(ctx context.Context, r *reading, subject model.Subject) {
	if l.opts.Logins == nil || subject.Type != model.SubjectUser || subject.SourceID == "" {
		return
	}
	login, err := l.opts.Logins.Login(ctx, subject.SourceID)
	logins := make(map[string]model.Login, len(r.logins)+1)
	maps.Copy(logins, r.logins)
	delete(logins, subject.SourceID) // what is not known any more must not stand as if it were new
	if err == nil {
		logins[subject.SourceID] = login
	}
	r.logins = logins
}
