package load

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// ErrNothingLoaded says that there is no comparison yet into which a record could be patched.
var ErrNothingLoaded = errors.New("nothing has been read yet; load both sides first")

// Refresh re-reads one user or group on both sides and gives the last comparison with that record patched in. What it
// does not re-read stays as old as it was, and so does ReadAt. On an error the last comparison stays as it is.
func (l *Loader) Refresh(ctx context.Context, subject model.Subject) (*drift.Comparison, error) {
	r, release, err := l.holdLast(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	r.forgetRecent()
	if err := l.reread(ctx, &r, subject); err != nil {
		return nil, err
	}
	l.touch(subject, func(ctx context.Context, r *reading) error { return l.reread(ctx, r, subject) })
	l.refreshState(ctx, &r, subject)
	l.reassign(ctx, &r, subject)
	// A record that was asked for by name and is gone may be the last of its part: the next load need not be surprised.
	l.remember(&r)
	c := r.compare(l.opts)
	var ids []string
	for i := range c.Findings {
		if of := c.Findings[i].Subject; of.Type == subject.Type && of.Name == subject.Name {
			ids = append(ids, c.Findings[i].ID)
		}
	}
	if len(ids) > 0 {
		c = (&asker{loader: l, r: &r, later: true}).bearOut(ctx, c, ids...)
	}
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	l.keep(&r, c)
	l.tellBaseline(&r)
	return c, nil
}

// reread puts a subject as it is now in place of what the reading has of it.
func (l *Loader) reread(ctx context.Context, r *reading, subject model.Subject) error {
	refresh := l.refreshUser
	switch subject.Type {
	case model.SubjectUser:
	case model.SubjectGroup:
		refresh = l.refreshGroup
	case model.SubjectRule, model.SubjectConnection:
		refresh = l.refreshSettings
	}
	r.forget(&plan.Observation{
		Users: map[string]*model.User{subject.TargetID: nil}, Groups: map[string]*model.Group{subject.TargetID: nil},
		Members: map[string]model.MemberList{subject.TargetID: {}},
	})
	r.forgetAbout(func(q model.Ask) bool { return q.ID != "" && (q.ID == subject.SourceID || q.ID == subject.Name) })
	if err := refresh(ctx, r, subject); err != nil {
		return fmt.Errorf("re-read %s: %w", model.Visible(subject.Name), err)
	}
	return nil
}

func (l *Loader) refreshUser(ctx context.Context, r *reading, subject model.Subject) error {
	var known model.User // the source's record if there is one, else the target's
	if i := slices.IndexFunc(r.users, func(u model.User) bool {
		return subject.SourceID != "" &&
			u.ID == subject.SourceID
	}); i >= 0 {
		known = r.users[i]
	} else if i := slices.IndexFunc(r.tusers, func(u model.User) bool { return u.ID == subject.TargetID }); i >= 0 {
		known = r.tusers[i]
	}
	if r.source[model.PartUsers].State != model.Unknown && (subject.SourceID != "" || known.Email != "") {
		user, found, assigned, err := l.sourceUser(ctx, subject, known)
		if err != nil {
			return err
		}
		user.Assigned = assigned
		id := subject.SourceID
		if found {
			id = user.ID
			r.keepReply(model.Ask{Kind: model.AskUser, ID: id}, model.Reply{At: l.opts.Now(), Found: true, User: user})
			if !user.RollOnly {
				known = user // the target may know him by the name that he has by now
			}
		}
		r.users = replace(r.users, func(u *model.User) string { return u.ID }, id, user, found)
	}
	user, found, err := l.targetUser(ctx, subject, known)
	if err != nil {
		return err
	}
	targetID := func(u *model.User) string { return u.ID }
	if !found || user.ID != subject.TargetID {
		r.tusers = replace(r.tusers, targetID, subject.TargetID, model.User{}, false)
	}
	if found {
		r.tusers = replace(r.tusers, targetID, user.ID, user, true)
	}
	return nil
}

func (l *Loader) sourceUser(ctx context.Context, subject model.Subject, known model.User) (u model.User, found,
	assigned bool, err error,
) {
	if subject.SourceID != "" {
		return l.source.GetUser(ctx, subject.SourceID)
	}
	return l.source.FindUser(ctx, known.Email)
}

// targetUser reads the user by its id and, if that is gone, by name: who was deleted and created again has a new id.
func (l *Loader) targetUser(ctx context.Context, subject model.Subject, known model.User) (model.User, bool, error) {
	if subject.TargetID != "" {
		user, found, err := l.target.GetUser(ctx, subject.TargetID)
		if found || err != nil {
			return user, found, err
		}
	}
	if known.UserName == "" && known.ExternalID == "" {
		return model.User{}, false, nil
	}
	return l.target.FindUser(ctx, known.UserName, known.ExternalID)
}

// refreshGroup reads all roles again, because that is one request, and the one group with its members.
func (l *Loader) refreshGroup(ctx context.Context, r *reading, subject model.Subject) error {
	err := l.rereadApp(ctx, r)
	if err == nil {
		err = l.rereadRoles(ctx, r)
	}
	if err != nil {
		return err
	}
	group, found, err := l.targetGroup(ctx, subject)
	if err != nil {
		return err
	}
	if subject.TargetID != "" && (!found || group.ID != subject.TargetID) {
		r.removeGroup(subject.TargetID)
	}
	if !found {
		return nil
	}
	at := r.patchGroup(group)
	members, err := l.target.MembersOf(ctx, group.ID)
	if err != nil {
		return err
	}
	r.patchMembers(at, members)
	return nil
}

// removeGroup takes a group and its members out, if it is there.
func (r *reading) removeGroup(id string) {
	at := r.group(id)
	if at < 0 {
		return
	}
	r.former = append(slices.Clip(r.former), model.NamesOf(r.tgroups[at:at+1],
		r.parts[model.TargetSide][model.PartGroups])...)
	r.tgroups = slices.Delete(r.tgroups, at, at+1)
	if at < len(r.members) {
		r.members = slices.Delete(r.members, at, at+1)
	}
}

// targetGroup reads the group by its id and, if that is gone, by name: one that was deleted and created again has a new
// id. A group that has got an ignored name has left the comparison.
func (l *Loader) targetGroup(ctx context.Context, subject model.Subject) (group model.Group, found bool, err error) {
	if subject.TargetID != "" {
		group, found, err = l.target.GetGroup(ctx, subject.TargetID)
	}
	if !found && err == nil && model.Fold(subject.Name) != "" {
		group, found, err = l.target.FindGroup(ctx, subject.Name, "")
	}
	return group, found && !l.opts.Groups.Ignores(group.Name), err
}

// replace gives records with one in place of that with the id, adds it if there was none, and removes that one if the
// record is gone. The list itself stays as it is, for others hold it too.
func replace[T any](records []T, id func(*T) string, want string, record T, there bool) []T {
	at := slices.IndexFunc(records, func(r T) bool { return id(&r) == want })
	switch {
	case at >= 0 && there:
		records = slices.Clone(records)
		records[at] = record
	case at >= 0:
		records = slices.Delete(slices.Clone(records), at, at+1)
	case there:
		records = append(slices.Clip(records), record)
	}
	return records
}
