package load

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// sampleSize is how many users who came over SCIM are asked about, to learn how AWS words who made them. Three have to
// agree.
const sampleSize = 5

// readCreators learns who made the groups that nothing at the source yields, and the users whom no one there is: it may
// show whether they came over SCIM. What cannot be read is a note and no loss.
func (l *Loader) readCreators(ctx context.Context, r *reading, c *drift.Comparison) {
	strays, unclaimed := false, false
	var users []string
	for i := range c.Findings {
		f := &c.Findings[i]
		switch f.Kind { //nolint:exhaustive // where the others come from does not matter
		case model.GroupLingering, model.GroupUnclaimed:
			strays = true
			unclaimed = unclaimed || f.Kind == model.GroupUnclaimed
		case model.UserLingering:
			if len(users) < maxPrincipals {
				users = append(users, f.Subject.TargetID)
			}
		}
	}
	if unclaimed {
		users = append(users, provisionedUsers(c)...)
	}
	r.Target.Makers = map[string]string{}
	if strays && ctx.Err() == nil {
		groups, coverage := l.opts.AWS.Groups(ctx, func(int, int) {})
		for i := range groups {
			r.Target.Makers[groups[i].ID] = groups[i].CreatedBy
		}
		if !coverage.Complete() {
			r.Notes = append(r.Notes, "who made the groups at the target could not be read: "+coverage.Reason)
		}
	}
	l.readUserCreators(ctx, r, users)
}

// provisionedUsers gives a few users of the target who have an external id, as what came over SCIM has.
func provisionedUsers(c *drift.Comparison) (ids []string) {
	for i := range c.Target.Users {
		if u := &c.Target.Users[i]; u.ExternalID != "" && u.CreatedBy == "" && c.Users.ToSource[i] != model.None {
			if ids = append(ids, u.ID); len(ids) == sampleSize {
				break
			}
		}
	}
	return ids
}

func (l *Loader) readUserCreators(ctx context.Context, r *reading, ids []string) {
	found := make([]model.User, len(ids))
	group, ctx := errgroup.WithContext(transport.BeginPart(ctx))
	group.SetLimit(assignmentWorkers)
	for i, id := range ids {
		group.Go(func() (err error) {
			found[i], _, err = l.opts.AWS.GetUser(ctx, id)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		r.Notes = append(r.Notes, fmt.Sprintf("who made the users at the target could not be read: %s", err))
	}
	for i := range found {
		if found[i].ID != "" {
			r.Target.Makers[found[i].ID] = found[i].CreatedBy
		}
	}
}
