package repair

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// rereadAfter is how long what is asked after a look at the target may take before it is looked at once more: a rate
// limit can hold the source up for minutes, and a write must not rest on what the target held before that.
const rereadAfter = 5 * time.Second

// readWorkers is how many records of the target are read at once.
const readWorkers = 8

// observe reads what a question asks of the target, all or nothing: what was not read must not pass for what is not
// there.
func (r *Repairer) observe(ctx context.Context, q model.Question) (*plan.Observation, error) {
	s := plan.NewObservation()
	lens := r.opts.Lens
	if lens == nil && len(q.Principals)+len(q.Dangling)+len(q.Revisions) > 0 {
		return nil, errNoLens
	}
	var mu sync.Mutex // over the maps of s
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readWorkers)
	ask := func(read func() (keep func(), err error)) {
		group.Go(func() error {
			keep, err := read()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				keep()
			}
			return err
		})
	}
	find := func(name, externalID string, key string, in map[string]string) {
		ask(func() (func(), error) {
			user, found, err := r.opts.Target.FindUser(ctx, name, externalID)
			return func() {
				in[key] = user.ID
				if _, byID := s.Users[user.ID]; found && !byID {
					s.Users[user.ID] = &user
				}
			}, err
		})
	}
	for _, name := range q.UserNames {
		find(name, "", model.Fold(name), s.UserNames)
	}
	for _, id := range q.ExternalIDs {
		find("", id, id, s.ExternalIDs)
	}
	for _, name := range q.GroupNames {
		ask(func() (func(), error) {
			g, found, err := r.opts.Target.FindGroup(ctx, name, "")
			return func() {
				s.GroupNames[model.Fold(name)] = g.ID
				if _, byID := s.Groups[g.ID]; found && !byID {
					s.Groups[g.ID] = &g
				}
			}, err
		})
	}
	for _, of := range recordsOf(q) {
		ask(func() (func(), error) {
			t, found, err := r.opts.Target.Record(ctx, of.Type, of.ID, of.members)
			return func() { keepRecord(&s, of, t, found) }, err
		})
	}
	for _, of := range q.Principals {
		ask(func() (func(), error) {
			list, err := lens.Assignments(ctx, of)
			return func() { s.Assignments[of.ID] = model.Assigned{List: list} }, err
		})
	}
	for _, a := range q.Dangling {
		ask(func() (func(), error) {
			hangs, err := lens.Assigned(ctx, a)
			return func() { s.Dangling[a] = hangs }, err
		})
	}
	for _, of := range q.Revisions {
		ask(func() (func(), error) {
			revision, err := lens.Revision(ctx, of)
			return func() { s.Revisions[of.ID] = revision }, err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return &s, nil
}

func keepRecord(s *plan.Observation, of record, t model.TargetRecord, found bool) {
	s.Records[of.RecordRef], s.Versions[of.RecordRef] = t.Raw, t.Version
	switch {
	case of.Type == model.SubjectUser && found:
		s.Users[of.ID] = &t.User
	case of.Type == model.SubjectUser:
		s.Users[of.ID] = nil
	case !found:
		s.Groups[of.ID] = nil
	default:
		s.Groups[of.ID] = &t.Group
		if of.members {
			s.Members[of.ID] = t.Members
		}
	}
}

type record struct {
	model.RecordRef

	// members: of a group, also who is in it.
	members bool
}

// recordsOf are the records that a question needs, each once: the members of a group that is gone cannot be told.
func recordsOf(q model.Question) (out []record) {
	add := func(kind model.SubjectType, members bool, ids ...string) {
		for _, id := range ids {
			of := model.RecordRef{Type: kind, ID: id}
			at := slices.IndexFunc(out, func(r record) bool { return r.RecordRef == of })
			if at < 0 {
				out, at = append(out, record{RecordRef: of}), len(out)
			}
			out[at].members = out[at].members || members
		}
	}
	add(model.SubjectUser, false, q.TargetUsers...)
	add(model.SubjectGroup, false, q.TargetGroups...)
	add(model.SubjectGroup, true, q.Members...)
	return out
}

// checkResult is what a check saw: what was read, and the first thing that is not as it should be ("" if all is).
type checkResult struct {
	observed *plan.Observation
	broken   string
	// hidden: what is looked for is members that this target never shows.
	hidden bool
}

// checkConditions reads again what conditions are about, at the source first and at the target last: the record that is
// about to be written is read just before. The error is for a read that failed.
func (r *Repairer) checkConditions(ctx context.Context, list []model.Condition) (saw checkResult, err error) {
	q := plan.QuestionOf(list)
	var looked time.Time
	look := func(ctx context.Context) (s *plan.Observation, err error) {
		if s, err = r.observe(ctx, q); err == nil {
			err = r.errIfEmptied(s.Members)
		}
		saw.observed, looked = s, r.opts.Now()
		return s, err
	}
	if !q.FromSource() {
		_, err = look(ctx)
	} else {
		var compared *drift.Comparison
		compared, err = r.opts.Reader.Recheck(ctx, q, look)
		if err == nil && r.opts.Now().Sub(looked) > rereadAfter {
			compared, err = r.opts.Reader.Recheck(ctx, model.Question{}, look)
		}
		if err == nil {
			saw.observed.Compared = compared
		}
	}
	if err != nil {
		return checkResult{}, err
	}
	saw.broken = saw.observed.Broken(list)
	return saw, nil
}

// errIfEmptied is an error for a group that the target says has nobody in it although somebody was when both sides were
// read: that is what a list looks like that could not be read, so that nothing is taken, granted or kept on the
// strength of it. What a run takes out itself is patched into the last comparison.
func (r *Repairer) errIfEmptied(members map[string]model.MemberList) error {
	target := &r.opts.Reader.Last().Target
	for g := range target.Groups {
		list, read := members[target.Groups[g].ID]
		if n := len(target.Members.Of(g)); n > 0 && read && list.Unknown == "" && len(list.IDs) == 0 {
			return fmt.Errorf("the target lists nobody in %s, and %d were in it when both sides were read; load both "+
				"sides again and plan again", visibleName(target.Groups[g].Name), n)
		}
	}
	return nil
}
