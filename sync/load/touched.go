package load

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// again reads once more what was patched into the last reading while a load was under way, which may have read it
// before.
type again func(ctx context.Context, r *reading) error

// touch notes that something was read again, or written, so that a load under way reads it once more before its
// reading takes the place of the last one.
func (l *Loader) touch(what model.Subject, read again) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.touched != nil {
		l.touched[what] = read
	}
}

// touchRecords notes records of the target.
func (l *Loader) touchRecords(seen *plan.Observation) {
	for id := range seen.Users {
		l.touchRecord(model.Subject{Type: model.SubjectUser, TargetID: id},
			func(ctx context.Context, now *plan.Observation) error {
				user, found, err := l.target.GetUser(ctx, id)
				if now.Users = map[string]*model.User{id: nil}; found {
					now.Users[id] = &user
				}
				return err
			})
	}
	for id := range seen.Groups {
		_, members := seen.Members[id]
		what := model.Subject{Type: model.SubjectGroup, TargetID: id}
		if members {
			what.Name = "with its members"
		}
		l.touchRecord(what, func(ctx context.Context, now *plan.Observation) error {
			group, found, err := l.target.GetGroup(ctx, id)
			if now.Groups = map[string]*model.Group{id: nil}; found {
				now.Groups[id] = &group
			}
			if members && found && err == nil {
				var list model.MemberList
				list, err = l.target.MembersOf(ctx, id)
				now.Members = map[string]model.MemberList{id: list}
			}
			return err
		})
	}
}

// touchAssignments notes what the lens was asked.
func (l *Loader) touchAssignments(seen *plan.Observation) {
	for id := range seen.Assignments {
		l.touch(model.Subject{TargetID: id, Name: "its account assignments"},
			func(ctx context.Context, r *reading) error {
				of := model.Subject{Type: model.SubjectUser, TargetID: id}
				if r.group(id) >= 0 {
					of.Type = model.SubjectGroup
				}
				l.reassign(ctx, r, of)
				return nil
			})
	}
	for a, hangs := range seen.Dangling {
		gone := &plan.Observation{Dangling: map[model.Assignment]bool{a: hangs}}
		l.touch(model.Subject{TargetID: a.PrincipalID, Name: a.String()}, func(_ context.Context, r *reading) error {
			l.patchDangling(r, gone)
			return nil
		})
	}
}

func (l *Loader) touchRecord(what model.Subject, look func(ctx context.Context, now *plan.Observation) error) {
	l.touch(what, func(ctx context.Context, r *reading) error {
		var now plan.Observation
		if err := look(ctx, &now); err != nil {
			return err
		}
		r.patchTarget(&now, l.opts.Groups.Ignores)
		r.forget(&now)
		return nil
	})
}

// replace puts what a load has read in the place of the last reading.
func (l *Loader) replace(ctx context.Context, r *reading, c *drift.Comparison) error {
	release, err := hold(ctx, l.changing)
	if err != nil {
		return err
	}
	defer release()
	l.mu.Lock()
	touched := l.touched
	l.touched = nil
	l.mu.Unlock()
	for _, read := range touched {
		if err := read(ctx, r); err != nil {
			return err
		}
	}
	if len(touched) > 0 {
		c = r.compare(l.opts)
	}
	l.keep(r, c)
	return nil
}
