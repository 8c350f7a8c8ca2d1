package setup

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// targetURL judges the address that is configured here. It is mostly a copy of what stands in OneLogin, where a
// trailing slash breaks every request (https://github.com/mitodl/keycloak-scim/issues/73 shows the reverse, a lost
// slash, with a 404).
func (s *Setup) targetURL() judgement {
	raw := s.Options.Facts.TargetURL
	u, err := url.Parse(raw)
	if raw == "" || err != nil {
		return unknown("the base URL is not known here", "Run doctor on the configured connection.")
	}
	path := strings.TrimRight(u.Path, "/")
	switch {
	case s.Target.Kind == "aws" && !strings.HasSuffix(path, "/scim/v2"):
		return mend("the base URL ends in "+pathEnd(path)+" where an AWS endpoint ends in /scim/v2",
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
	case s.hasRefusal(404) && !s.Options.Facts.Target.Answered &&
		s.Target.Coverage[model.PartGroups].State != model.Skipped:
		// what answers one list and not another has no other address, and a target without groups answers so to their
		// list
		return mend("the target answers 404 to its own lists",
			"Compare the base URL with the SCIM endpoint in the target's console, here and in OneLogin.")
	}
	return fine("the base URL has the right form, without a slash at its end, as OneLogin needs it")
}

// pathEnd shows the end of a path without the tenant id.
func pathEnd(path string) string {
	if at := strings.LastIndex(path, "/"); at >= 0 && len(path)-at < 24 {
		return path[at:]
	}
	return "something else"
}

func (s *Setup) hasRefusal(status int) bool {
	return slices.ContainsFunc(s.Options.Facts.Target.Refusals,
		func(r model.Refusal) bool { return r.Status == status })
}

// targetToken judges our own token. AWS gives one answer for an expired token, a deleted one and a wrong tenant id
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html); since 2026 a list of allowed
// addresses can refuse a good token too (Identity Store's network configuration).
func (s *Setup) targetToken() judgement {
	switch {
	case s.hasRefusal(401):
		return mend("the target refuses the token (401): it has expired, was deleted, or the tenant id in the URL "+
			"is wrong",
			"Compare URL and tokens with the target's console. Make a second token, put it here and into OneLogin "+
				"if it uses the same, then delete the first.")
	case s.hasRefusal(403):
		return mend("the target knows the token and does not let it read (403): a permission is missing, or a "+
			"network rule refuses this address",
			"Check the token's permissions and the target's list of allowed addresses.")
	case s.Options.Facts.Target.Answered, s.TargetRead(model.PartUsers):
		return fine("the target accepts the token")
	}
	return unknownBecause("the target could not be read",
		cmp.Or(s.Target.Coverage[model.PartUsers].Reason, "it was not asked"), mendFirstTodo)
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

// targetCapabilities tells what the target understands, which decides what can be compared; no fault to mend.
func (s *Setup) targetCapabilities() judgement {
	p := s.Options.Facts.Capabilities
	if !s.Options.Facts.Probed {
		return unknown("only asked for by doctor", "Run scimdrift doctor.")
	}
	words := []string{
		"cursor " + triWord(p.Cursor), "filter by userName " + triWord(p.Filter), "filter by group " +
			triWord(p.MemberFilter),
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
		return unknown(seen, "Run doctor again when the target answers.")
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

func triWord(t model.Tri) string { return [...]string{"not known", "no", "yes"}[t] }

func (s *Setup) targetName() string {
	if s.Target.Kind == "aws" {
		return "AWS"
	}
	return "the target"
}
