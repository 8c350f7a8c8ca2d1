package load

import (
	"context"
	"errors"

	"github.com/scimdrift/scimdrift/model"
)

// refreshSettings reads the app and its rules again, and the roles with their users where the rules say something
// else by now: they may ask for other roles. The subject of the finding is one of the rules, or the connection.
func (l *Loader) refreshSettings(ctx context.Context, r *reading, _ model.Subject) error {
	if err := l.rereadApp(ctx, r); err != nil {
		return err
	}
	before := r.Source.Rules
	got := l.readRules(ctx)
	if got.coverage.State == model.Unknown {
		return errors.New(got.coverage.Reason)
	}
	r.takeRules(got)
	if model.SameRules(before, got.rules) {
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
