package load

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Provisioning states cost one request for each user, so only users with a finding are asked about, and never more than
// these: the cost follows what has drifted, not the size of the tenant.
const (
	// stateUsers is how many users are asked about in one load.
	stateUsers = 100
	// stateShare is the part of the hour's remaining calls that may go into it: others live on the same budget.
	stateShare = 0.05
	// stateWorkers is how many are asked about at once; OneLogin has answered bursts with 502
	// (https://github.com/onelogin/terraform-provider-onelogin/issues/219).
	stateWorkers = 4
	// stateMembers is how many members of one group are asked about; of more what the others leave of the budget.
	stateMembers = 20
	// stateLingering is how many of those are asked about who have lost the app and are still at the target. Only their
	// states show that removals wait for an approval, and a few show it as well as all.
	stateLingering = 5
)

// Logins tells how provisioning of single users stands.
type Logins interface {
	// Login is that of one user for the app; the zero Login if the user has none.
	Login(ctx context.Context, userID string) (model.Login, error)
	// Budget is what the service said last of the calls of this hour.
	Budget() model.Budget
}

// explainStates asks about the users whom findings are about, and notes what was left out; nil if there is nobody to
// ask for. States explain findings and are no part of coverage. Before it asks, the comparison is shown as it is. Where
// the source is that of the reading before, so are its states.
func (l *Loader) explainStates(ctx context.Context, w *watcher, r *reading, c *drift.Comparison) (
	got map[string]model.Login, notes []string,
) {
	wanted := stateSubjects(c)
	if l.opts.Logins == nil || len(wanted) == 0 {
		return nil, nil
	}
	if w.watch.Interim != nil {
		w.watch.Interim(c)
	}
	got = map[string]model.Login{}
	budget, open := l.stateBudget(), slices.Clone(wanted)
	if r.sourceKept {
		budget = min(budget, max(lookCalls-(l.source.Requests()-w.requestsBefore[model.SourceSide]), 0))
		open = slices.DeleteFunc(open, func(id string) bool {
			login, known := r.Source.Logins[id]
			if known {
				got[id] = login
			}
			return known
		})
	}
	ids := open[:min(len(open), budget)]
	if failed, last := l.askStates(transport.BeginPart(ctx), ids, got); failed > 0 {
		notes = append(notes, fmt.Sprintf("the provisioning states of %d of %d users with a finding could not be "+
			"read, so causes that only they show stay unknown: %v", failed, len(wanted), last))
	}
	if left := len(open) - len(ids); left > 0 {
		notes = append(notes, fmt.Sprintf("the provisioning states of %d of %d users with a finding were not asked "+
			"for, to leave OneLogin's hourly calls to others; refresh a row to ask for it", left, len(wanted)))
	}
	return got, notes
}

// askStates asks for users one by one, and tells of how many that failed and how the last time.
func (l *Loader) askStates(ctx context.Context, ids []string, got map[string]model.Login) (failed int, last error) {
	logins := make([]model.Login, len(ids))
	errs := transport.Each(ctx, len(ids), stateWorkers, func(ctx context.Context, i int) (err error) {
		logins[i], err = l.opts.Logins.Login(ctx, ids[i])
		return err
	}, nil)
	for i, err := range errs {
		if err != nil {
			failed, last = failed+1, err
			continue
		}
		got[ids[i]] = logins[i]
	}
	return failed, last
}

func (l *Loader) stateBudget() int {
	left := l.opts.Logins.Budget()
	if !left.Known {
		return stateUsers
	}
	return min(stateUsers, int(float64(left.Remaining)*stateShare))
}

// stateSubjects are the ids of the source users whom a finding is about, the worst finding first, and behind them the
// members that groups lack, a few of each group before more of any. A few of those who linger come last.
func stateSubjects(c *drift.Comparison) []string {
	var ids, rest, lingering []string
	seen := map[string]bool{}
	add := func(to *[]string, id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			*to = append(*to, id)
		}
	}
	for i := range c.Findings {
		f := &c.Findings[i]
		if isProvisioningOff(f.Cause) {
			continue
		}
		switch f.Kind { //nolint:exhaustive // only these rest on a push that did not arrive
		case model.UserUnsynced, model.UserStillActive, model.UserInactive, model.UserRenamed, model.UserAttributes:
			add(&ids, f.Subject.SourceID)
		case model.UserLingering:
			if f.Subject.SourceID != "" && len(lingering) < stateLingering {
				lingering = append(lingering, f.Subject.SourceID)
			}
		}
	}
	byName := sourceIDs(c)
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.MembersMissing || isProvisioningOff(f.Cause) {
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
	for _, id := range slices.Concat(rest, lingering) {
		add(&ids, id)
	}
	return ids
}

// isProvisioningOff: the app's settings explain it, and no state could say more.
func isProvisioningOff(cause model.Cause) bool {
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

// refreshState asks again about the one user that is re-read. That it cannot be read is no failure of the refresh.
func (l *Loader) refreshState(ctx context.Context, r *reading, subject model.Subject) {
	if l.opts.Logins == nil || subject.Type != model.SubjectUser || subject.SourceID == "" {
		return
	}
	login, err := l.opts.Logins.Login(ctx, subject.SourceID)
	logins := make(map[string]model.Login, len(r.Source.Logins)+1)
	maps.Copy(logins, r.Source.Logins)
	delete(logins, subject.SourceID) // what is not known any more must not stand as if it were new
	if err == nil {
		logins[subject.SourceID] = login
	}
	r.Source.Logins = logins
}
