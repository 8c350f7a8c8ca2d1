package load

import (
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// recheckUsers asks again for users of the source, one by one: those that a question names and, for Strangers,
// whoever at the source may be meant by some records of the target. A user's own roles take the place of what the
// lists of these roles said.
func (l *Loader) recheckUsers(ctx context.Context, r *reading, q model.Question, targetIDs []string) error {
	a := &asker{loader: l, r: r}
	asks := make([]model.Ask, 0, len(q.SourceUsers))
	for _, id := range q.SourceUsers {
		asks = append(asks, model.Ask{Kind: model.AskUser, ID: id})
	}
	meaning := slices.Clone(q.Meaning)
	for i := range r.Target.Users {
		if q.Strangers && slices.Contains(targetIDs, r.Target.Users[i].ID) {
			meaning = append(meaning, r.Target.Users[i])
		}
	}
	asks = append(asks, r.asksForStrangers(meaning)...)
	if len(asks) == 0 {
		return nil
	}
	before := r.Source.Users
	if err := a.askAgain(ctx, asks); err != nil {
		return err
	}
	// Whoever was found by e-mail is asked for their own apps and roles too, and for whoever is gone by id their
	// e-mail is asked: one wrong answer must not make anybody a stranger to OneLogin.
	var more []model.Ask
	for _, ask := range asks {
		switch reply := r.Replies[ask]; {
		case reply.Found && ask.Kind == model.AskEmail:
			more = append(more, model.Ask{Kind: model.AskUser, ID: reply.User.ID})
		case !reply.Found && ask.Kind == model.AskUser:
			if at := slices.IndexFunc(before, func(u model.User) bool { return u.ID == ask.ID }); at >= 0 {
				if q, can := drift.AskByEmail(before[at].Email); can {
					more = append(more, q)
				}
			}
		}
	}
	if err := a.askAgain(ctx, more); err != nil {
		return err
	}
	for _, ask := range slices.Concat(asks, more) {
		if err := l.patchUser(ctx, r, q, ask); err != nil {
			return err
		}
	}
	return nil
}

// asksForStrangers are the questions for whoever at the source is or could be meant by some users of the target:
// those of the reading who share a key with one, and whoever else has one.
func (r *reading) asksForStrangers(records []model.User) (asks []model.Ask) {
	for i := range records {
		t := &records[i]
		for j := range r.Source.Users {
			if u := &r.Source.Users[j]; sharesKey(u, t) {
				asks = append(asks, model.Ask{Kind: model.AskUser, ID: u.ID})
			}
		}
		asks = append(asks, drift.AsksFor(t)...)
	}
	return asks
}

func sharesKey(a, b *model.User) bool {
	return a.ExternalID != "" && a.ExternalID == b.ExternalID ||
		a.UserName != "" && model.SameName(a.UserName, b.UserName) || a.Email != "" && model.SameName(a.Email, b.Email)
}

// patchUser puts the answer about one user in the place of what the lists said.
func (l *Loader) patchUser(ctx context.Context, r *reading, q model.Question, ask model.Ask) error {
	reply := r.Replies[ask]
	id, user := ask.ID, &reply.User
	switch {
	case ask.Kind == model.AskEmail: // whoever it found is asked for by id
		return nil
	case !reply.Found:
		for _, other := range r.Replies {
			if other.Found && other.Failed == "" && other.User.ID == id && l.isFresh(other.At) {
				return fmt.Errorf("OneLogin says both that user %s is there and that they are not; read again",
					model.Visible(id))
			}
		}
		*user = model.User{}
	case user.Assigned && user.RollOnly && user.Standing != "":
		return fmt.Errorf("OneLogin says %s of %s (user %s), which it documents nowhere, so that whether they "+
			"should be active is not known; look at them in OneLogin", model.Visible(user.Standing),
			model.Visible(user.UserName), model.Visible(id))
	case user.Assigned && user.RollOnly:
		return fmt.Errorf("the details of %s (user %s of OneLogin) were not read in full; read again",
			model.Visible(user.UserName), model.Visible(id))
	case user.RoleIDs == nil && q.Grouping && slices.Contains(q.SourceUsers, id):
		return fmt.Errorf("OneLogin does not say which roles %s (user %s) has; load both sides again",
			model.Visible(user.UserName), model.Visible(id))
	}
	granted := r.patchRoles(id, user.RoleIDs, reply.Found)
	if reply.Found && user.Assigned != granted && (granted || q.Entitled) {
		if err := l.confirmAssigned(ctx, r, id, user.Assigned); err != nil {
			return err
		}
	}
	user.RoleIDs = nil // the roles say it
	r.Source.Users = patchUsers(r.Source.Users, userByID(id, &reply))
	return nil
}

// patchRoles puts a user into the roles that they say they have, and takes them out of the others, whose users are
// known. granted: one of theirs grants the app. Roles that nobody says are left as they are.
func (r *reading) patchRoles(id string, own []string, there bool) (granted bool) {
	for i := range r.Source.Roles {
		role := &r.Source.Roles[i]
		in := slices.Contains(role.Users.IDs, id)
		has := there && (own == nil && in || slices.Contains(own, role.ID))
		granted = granted || has && role.Grants
		if own == nil && there || has == in || role.Users.Unknown != "" && !in {
			continue
		}
		ids := slices.DeleteFunc(slices.Clone(role.Users.IDs), func(other string) bool { return other == id })
		if has {
			ids = append(ids, id)
		}
		role.Users.IDs = ids
	}
	return granted
}

// confirmAssigned holds what a user's own apps say against the app's own list, where no role of theirs bears it out:
// a user's apps may go on showing one that they have lost, and where the two disagree nothing is granted to them and
// nothing taken.
func (l *Loader) confirmAssigned(ctx context.Context, r *reading, id string, assigned bool) error {
	if !l.isFresh(r.appUserIDsAt) {
		began := l.opts.Now()
		roll, coverage := l.source.AppUserIDs(ctx)
		if !coverage.Complete() {
			return fmt.Errorf("the app's users were not read in full: %s", coverage.Reason)
		}
		r.appUserIDs, r.appUserIDsAt = model.Set(roll), began
	}
	if r.appUserIDs[id] == assigned {
		return nil
	}
	return fmt.Errorf("the app's list of users and the apps of user %s disagree on whether they have the app; a "+
		"removal may be waiting "+
		"to be provisioned or approved, so look at the app's users and plan again", model.Visible(id))
}
