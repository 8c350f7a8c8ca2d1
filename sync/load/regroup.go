package load

import (
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// changedError says that something changed at the source since both sides were read of which single answers do not
// tell all that follows, so that both have to be read again in full.
type changedError struct{ what string }

func (e *changedError) Error() string {
	return e.what + " since both sides were read; load both sides again and plan again"
}

// rereadGrouping reads again what groups follow from, at a cost that does not grow with the users: the app, the names
// of all roles, and the rules. Who has a role stays as it was read, because each user that matters is asked for their
// roles. What was read a moment ago serves again.
func (l *Loader) rereadGrouping(ctx context.Context, r *reading) error {
	if l.isFresh(r.regroupedAt) {
		return nil
	}
	began := l.opts.Now()
	if err := l.rereadApp(ctx, r); err != nil {
		return err
	}
	reply, coverage := l.listRoles(ctx, false)
	reply.At = began
	r.keepReply(model.Ask{Kind: model.AskRoleList}, reply)
	known, now := model.By(r.Source.Roles, roleID), slices.Clone(reply.Roles)
	for i := range now {
		if was := known[now[i].ID]; was != nil {
			now[i].Users = was.Users
		}
	}
	r.Source.Roles, r.Source.Coverage[model.PartGroups] = now, coverage
	if err := l.rereadRules(ctx, r); err != nil {
		return err
	}
	for i := range r.Source.Roles {
		role := &r.Source.Roles[i]
		was := known[role.ID]
		if role.Users.Unknown == "" || was != nil && was.Grants == role.Grants && was.Name == role.Name {
			continue
		}
		if role.Grants || model.NeedsRole(r.Source.Rules, role.ID, role.Name) {
			return &changedError{fmt.Sprintf("the role %s has come to give groups", model.Visible(role.Name))}
		}
	}
	r.regroupedAt = began
	return nil
}

// rereadApp reads the app again, which must be the same.
func (l *Loader) rereadApp(ctx context.Context, r *reading) error {
	app, err := l.source.App(ctx)
	switch {
	case err != nil:
		return err
	case r.Source.App.ID != "" && app.ID != r.Source.App.ID:
		return fmt.Errorf("OneLogin answered with app %s where app %s was read before; load both sides again",
			model.Visible(app.ID), model.Visible(r.Source.App.ID))
	}
	r.Source.App = app
	return nil
}

// rereadRules reads the rules again. Rules that say something else by now may ask for attributes and roles that were
// not read, so that nothing that was read before answers for them.
func (l *Loader) rereadRules(ctx context.Context, r *reading) error {
	before := r.Source.Rules
	began := l.opts.Now()
	rules, entitlements, coverage := l.readRules(ctx)
	if len(before) > 0 && len(rules) == 0 && coverage.Complete() {
		// Rules may be empty, and a load believes it; but on no rule at all nothing is taken or granted for what they
		// said before.
		return fmt.Errorf("OneLogin lists no rules for the app, and %d were read before; load both sides again",
			len(before))
	}
	if coverage.Complete() && r.Source.Coverage[model.PartRules].Complete() && !model.SameRules(before, rules) {
		return &changedError{"the app's rules were edited"}
	}
	r.takeRules(rules, entitlements, coverage)
	if coverage.Complete() {
		r.keepReply(model.Ask{Kind: model.AskRules}, model.Reply{At: began, Found: true, Rules: slices.Clone(rules)})
	}
	return nil
}
