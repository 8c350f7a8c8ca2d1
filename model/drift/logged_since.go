package drift

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// A list is as old as its read. What OneLogin logged of a user since then, while the load ran or after it, is evidence
// too: a user who was suspended after the list of users was read is not active, whatever the list says.

const whereLog = "OneLogin's log, since that was read"

// loggedDenial gives the newest event of a user since a moment that says something of a matter, if it says what denies
// that.
func (c *Comparer) loggedDenial(
	user string, since time.Time, says func(*model.Event) model.Tri, denied model.Tri,
) []model.Evidence {
	for _, e := range c.events.byUser[user] {
		if since.IsZero() || e.At.Before(since) {
			break
		}
		switch said := says(e); said {
		case model.Unsaid:
		case denied:
			evidence := e.Evidence()
			evidence.Against, evidence.Where = true, whereLog
			return []model.Evidence{evidence}
		default:
			return nil
		}
	}
	return nil
}

// readTime is when something was read that was read at a moment, or is the answer to one of some questions: by
// OneLogin's clock and to the second, as its log has it. Zero is not known.
func (c *Comparer) readTime(read time.Time, asks ...model.Ask) time.Time {
	if read.IsZero() {
		return read
	}
	for _, q := range asks {
		if reply, ok := c.Options.Replies.Usable(q); ok && reply.At.After(read) {
			read = reply.At
		}
	}
	return read.Add(-max(0, c.Options.Facts.Source.Skew)).Truncate(time.Second)
}

func (c *Comparer) loggedStandingChange(u *model.User, denied model.Tri) []model.Evidence {
	since := c.readTime(c.Source.At[model.PartUsers], model.Ask{Kind: model.AskUser, ID: u.ID},
		model.Ask{Kind: model.AskRoles, ID: u.ID})
	return c.loggedDenial(u.ID, since, (*model.Event).Activates, denied)
}

// rolesGoneSince are the events of roles that were deleted or lost the app since a moment; none where it is not known.
func (c *Comparer) rolesGoneSince(since time.Time) []*model.Event {
	gone := c.events.rolesGone
	if i := slices.IndexFunc(gone, func(e *model.Event) bool { return since.IsZero() || e.At.Before(since) }); i >= 0 {
		return gone[:i]
	}
	return gone
}

func (c *Comparer) loggedAccessChange(user string, denied model.Tri) []model.Evidence {
	since := c.readTime(c.Source.At[model.PartUsers], model.Ask{Kind: model.AskUser, ID: user})
	return c.loggedDenial(user, since, func(e *model.Event) model.Tri {
		if r := c.roles[e.RoleID]; r != nil && !r.Grants || e.RoleID == "" && !e.ConcernsApp(c.Source.App.ID) {
			return model.Unsaid
		}
		return e.Assigns()
	}, denied)
}

// loggedChanges says what the log says against a user's being, or not being, active and assigned.
func (c *Comparer) loggedChanges(u *model.User) []model.Evidence {
	if !u.Active {
		return c.loggedStandingChange(u, model.Yes)
	}
	return slices.Concat(c.loggedStandingChange(u, model.No), c.loggedAccessChange(u.ID, model.No),
		c.loggedRoleLoss(u.ID))
}

// loggedRoleLoss is what the log says of a role that was deleted or lost the app, if the user may have had the app by
// it alone: nothing is logged of the users of such a role.
func (c *Comparer) loggedRoleLoss(user string) []model.Evidence {
	since := c.readTime(c.Source.At[model.PartUsers], model.Ask{Kind: model.AskUser, ID: user})
	for _, e := range c.rolesGoneSince(since) {
		// A list of roles that was read after it lacks the role.
		has := c.rolesGrantingTo(user)
		if len(has) == 0 && c.roles[e.RoleID] == nil || len(has) == 1 && has[0].ID == e.RoleID {
			evidence := e.Evidence()
			evidence.Against, evidence.Where = true, whereLog
			return []model.Evidence{evidence}
		}
	}
	return nil
}

func (c *Comparer) standingEvidence(f *model.Finding) []model.Evidence {
	return c.loggedChanges(&c.Source.Users[f.Source])
}

func (c *Comparer) assignedEvidence(f *model.Finding) []model.Evidence {
	id := c.Target.Users[f.Target].ExternalID
	if f.Source != model.None {
		id = c.Source.Users[f.Source].ID
	}
	return slices.Concat(c.grantingRoleEvidence(f), c.loggedAccessChange(id, model.Yes),
		c.sharedKeyEvidence(whereOthersUser, &c.Target.Users[f.Target]))
}

// membershipEvidence is what the log says of people of a group: they came or left since. By rules, any change may do
// so.
func (c *Comparer) membershipEvidence(f *model.Finding) (out []model.Evidence) {
	denied, roles := model.No, c.Source.Groups[f.Source].RoleIDs
	if f.Kind == model.MembersExtra {
		denied = model.Yes
	}
	says := func(e *model.Event) model.Tri {
		switch byRules := c.Source.Origin == rules.FromRules; {
		case byRules && e.Type == model.EventUpdatedUser:
			return denied
		case byRules || e.RoleID == "" || slices.Contains(roles, e.RoleID):
			return e.Assigns()
		}
		return model.Unsaid
	}
	for _, s := range f.People {
		u := &c.Source.Users[s]
		if f.Kind == model.MembersMissing {
			out = append(out, c.loggedStandingChange(u, model.No)...)
		}
		since := c.readTime(c.Source.At[model.PartMemberships], model.Ask{Kind: model.AskUser, ID: u.ID},
			model.Ask{Kind: model.AskRoles, ID: u.ID})
		out = append(out, c.loggedDenial(u.ID, since, says, denied)...)
	}
	return append(out, c.membersOfOtherGroup(f)...)
}

// pairEvidence is what the log says of a pair of users that differ: OneLogin's own was changed, or pushed.
func (c *Comparer) pairEvidence(f *model.Finding) []model.Evidence {
	u := &c.Source.Users[f.Source]
	var out []model.Evidence
	if f.Kind == model.UserRenamed || f.Kind == model.UserAttributes {
		since := c.readTime(c.Source.At[model.PartUsers], model.Ask{Kind: model.AskUser, ID: u.ID},
			model.Ask{Kind: model.AskRoles, ID: u.ID})
		out = c.loggedDenial(u.ID, since, func(e *model.Event) model.Tri {
			return yesOrUnsaid(e.Type == model.EventUpdatedUser)
		}, model.Yes)
	}
	since := c.readTime(c.Target.ReadAt, model.Ask{Kind: model.AskTargetRecord, ID: c.Target.Users[f.Target].ID})
	return append(out, c.loggedDenial(u.ID, since, func(e *model.Event) model.Tri {
		return yesOrUnsaid(e.Pushed() && e.AppID == c.Source.App.ID)
	}, model.Yes)...)
}

func yesOrUnsaid(is bool) model.Tri {
	if is {
		return model.Yes
	}
	return model.Unsaid
}

// maxReadSpread is how far apart the parts of one load may stand: a look asks for events before it reads the target.
const maxReadSpread = 10 * time.Second

// readTooFarApart reports whether what a claim rests on was read at moments so far from each other that a difference
// may be no more than what happened between them, and no direct question about it was answered since: a failed read
// keeps parts of the read before it, and a look may spare OneLogin's calls.
func (c *Comparer) readTooFarApart(f *model.Finding, rule *claimRule) bool {
	oldest, newest := c.readSpan()
	if newest.Sub(oldest) <= maxReadSpread {
		return false
	}
	for _, asks := range []func(*Comparer, *model.Finding) []model.Ask{rule.asks, rule.moreAsks} {
		if asks != nil && slices.ContainsFunc(asks(c, f), func(q model.Ask) bool {
			reply, answered := c.Options.Replies.Usable(q)
			return !answered || reply.At.Before(newest)
		}) {
			return true
		}
	}
	return false
}

// readSpan is when the first and the last of all parts were read, or shown to hold still by the source's log. The
// log itself may be newer than the rest. Both are zero where a moment is not known.
func (c *Comparison) readSpan() (oldest, newest time.Time) {
	oldest, newest = c.Target.ReadAt, c.Target.ReadAt
	for _, p := range model.SourceParts() {
		at := c.Source.At[p]
		if at.IsZero() || oldest.IsZero() {
			return at, at
		}
		if at.Before(c.Source.Unchanged) {
			at = c.Source.Unchanged
		}
		if at.Before(oldest) {
			oldest = at
		}
		if p != model.PartEvents && at.After(newest) {
			newest = at
		}
	}
	return oldest, newest
}
