package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// ErrNothingLoaded says that there is no comparison yet into which a record could be patched.
var ErrNothingLoaded = errors.New("nothing has been read yet; load both sides first")

// Refresh re-reads one user or group on both sides and gives the last comparison with that record patched in. What it
// does not re-read stays as old as it was, and so does ReadAt. On an error the last comparison stays as it is.
func (l *Loader) Refresh(ctx context.Context, subject model.Subject) (*drift.Comparison, error) {
	return l.changeLast(ctx, true, func(r *reading) (*drift.Comparison, error) {
		r.forgetRecent()
		if err := l.rereadSubject(ctx, r, subject); err != nil {
			return nil, err
		}
		l.noteChange(&plan.Observation{}, subject)
		l.refreshState(ctx, r, subject)
		l.rereadAssignments(ctx, r, subject)
		c := r.compare(l.opts)
		var ids []string
		for i := range c.Findings {
			if of := c.Findings[i].Subject; of.Type == subject.Type && of.Name == subject.Name {
				ids = append(ids, c.Findings[i].ID)
			}
		}
		if len(ids) > 0 {
			c = (&asker{loader: l, r: r, afterLoad: true}).verifyFindings(ctx, c, ids...)
		}
		return c, nil
	})
}

// rereadSubject puts a subject as it is now in place of what the reading has of it.
func (l *Loader) rereadSubject(ctx context.Context, r *reading, subject model.Subject) error {
	refresh := l.refreshUser
	switch subject.Type {
	case model.SubjectUser:
	case model.SubjectGroup:
		refresh = l.refreshGroup
	case model.SubjectRule, model.SubjectConnection:
		refresh = l.refreshSettings
	}
	r.dropReplies(&plan.Observation{
		Users: map[string]*model.User{subject.TargetID: nil}, Groups: map[string]*model.Group{subject.TargetID: nil},
		Members: map[string]model.MemberList{subject.TargetID: {}},
	})
	r.dropRepliesWhere(func(q model.Ask) bool {
		return q.ID != "" && (q.ID == subject.SourceID || q.ID == subject.Name)
	})
	if err := refresh(ctx, r, subject); err != nil {
		return fmt.Errorf("re-read %s: %w", model.Visible(subject.Name), err)
	}
	return nil
}

func (l *Loader) refreshUser(ctx context.Context, r *reading, subject model.Subject) error {
	byID := func(id string) func(u model.User) bool {
		return func(u model.User) bool { return id != "" && u.ID == id }
	}
	var known model.User // the source's record if there is one, else the target's
	if i := slices.IndexFunc(r.Source.Users, byID(subject.SourceID)); i >= 0 {
		known = r.Source.Users[i]
	} else if i := slices.IndexFunc(r.Target.Users, byID(subject.TargetID)); i >= 0 {
		known = r.Target.Users[i]
	}
	ask, can := drift.AskByEmail(known.Email)
	if subject.SourceID != "" {
		ask, can = model.Ask{Kind: model.AskUser, ID: subject.SourceID}, true
	}
	if r.Source.Coverage[model.PartUsers].State != model.Unknown && can {
		reply, err := l.firstFound(ctx, ask)
		if err != nil {
			return err
		}
		if reply.Found {
			r.keepReply(model.Ask{Kind: model.AskUser, ID: reply.User.ID}, reply)
			if !reply.User.RollOnly {
				known = reply.User // the target may know them by the name that they have by now
			}
		}
		r.Source.Users = patchUsers(r.Source.Users, userByID(subject.SourceID, &reply))
	}
	// Who was deleted at the target and created again has a new id.
	reply, err := l.firstFound(ctx, model.Ask{Kind: model.AskTargetRecord, ID: subject.TargetID},
		model.Ask{Kind: model.AskTargetUser, ID: known.UserName, ExternalID: known.ExternalID})
	if err != nil {
		return err
	}
	r.Target.Users = patchUsers(r.Target.Users, userByID(subject.TargetID, &reply))
	return nil
}

// firstFound asks some questions, as far as they name anything, until one finds what it asks for.
func (l *Loader) firstFound(ctx context.Context, asks ...model.Ask) (reply model.Reply, err error) {
	for _, q := range asks {
		if q.ID == "" && q.ExternalID == "" {
			continue
		}
		if reply = l.answer(ctx, q); reply.Failed != "" {
			return reply, errors.New(reply.Failed)
		}
		if reply.Found {
			break
		}
	}
	return reply, nil
}

// refreshGroup reads the app and all roles again, because that is two requests, and the one group with its members. One
// that was deleted at the target and created again has a new id. A group that has got an ignored name has left the
// comparison.
func (l *Loader) refreshGroup(ctx context.Context, r *reading, subject model.Subject) error {
	err := l.rereadApp(ctx, r)
	if err == nil {
		err = l.rereadRoles(ctx, r)
	}
	if err != nil {
		return err
	}
	reply, err := l.firstFound(ctx, model.Ask{Kind: model.AskGroupRecord, ID: subject.TargetID},
		model.Ask{Kind: model.AskTargetGroup, ID: strings.TrimSpace(subject.Name)})
	if err != nil {
		return err
	}
	seen := &plan.Observation{Groups: map[string]*model.Group{subject.TargetID: nil}}
	if group := &reply.Group; reply.Found && !l.opts.Groups.Ignores(group.Name) {
		seen.Groups[group.ID] = group
		members, err := l.target.MembersOf(ctx, group.ID)
		if err != nil {
			return err
		}
		seen.Members = map[string]model.MemberList{group.ID: members}
	}
	r.patchTarget(seen, l.opts.Groups.Ignores)
	return nil
}

func (r *reading) removeGroup(id string) {
	at := r.groupIndex(id)
	if at < 0 {
		return
	}
	r.Target.Former = append(slices.Clip(r.Target.Former), model.NamesOf(r.Target.Groups[at:at+1],
		r.Target.At[model.PartGroups])...)
	r.Target.Groups = slices.Delete(r.Target.Groups, at, at+1)
	if at < len(r.Target.Members) {
		r.Target.Members = slices.Delete(r.Target.Members, at, at+1)
	}
}

// refreshSettings reads the app and its rules again, and the roles with their users where the rules say something
// else by now: they may ask for other roles. The subject of the finding is one of the rules, or the connection.
func (l *Loader) refreshSettings(ctx context.Context, r *reading, _ model.Subject) error {
	if err := l.rereadApp(ctx, r); err != nil {
		return err
	}
	before := r.Source.Rules
	rules, entitlements, coverage := l.readRules(ctx)
	if coverage.State == model.Unknown {
		return errors.New(coverage.Reason)
	}
	r.takeRules(rules, entitlements, coverage)
	if model.SameRules(before, rules) {
		return nil
	}
	return l.rereadRoles(ctx, r)
}

func (l *Loader) rereadRoles(ctx context.Context, r *reading) error {
	roles, groups, memberships := l.source.Roles(ctx, func(int, int) {})
	if groups.State == model.Unknown {
		return errors.New(groups.Reason)
	}
	r.takeRoles(roles, groups, memberships)
	l.recheckRelations(ctx, r)
	return nil
}
