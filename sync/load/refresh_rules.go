package load

import (
	"context"
	"errors"

	"github.com/scimdrift/scimdrift/model"
)

// refreshRules reads all rules again, because that is two requests or three. The subject of the finding is one of them, or
// the connection that has none.
func (l *Loader) refreshRules(ctx context.Context, r *reading, _ model.Subject) error {
	if l.opts.SkipRules {
		return nil
	}
	rules, coverage := l.source.Rules(ctx)
	if coverage.State == model.Unknown {
		return errors.New(coverage.Reason)
	}
	r.rules, r.source[model.PartRules] = rules, coverage
	if e, ok := l.source.(entitler); ok {
		r.entitlements = e.Entitlements(ctx)
	}
	return nil
}
