package repair

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// lookAgain is how long what is asked after a look at the target may take before it is looked at once more: a rate
// limit can hold the source up for minutes, and a write must not rest on what the target held before that.
const lookAgain = 5 * time.Second

// lookers is how many records of the target are read at once.
const lookers = 8

// look reads what a question asks of the target. One read that fails is the end of all of them: what was not read
// must not pass for what is not there.
func (r *Repairer) look(ctx context.Context, q model.Question) (*plan.Observation, error) {
	s := &plan.Observation{
		Users: map[string]*model.User{}, Groups: map[string]*model.Group{}, Members: map[string]model.MemberList{},
		UserNames: map[string]string{}, GroupNames: map[string]string{}, ExternalIDs: map[string]string{},
		Assignments: map[string]model.Assigned{}, Dangling: map[model.Assignment]bool{}, Revisions: map[string]string{},
		Records: map[string]json.RawMessage{}, Versions: map[string]model.RecordVersion{},
	}
	var mu sync.Mutex // over the maps of s
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(lookers)
	find := func(name, externalID string, key string, in map[string]string) {
		group.Go(func() error {
			user, found, err := r.opts.Target.FindUser(ctx, name, externalID)
			mu.Lock()
			defer mu.Unlock()
			in[key] = user.ID
			if found && s.Users[user.ID] == nil {
				s.Users[user.ID] = &user
			}
			return err
		})
	}
	for _, name := range q.UserNames {
		find(name, "", model.Fold(name), s.UserNames)
	}
	for _, id := range q.ExternalIDs {
		find("", id, id, s.ExternalIDs)
	}
	for _, name := range q.GroupNames {
		group.Go(func() error {
			found, ok, err := r.opts.Target.FindGroup(ctx, name, "")
			mu.Lock()
			defer mu.Unlock()
			s.GroupNames[model.Fold(name)] = found.ID
			if ok && s.Groups[found.ID] == nil {
				s.Groups[found.ID] = &found
			}
			return err
		})
	}
	for _, of := range recordsOf(q) {
		group.Go(func() error {
			t, found, err := r.opts.Target.Record(ctx, of.Type, of.ID, of.members)
			mu.Lock()
			defer mu.Unlock()
			s.Records[of.ID], s.Versions[of.ID] = t.Raw, t.Version
			if of.Type == model.SubjectUser {
				s.Users[of.ID] = there(t.User, found)
				return err
			}
			s.Groups[of.ID] = there(t.Group, found)
			if of.members && found {
				s.Members[of.ID] = t.Members
			}
			return err
		})
	}
	r.lookAtAWS(ctx, group, &mu, q, s)
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return s, nil
}

// lookAtAWS reads what only the lens can tell.
func (r *Repairer) lookAtAWS(ctx context.Context, group *errgroup.Group, mu *sync.Mutex, q model.Question,
	s *plan.Observation,
) {
	for _, of := range q.Principals {
		group.Go(func() error {
			if r.opts.Lens == nil {
				return errNoLens
			}
			list, err := r.opts.Lens.Assignments(ctx, of)
			mu.Lock()
			defer mu.Unlock()
			s.Assignments[of.ID] = model.Assigned{List: list}
			return err
		})
	}
	for _, a := range q.Dangling {
		group.Go(func() error {
			if r.opts.Lens == nil {
				return errNoLens
			}
			hangs, err := r.opts.Lens.Assigned(ctx, a)
			mu.Lock()
			defer mu.Unlock()
			s.Dangling[a] = hangs
			return err
		})
	}
	for _, of := range q.Revisions {
		group.Go(func() error {
			if r.opts.Lens == nil {
				return errNoLens
			}
			revision, err := r.opts.Lens.Revision(ctx, of)
			mu.Lock()
			defer mu.Unlock()
			s.Revisions[of.ID] = revision
			return err
		})
	}
}

// record is one record that a question needs.
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
	add(model.SubjectUser, false, q.UserRecords...)
	add(model.SubjectGroup, false, q.TargetGroups...)
	add(model.SubjectGroup, false, q.GroupRecords...)
	add(model.SubjectGroup, true, q.Members...)
	return out
}

func there[T any](record T, found bool) *T {
	if !found {
		return nil
	}
	return &record
}

// seen is what a check saw: what was read, and the first thing that is not as it should be ("" if all is).
type seen struct {
	observed *plan.Observation
	broken   string
	// hidden: what is looked for is members that this target never shows.
	hidden bool
}

// check reads again what conditions are about, at the source first and at the target last: the record that is about
// to be written is read just before. The error is for a read that failed.
func (r *Repairer) check(ctx context.Context, list []model.Condition) (seen, error) {
	q := plan.QuestionOf(list)
	var observed *plan.Observation
	var looked time.Time
	look := func(ctx context.Context) (s *plan.Observation, err error) {
		if s, err = r.look(ctx, q); err == nil {
			err = r.emptied(s.Members)
		}
		observed, looked = s, r.opts.Now()
		return s, err
	}
	if !q.FromSource() {
		if _, err := look(ctx); err != nil {
			return seen{}, err
		}
		return seen{observed: observed, broken: observed.Broken(list)}, nil
	}
	compared, err := r.opts.Reader.Recheck(ctx, q, look)
	if err == nil && r.opts.Now().Sub(looked) > lookAgain {
		compared, err = r.opts.Reader.Recheck(ctx, model.Question{}, look)
	}
	if err != nil {
		return seen{}, err
	}
	observed.Compared = compared
	return seen{observed: observed, broken: observed.Broken(list)}, nil
}

// emptied is an error for a group that the target says has nobody in it although somebody was when both sides were
// read: that is what a list looks like that could not be read, so that nothing is taken, granted or kept on the
// strength of it. What a run takes out itself is patched into the last comparison.
func (r *Repairer) emptied(members map[string]model.MemberList) error {
	c := r.opts.Reader.Last()
	if c == nil {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(members)) {
		if list := members[id]; list.Unknown != "" || len(list.IDs) > 0 {
			continue
		}
		g := slices.IndexFunc(c.Target.Groups, func(g model.Group) bool { return g.ID == id })
		if g < 0 || c.Target.Groups[g].MembersUnknown != "" {
			continue
		}
		if n := len(c.Target.Members.Of(g)); n > 0 {
			return fmt.Errorf("the target lists nobody in %s, and %d were in it when both sides were read; load both "+
				"sides again and plan again", nameAlone(c.Target.Groups[g].Name), n)
		}
	}
	return nil
}
