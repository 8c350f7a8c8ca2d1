package load

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

// distrust marks parts that are surprisingly empty as unknown. The most expensive bug of every tool of this kind was to
// believe an empty answer (github.com/awslabs/ssosync/issues/194, github.com/slashdevops/idp-scim-sync/issues/70).
func (l *Loader) distrust(r *reading) {
	if r.source[model.PartUsers].Complete() && assigned(r.users) == 0 {
		role := grantingRoleWithUsers(r.roles)
		switch {
		case role != "":
			r.source[model.PartUsers] = model.UnknownCoverage(fmt.Sprintf(
				"OneLogin lists no user for the app, but its role %s has users; that cannot both be true, so read again", model.Visible(role)))
		case !r.source[model.PartGroups].Complete() || !r.source[model.PartMemberships].Complete():
			// Believed, this would call everybody at the target lingering, with nothing left to contradict it.
			r.source[model.PartUsers] = model.UnknownCoverage(
				"OneLogin lists no user for the app, and the roles that could confirm it were not read in full; read again")
		}
	}
	if r.source[model.PartGroups].Complete() && len(r.roles) == 0 && len(r.app.RoleIDs) > 0 {
		reason := model.UnknownCoverage(fmt.Sprintf(
			"OneLogin lists no roles, but the app names %d; the credential may not see them, or the answer was wrong", len(r.app.RoleIDs)))
		r.source[model.PartGroups], r.source[model.PartMemberships] = reason, reason
	}
	now := counts(r)
	for side, coverages := range []*model.Coverages{&r.source, &r.target} {
		for part := range coverages {
			if coverages[part].Complete() && now[side][part] == 0 && l.seen[side][part] > 0 {
				coverages[part] = model.UnknownCoverage(fmt.Sprintf(
					"nothing was listed, but %d were read last time; look whether that is true, and read again", l.seen[side][part]))
			}
		}
	}
}

func grantingRoleWithUsers(roles []model.Role) string {
	for i := range roles {
		if roles[i].Grants && len(roles[i].Users.IDs) > 0 {
			return roles[i].Name
		}
	}
	return ""
}

// remember keeps the sizes of the parts that were read completely.
func (l *Loader) remember(r *reading) {
	now := counts(r)
	for side, coverages := range []model.Coverages{r.source, r.target} {
		for part := range coverages {
			if coverages[part].Complete() {
				l.seen[side][part] = now[side][part]
			}
		}
	}
}

// counts are the sizes of all parts but rules and events, which may be empty at any time. They are those of Comparison.Sizes: users of
// the account who do not have the app come and go with what is asked, and are none of the app's.
func counts(r *reading) (n [2][model.PartEvents + 1]int) {
	n[SourceSide][model.PartUsers], n[SourceSide][model.PartGroups] = assigned(r.users), len(r.roles)
	for i := range r.roles {
		n[SourceSide][model.PartMemberships] += len(r.roles[i].Users.IDs)
	}
	n[TargetSide][model.PartUsers], n[TargetSide][model.PartGroups] = len(r.tusers), len(r.tgroups)
	for i := range r.members {
		n[TargetSide][model.PartMemberships] += len(r.members[i].IDs)
	}
	return n
}
