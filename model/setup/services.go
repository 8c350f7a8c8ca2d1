package setup

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// sourceScopes looks at what OneLogin refused. It documents 401 and 403 for a scope that is missing, without saying
// which where; 404 and 429 that never end are named too, because a credential that may not see a thing can meet them.
func (s *Setup) sourceScopes() judgement {
	refusals := s.Options.Facts.Source.Refusals
	users := s.Source.Coverage[model.PartUsers]
	switch {
	case len(refusals) == 0 && users.State == model.Unknown:
		return unclearFor("OneLogin could not be read", users.Reason, mendFirst)
	case len(refusals) == 0:
		return fine("OneLogin refused nothing that was asked of it")
	}
	var seen, scopes, todo []string
	result := model.CheckLook
	for _, r := range refusals {
		line := fmt.Sprintf("%s refused with %d", r.What, r.Status)
		if r.Scope != "" {
			line += ", needs the scope " + r.Scope
		}
		seen = append(seen, line)
		switch {
		case r.Status != 429:
			result = model.CheckMend
		case !slices.Contains(todo, waitForReset):
			todo = append(todo, waitForReset)
		}
		if r.Scope != "" && !slices.Contains(scopes, r.Scope) {
			scopes = append(scopes, r.Scope)
		}
		if r.Status == 404 && !slices.Contains(todo, checkAppID) {
			todo = append(todo, checkAppID)
		}
	}
	slices.Sort(scopes)
	if len(scopes) == 0 {
		todo = append(todo, "Check client_id and client_secret, and that the credential still exists.")
	} else {
		todo = append(todo, "Give the API credential the scope "+strings.Join(scopes, " and ")+"; Manage All "+
			"covers every other. Parts that you can do without are left out with onelogin.skip.")
	}
	return judged(result, strings.Join(seen, "; "), strings.Join(todo, " "))
}

const (
	mendFirst    = "Mend that first, and run doctor again."
	waitForReset = "Wait until the hourly limit resets, and see whether it stays so."
	checkAppID   = "Check app_id: a 404 may also mean that there is no such app."
)

// targetURL judges the address that is configured here. It is mostly a copy of what stands in OneLogin, where a
// trailing slash breaks every request (https://github.com/mitodl/keycloak-scim/issues/73 shows the reverse, a lost
// slash, with a 404).
func (s *Setup) targetURL() judgement {
	raw := s.Options.Facts.TargetURL
	u, err := url.Parse(raw)
	if raw == "" || err != nil {
		return unclear("the base URL is not known here", "Run doctor on the configured connection.")
	}
	path := strings.TrimRight(u.Path, "/")
	switch {
	case s.Target.Kind == "aws" && !strings.HasSuffix(path, "/scim/v2"):
		return mend("the base URL ends in "+lastPart(path)+" where an AWS endpoint ends in /scim/v2",
			"Copy the SCIM endpoint again, here and in OneLogin: https://scim.REGION.amazonaws.com/TENANT/scim/v2.")
	case s.Target.Kind == "aws" && strings.Count(strings.Trim(path, "/"), "/") != 2:
		return mend("the base URL has "+path+" where an AWS endpoint has /TENANT/scim/v2",
			"Copy the SCIM endpoint again, here and in OneLogin: https://scim.REGION.amazonaws.com/TENANT/scim/v2.")
	case strings.HasSuffix(u.Path, "/"):
		v := look("the base URL is written with a slash at its end here, which is all the same to scimdrift; "+
			"OneLogin needs it without",
			"Make sure that the SCIM Base URL in OneLogin has no slash at its end: "+strings.TrimRight(raw, "/"))
		v.Place = model.PlaceConfiguration
		return v
	case s.refused(404) && !s.Options.Facts.Target.Answered &&
		s.Target.Coverage[model.PartGroups].State != model.Skipped:
		// what answers one list and not another has no other address, and a target without groups answers so to their
		// list
		return mend("the target answers 404 to its own lists",
			"Compare the base URL with the SCIM endpoint in the target's console, here and in OneLogin.")
	}
	return fine("the base URL has the right form, without a slash at its end, as OneLogin needs it")
}

// lastPart shows the end of a path without the tenant id.
func lastPart(path string) string {
	if at := strings.LastIndex(path, "/"); at >= 0 && len(path)-at < 24 {
		return path[at:]
	}
	return "something else"
}

func (s *Setup) refused(status int) bool {
	return slices.ContainsFunc(s.Options.Facts.Target.Refusals,
		func(r model.Refusal) bool { return r.Status == status })
}

// targetToken judges our own token. AWS gives one answer for an expired token, a deleted one and a wrong tenant id
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html); since 2026 a list of allowed
// addresses can refuse a good token too (Identity Store's network configuration).
func (s *Setup) targetToken() judgement {
	switch {
	case s.refused(401):
		return mend("the target refuses the token (401): it has expired, was deleted, or the tenant id in the URL "+
			"is wrong",
			"Compare URL and tokens with the target's console. Make a second token, put it here and into OneLogin "+
				"if it uses the same, then delete the first.")
	case s.refused(403):
		return mend("the target knows the token and does not let it read (403): a permission is missing, or a "+
			"network rule refuses this address",
			"Check the token's permissions and the target's list of allowed addresses.")
	case s.Options.Facts.Target.Answered, s.TargetRead(model.PartUsers):
		return fine("the target accepts the token")
	}
	return unclearFor("the target could not be read",
		cmp.Or(s.Target.Coverage[model.PartUsers].Reason, "it was not asked"), mendFirst)
}

func (s *Setup) sharedTarget() judgement {
	others := s.Options.Facts.SharedWith
	if len(others) == 0 {
		return fine("no other configured connection has this target")
	}
	return look("the same target is configured for "+model.Few(others)+" too: each connection sees what the other "+
		"provisions as lingering or unclaimed",
		"Keep one connection for each target, or ignore the other's groups with groups.ignore, and never delete in "+
			"bulk here.")
}

// skewLimit is how far a clock may be off before log windows and the order of events mislead.
const skewLimit = time.Minute

func (s *Setup) clockSkew() judgement {
	var seen, agree []string
	worst := time.Duration(0)
	for _, one := range []struct {
		name string
		what model.Service
	}{{"OneLogin", s.Options.Facts.Source}, {s.targetName(), s.Options.Facts.Target}} {
		if !one.what.SkewKnown {
			continue
		}
		off := one.what.Skew.Round(time.Second)
		worst = max(worst, off.Abs())
		word := "ahead of"
		if off < 0 {
			word = "behind"
		}
		if off != 0 {
			seen = append(seen, fmt.Sprintf("this machine's clock is %s %s %s's", model.Lasting(off.Abs()), word,
				one.name))
		} else {
			agree = append(agree, one.name+"'s")
		}
	}
	switch {
	case !s.Options.Facts.Source.SkewKnown && !s.Options.Facts.Target.SkewKnown:
		return unclear("no answer told the service's time", "Run doctor when a side answers.")
	case worst > skewLimit:
		return mend(strings.Join(seen, "; "), "Set this machine's clock by the network time; until then the times "+
			"of events mislead.")
	case len(seen) > 0:
		return fine(strings.Join(seen, "; "))
	}
	return fine("this machine's clock agrees with " + strings.Join(agree, " and "))
}

func (s *Setup) rateBudget() judgement {
	var seen []string
	low := false
	for _, one := range []struct {
		name     string
		budget   model.Budget
		answered bool
	}{
		{"OneLogin", s.Options.Facts.Source.Budget, s.Options.Facts.Source.Answered},
		{s.targetName(), s.Options.Facts.Target.Budget, s.Options.Facts.Target.Answered},
	} {
		b := one.budget
		if !b.Known {
			said := " says nothing about its limit"
			if !one.answered {
				said = " did not answer"
			}
			seen = append(seen, one.name+said)
			continue
		}
		line := fmt.Sprintf("%s: %d of %d calls left", one.name, b.Remaining, b.Limit)
		if !b.Reset.IsZero() {
			line += ", whole again at " + b.Reset.UTC().Format("15:04 UTC")
		}
		seen = append(seen, line)
		low = low || b.Low()
	}
	switch {
	case low:
		return look(strings.Join(seen, "; "), "Wait for the reset before large reads: OneLogin's calls are shared "+
			"by everything that uses the account's API.")
	case !s.Options.Facts.Source.Budget.Known && (!s.Options.Facts.Source.Answered ||
		!s.Options.Facts.Target.Budget.Known):
		return unclear(strings.Join(seen, "; "), "Run doctor when OneLogin answers.")
	}
	return fine(strings.Join(seen, "; "))
}

// targetCapabilities tells what the target understands, which decides what can be compared; no fault to mend.
func (s *Setup) targetCapabilities() judgement {
	p := s.Options.Facts.Capabilities
	if !s.Options.Facts.Probed {
		return unclear("only asked for by doctor", "Run scimdrift doctor.")
	}
	words := []string{
		"cursor " + answer(p.Cursor), "filter by userName " + answer(p.Filter), "filter by group " +
			answer(p.MemberFilter),
		"all users on the first page",
	}
	if p.PageSize > 0 {
		words[3] = fmt.Sprintf("pages of %d", p.PageSize)
	}
	if p.Trouble != "" {
		words[3] = p.Trouble
	}
	if p.Elsewhere != "" {
		words = append(words, p.Elsewhere)
	}
	if p.Ignored != "" {
		words = append(words, "it announces "+p.Ignored)
	}
	hidden := slices.ContainsFunc(s.Target.Groups, func(g model.Group) bool { return g.MembersHidden })
	if hidden {
		words = append(words, "no members of any group")
	}
	seen := strings.Join(words, "; ")
	switch {
	case p.Trouble != "":
		return unclear(seen, "Run doctor again when the target answers.")
	case p.Ignored != "":
		return look(seen, "Its /ResourceTypes cannot be followed there. If what is read is not what you see at the "+
			"target, mend the target's URL in the configuration.")
	case s.Target.Kind == "aws" && (p.Cursor == model.No || p.MemberFilter == model.No):
		return look(seen, "This endpoint is of the old kind: lists end after 50 rows and members cannot be read "+
			"over SCIM. Configure the AWS lens ([connections.NAME.aws]).")
	case hidden:
		return look(seen, "Compare memberships in the target's console. While it shows none, a group is deleted only "+
			"with --allow no-backup, and members are added only to what a plan creates.")
	case p.Filter == model.No:
		return look(seen, "Nothing to set here: single records are looked up by reading whole lists, which takes "+
			"longer.")
	}
	return fine(seen)
}

func answer(t model.Tri) string { return [...]string{"not known", "no", "yes"}[t] }

func (s *Setup) targetName() string {
	if s.Target.Kind == "aws" {
		return "AWS"
	}
	return "the target"
}

// dangling tells what can be moved to the group that was made again from what nothing shows an owner of.
func (s *Setup) dangling(list []model.Assignment) judgement {
	seen := make([]string, 0, len(s.Stranded)+1)
	todo := make([]string, 0, len(s.Stranded)+1)
	known := map[string]bool{}
	for i := range s.Stranded {
		of := &s.Stranded[i]
		known[of.ID] = true
		seen = append(seen, model.Few(model.AssignmentNames(of.List))+" of "+of.Called())
		step := "Those of " + of.Called() + " stay: " + of.Why + "."
		if of.Movable() {
			step = "Move those of " + of.Called() + " to the group that has its name now, with " +
				string(model.MoveAssignments) + "."
		}
		todo = append(todo, step)
	}
	byOwner := map[string][]model.Assignment{}
	var owners []string
	for _, a := range list {
		if known[a.PrincipalID] {
			continue
		}
		if byOwner[a.PrincipalID] == nil {
			owners = append(owners, a.PrincipalID)
		}
		byOwner[a.PrincipalID] = append(byOwner[a.PrincipalID], a)
	}
	for _, id := range owners {
		seen = append(seen, model.Few(model.AssignmentNames(byOwner[id]))+" of the deleted "+
			string(byOwner[id][0].PrincipalType)+" "+id)
	}
	todo = append(todo, "What is not moved gives nobody access; remove it by hand: IAM Identity Center > AWS "+
		"accounts > the account.")
	return mend("account assignments whose user or group is gone: "+strings.Join(seen, "; "), strings.Join(todo, " "))
}

// danglingAssignments needs AWS's own APIs: SCIM shows no account assignments.
func (s *Setup) danglingAssignments() judgement {
	const todo = "Look for assignments without a name; delete assignments before their group, because AWS keeps " +
		"them for ever."
	if s.Target.Kind != "aws" {
		return fine("only AWS has account assignments")
	}
	switch a := s.Options.Facts.Assignments; {
	case a.Trouble != "":
		return unclearFor("account assignments could not be looked through", a.Trouble, todo)
	case len(a.Dangling) > 0:
		return s.dangling(a.Dangling)
	case a.Asked && a.Rest != "":
		return unclearFor("no account assignment without its user or group so far", a.Rest, todo)
	case a.Asked:
		return fine("every account assignment has its user or group")
	}
	return look("account assignments of groups that are gone show only through AWS's own APIs (the AWS lens)", todo)
}
