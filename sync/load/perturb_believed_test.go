package load_test

import (
	"regexp"
	"strings"
)

// toldElsewhere are the values that something else in a load tells too, so that a wrong one must be noticed: by the
// path of the answer and the name of the field.
var toldElsewhere = regexp.MustCompile(
	`^/api/2/users[?/].* (email|firstname|lastname|username|external_id|status|state)$` +
		`|^/api/2/apps/\d+/users\?.* id$` +
		`|^/api/2/roles.* (id|name)$` +
		`|/scim/v2/Users.* (userName|displayName|externalId|active|value|givenName)$` +
		`|/scim/v2/Groups.* (displayName|externalId|value)$`)

func toldTwice(key, _, name string) bool { return toldElsewhere.MatchString(key + " " + name) }

// believed are the answers that only one place tells, so that nothing can contradict them.
func believed() []struct {
	why string
	is  func(s *stage, at *choice) bool
} {
	return []struct {
		why string
		is  func(s *stage, at *choice) bool
	}{
		{
			"a target that shows members in the single record of a group and nowhere else, and says the same again: " +
				"what it lacks is added once " +
				"more, which changes nothing",
			func(s *stage, at *choice) bool {
				g, generic := s.liar.target.(*genericTarget)
				return generic && !g.membersInList && !g.groupsInUsers && at.always &&
					strings.Contains(at.key, "/Groups/")
			},
		},
		{
			"a target without filters, whose users name no groups, has its lists and nothing else to look a name up in",
			func(s *stage, at *choice) bool {
				g, generic := s.liar.target.(*genericTarget)
				return generic && g.noFilter && !g.groupsInUsers && at.always && strings.Contains(at.key, "startIndex=")
			},
		},
	}
}

// believes gives the reason why nothing can contradict an answer; "" if something must.
func (s *stage) believes(at *choice) string {
	for _, b := range believed() {
		if b.is(s, at) {
			return b.why
		}
	}
	return ""
}
