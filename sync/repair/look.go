package repair

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

// lookAgain is how long what is asked after a look at the target may take before it is looked at once more: a rate limit can
// hold the source up for minutes, and a write must not rest on what the target held before that.
const lookAgain = 5 * time.Second

// lookers is how many records of the target are read at once.
const lookers = 8

// look reads what a question asks of the target. One read that fails is the end of all of them: what was not read must not pass for
// what is not there.
func (r *Repairer) look(ctx context.Context, q model.Question) (*model.Sight, error) {
	s := &model.Sight{
		Users: map[string]*model.User{}, Groups: map[string]*model.Group{}, Members: map[string]model.MemberList{},
		UserNames: map[string]string{}, GroupNames: map[string]string{}, ExternalIDs: map[string]string{},
		Assignments: map[string]model.Assigned{}, Dangling: map[model.Assignment]bool{}, Revisions: map[string]string{}, Records: map[string]json.RawMessage{},
	}
	var mu sync.Mutex // over the maps of s
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(lookers)
	for _, id := range q.TargetUsers {
		group.Go(func() error {
			user, found, err := r.opts.Target.GetUser(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			s.Users[id] = there(user, found)
			return err
		})
	}
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
	r.lookWhole(ctx, q, s, &mu, group)
	members := make(map[string]bool, len(q.Members))
	for _, id := range q.Members {
		members[id] = true
	}
	for _, id := range q.TargetGroups {
		group.Go(func() error {
			found, ok, err := r.opts.Target.GetGroup(ctx, id)
			var list model.MemberList
			if err == nil && ok && members[id] {
				list, err = r.opts.Target.MembersOf(ctx, id)
			}
			mu.Lock()
			defer mu.Unlock()
			s.Groups[id] = there(found, ok)
			if members[id] && ok {
				s.Members[id] = list
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
func (r *Repairer) lookAtAWS(ctx context.Context, group *errgroup.Group, mu *sync.Mutex, q model.Question, s *model.Sight) {
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

// lookWhole reads the records that are needed as the target answers them.
func (r *Repairer) lookWhole(ctx context.Context, q model.Question, s *model.Sight, mu *sync.Mutex, group *errgroup.Group) {
	read := func(ids []string, from func(context.Context, string) (json.RawMessage, bool, error)) {
		for _, id := range ids {
			group.Go(func() error {
				raw, found, err := from(ctx, id)
				mu.Lock()
				defer mu.Unlock()
				s.Records[id] = nil
				if found {
					s.Records[id] = raw
				}
				return err
			})
		}
	}
	read(q.UserRecords, r.opts.Target.RawUser)
	read(q.GroupRecords, r.opts.Target.RawGroup)
}

func there[T any](record T, found bool) *T {
	if !found {
		return nil
	}
	return &record
}

// withMembers makes sure that a group whose members are asked for is read too: the members of a group that is gone cannot be.
func withMembers(q model.Question) model.Question {
	known := make(map[string]bool, len(q.TargetGroups))
	for _, id := range q.TargetGroups {
		known[id] = true
	}
	for _, id := range q.Members {
		if !known[id] {
			q.TargetGroups = append(slices.Clip(q.TargetGroups), id)
			known[id] = true
		}
	}
	return q
}

// seen is what a check saw: what was read, and the first thing that is not as it should be ("" if all is).
type seen struct {
	sight  *model.Sight
	broken string
	// hidden: what is looked for is members that this target never shows.
	hidden bool
}

// check reads again what statements are about, at the source first and at the target last: the record that is about to be
// written is read just before. The error is for a read that failed.
func (r *Repairer) check(ctx context.Context, list []model.Statement) (seen, error) {
	q := withMembers(model.QuestionOf(list))
	var sight *model.Sight
	var looked time.Time
	look := func(ctx context.Context) (s *model.Sight, err error) {
		if s, err = r.look(ctx, q); err == nil {
			err = r.emptied(s.Members)
		}
		sight, looked = s, r.opts.Now()
		return s, err
	}
	if !q.FromSource() {
		if _, err := look(ctx); err != nil {
			return seen{}, err
		}
		return seen{sight: sight, broken: sight.Broken(list)}, nil
	}
	compared, err := r.opts.Reader.Recheck(ctx, q, look)
	if err == nil && r.opts.Now().Sub(looked) > lookAgain {
		compared, err = r.opts.Reader.Recheck(ctx, model.Question{}, look)
	}
	if err != nil {
		return seen{}, err
	}
	sight.Compared = compared
	return seen{sight: sight, broken: sight.Broken(list)}, nil
}
