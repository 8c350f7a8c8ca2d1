package load

import (
	"context"
	"maps"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// concurrentChanges is what was read again, or written, since a load began. The load may have read it before, and so
// reads it once more before its reading takes the place of the last one.
type concurrentChanges struct {
	any      bool
	subjects map[model.Subject]bool
	seen     plan.Observation
}

// noteChange notes for the load that is under way what was read of the target, and which subjects were on both sides.
func (l *Loader) noteChange(seen *plan.Observation, subjects ...model.Subject) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changedDuringLoad == nil {
		return
	}
	l.changedDuringLoad.any = true
	for _, one := range subjects {
		l.changedDuringLoad.subjects[one] = true
	}
	all := &l.changedDuringLoad.seen
	maps.Copy(all.Users, seen.Users)
	maps.Copy(all.Groups, seen.Groups)
	maps.Copy(all.Members, seen.Members)
	maps.Copy(all.Assignments, seen.Assignments)
	maps.Copy(all.Dangling, seen.Dangling)
}

// replaceLast puts what a load has read in the place of the last reading.
func (l *Loader) replaceLast(ctx context.Context, r *reading, c *drift.Comparison) error {
	release, err := l.changingMu.Lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	l.mu.Lock()
	t := l.changedDuringLoad
	l.changedDuringLoad = nil
	l.mu.Unlock()
	if t.any {
		l.rereadChanged(ctx, r, t)
		c = r.compare(l.opts)
	}
	if ctx.Err() != nil {
		return cancelledError(ctx)
	}
	l.setLast(r, c)
	return nil
}

// rereadChanged reads once more what was touched. What cannot be read makes its part partial.
func (l *Loader) rereadChanged(ctx context.Context, r *reading, t *concurrentChanges) {
	for subject := range t.subjects {
		if err := l.rereadSubject(ctx, r, subject); err != nil {
			parts := []model.Part{model.PartUsers}
			if subject.Type != model.SubjectUser {
				parts = []model.Part{model.PartGroups, model.PartMemberships, model.PartRules}
			}
			markNotReread(err, &r.Source.Coverage, parts...)
			markNotReread(err, &r.Target.Coverage, parts...)
		}
	}
	now := &t.seen
	markNotReread(rereadRecords(ctx, now.Users, l.target.GetUser), &r.Target.Coverage, model.PartUsers)
	markNotReread(rereadRecords(ctx, now.Groups, l.target.GetGroup), &r.Target.Coverage, model.PartGroups)
	for id := range now.Members {
		var err error
		if group, read := now.Groups[id]; read && group == nil {
			continue
		}
		if now.Members[id], err = l.target.MembersOf(ctx, id); err != nil {
			markNotReread(err, &r.Target.Coverage, model.PartMemberships)
			delete(now.Members, id)
		}
	}
	r.patchTarget(now, l.opts.Groups.Ignores)
	r.dropReplies(now)
	l.patchDangling(r, now)
	for id := range now.Assignments {
		of := model.Subject{Type: model.SubjectUser, TargetID: id}
		if r.groupIndex(id) >= 0 {
			of.Type = model.SubjectGroup
		}
		l.rereadAssignments(ctx, r, of)
	}
}

// rereadRecords reads records once more, by their ids: nil is one that is gone. It gives the last error.
func rereadRecords[T any](
	ctx context.Context, records map[string]*T, read func(context.Context, string) (T, bool, error),
) (last error) {
	for id := range records {
		switch record, found, err := read(ctx, id); {
		case err != nil:
			last = err
			delete(records, id)
		case found:
			records[id] = &record
		default:
			records[id] = nil
		}
	}
	return last
}

// markNotReread makes parts partial of which something was patched meanwhile that could not be read once more.
func markNotReread(err error, coverages *model.Coverages, parts ...model.Part) {
	for _, p := range parts {
		if err != nil && coverages[p].Complete() {
			coverages[p] = model.PartialCoverage("something changed while they were read, and could not be read once " +
				"more: " + err.Error())
		}
	}
}
