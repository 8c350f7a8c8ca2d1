package model

import (
	"fmt"
	"testing"
	"time"
)

func TestSetupOfReaching(t *testing.T) {
	t.Parallel()
	refusal := func(what, scope string, status int) func(*world, *Options) {
		return func(_ *world, o *Options) { o.Facts.Source.Refusals = []Refusal{{what, scope, status}} }
	}
	address := func(url string) func(*world, *Options) {
		return func(_ *world, o *Options) { o.Facts.TargetURL = url }
	}
	target := func(status int) func(*world, *Options) {
		return func(_ *world, o *Options) { o.Facts.Target.Refusals = []Refusal{{What: "/Users", Status: status}} }
	}
	const good = "https://scim.us-east-1.amazonaws.com/A1b2-tenant/scim/v2"
	runSetupCases(t, []setupCase{
		{name: "nothing refused", id: SetupSourceScopes, want: CheckFine},
		{name: "401", id: SetupSourceScopes, change: refusal("app rules", "Manage All", 401), want: CheckMend, seen: "app rules refused with 401", todo: "Manage All", severity: Medium},
		{name: "403", id: SetupSourceScopes, change: refusal("events", "Read Users", 403), want: CheckMend, seen: "events refused with 403", todo: "scope Read Users", severity: Medium},
		{name: "404", id: SetupSourceScopes, change: refusal("the app", "Read All", 404), want: CheckMend, seen: "needs the scope Read All", todo: "app_id", severity: Medium},
		{name: "429", id: SetupSourceScopes, change: refusal("app rules", "Manage All", 429), want: CheckLook, seen: "429", todo: "Manage All"},
		{name: "login", id: SetupSourceScopes, change: refusal("the login", "", 401), want: CheckMend, seen: "the login refused", todo: "client_secret", severity: Medium},
		{name: "down", id: SetupSourceScopes, change: func(w *world, _ *Options) { w.cover[PartUsers] = UnknownCoverage("no route") }, seen: "no route"},

		{name: "good", id: SetupTargetURL, change: address(good), want: CheckFine},
		{name: "loopback", id: SetupTargetURL, change: address("http://127.0.0.1:80/t/scim/v2"), want: CheckFine},
		{name: "slash", id: SetupTargetURL, change: address(good + "/"), want: CheckLook, seen: "slash"},
		{name: "no version", id: SetupTargetURL, change: address("https://scim.us-east-1.amazonaws.com/tenant/scim"), want: CheckMend, seen: "/scim ", todo: "/scim/v2", severity: High},
		{name: "no tenant", id: SetupTargetURL, change: address("https://scim.us-east-1.amazonaws.com/scim/v2"), want: CheckMend, todo: "TENANT", severity: High},
		{name: "not known", id: SetupTargetURL, want: CheckUnknown},
		{name: "404", id: SetupTargetURL, change: func(w *world, o *Options) { address(good)(w, o); target(404)(w, o) }, want: CheckMend, seen: "404", severity: High},
		{name: "404 to one list only", id: SetupTargetURL, change: func(w *world, o *Options) {
			address(good)(w, o)
			target(404)(w, o)
			o.Facts.Target.Answered = true // a target with users only says so of its groups, and the address is right
		}, want: CheckFine},

		{name: "accepted", id: SetupTargetToken, want: CheckFine},
		{name: "401", id: SetupTargetToken, change: target(401), want: CheckMend, seen: "expired, was deleted, or the tenant id", severity: High},
		{name: "403", id: SetupTargetToken, change: target(403), want: CheckMend, seen: "network rule", severity: High},
		{name: "down", id: SetupTargetToken, change: func(w *world, _ *Options) { w.tcover[PartUsers] = UnknownCoverage("no answer") }, seen: "no answer"},

		{name: "own", id: SetupSharedTarget, want: CheckFine},
		{name: "shared", id: SetupSharedTarget, change: func(_ *world, o *Options) { o.Facts.SharedWith = []string{"staging"} }, want: CheckLook, seen: "staging"},

		{name: "not asked", id: SetupTargetCapabilities, want: CheckUnknown, todo: "scimdrift doctor"},
		{name: "new AWS", id: SetupTargetCapabilities, change: capable(Capabilities{Cursor: Yes, Filter: Yes, MemberFilter: Yes, PageSize: 100}), want: CheckFine, seen: "pages of 100"},
		{name: "old AWS", id: SetupTargetCapabilities, change: capable(Capabilities{Cursor: No, Filter: Yes, MemberFilter: No, PageSize: 50}), want: CheckLook, todo: "lens"},
		{name: "other endpoints", id: SetupTargetCapabilities, change: capable(Capabilities{Cursor: Yes, Filter: Yes, MemberFilter: Yes, Elsewhere: "users at /People"}), want: CheckFine, seen: "users at /People"},
		{name: "endpoints not followed", id: SetupTargetCapabilities, change: capable(Capabilities{Filter: Yes, Ignored: "users at //x/y, which is on another host"}), want: CheckLook, seen: "it announces users at //x/y", todo: "URL"},
		{name: "trouble", id: SetupTargetCapabilities, change: capable(Capabilities{Trouble: "timed out"}), want: CheckUnknown, seen: "timed out"},

		{name: "not told", id: SetupClockSkew, want: CheckUnknown},
		{name: "agrees", id: SetupClockSkew, change: skewed(0), want: CheckFine, seen: "agrees"},
		{name: "at the limit", id: SetupClockSkew, change: skewed(time.Minute), want: CheckFine, seen: "1m0s ahead of"},
		{name: "ahead", id: SetupClockSkew, change: skewed(61 * time.Second), want: CheckMend, seen: "1m1s ahead of AWS's", severity: Info},
		{name: "behind", id: SetupClockSkew, change: skewed(-2 * time.Hour), want: CheckMend, seen: "2h0m0s behind", severity: Info},

		{name: "not known", id: SetupRateBudget, want: CheckUnknown},
		{name: "enough", id: SetupRateBudget, change: left(4000), want: CheckFine, seen: "4000 of 5000 calls left, whole again at 08:30 UTC"},
		{name: "told by the other side alone", id: SetupRateBudget, change: func(_ *world, o *Options) {
			o.Facts.Target = Service{Answered: true, Budget: Budget{Known: true, Limit: 100, Remaining: 90}}
		}, want: CheckUnknown, seen: "OneLogin did not answer"},
		{name: "low", id: SetupRateBudget, change: left(499), want: CheckLook, todo: "Wait"},
		{name: "lens", id: SetupDanglingAssignments, want: CheckLook, seen: "lens"},
		{name: "none dangles", id: SetupDanglingAssignments, change: dangles(AssignmentFacts{Asked: true}), want: CheckFine, seen: "has its user or group"},
		{name: "one dangles", id: SetupDanglingAssignments, change: dangles(AssignmentFacts{Asked: true, Dangling: []Assignment{{
			AccountID: "111122223333", Account: "prod", PermissionSetARN: "arn:a", PermissionSet: "Billing", PrincipalType: SubjectGroup, PrincipalID: "g-gone",
		}}}), want: CheckMend, seen: "Billing in prod (111122223333) of the deleted group g-gone", todo: "nobody can tell what they were for", severity: Medium},
		{name: "one dangles of those looked through", id: SetupDanglingAssignments, change: dangles(AssignmentFacts{Asked: true, Rest: "only the first 40", Dangling: []Assignment{{
			AccountID: "111122223333", PermissionSetARN: "arn:a", PrincipalType: SubjectUser, PrincipalID: "u-gone",
		}}}), want: CheckMend, seen: "u-gone", severity: Medium},
		{name: "not all looked through", id: SetupDanglingAssignments, change: dangles(AssignmentFacts{Asked: true, Rest: "only the first 40"}), want: CheckUnknown, seen: "only the first 40"},
		{name: "not to be looked through", id: SetupDanglingAssignments, change: dangles(AssignmentFacts{Trouble: "may not do sso:ListPermissionSets"}), want: CheckUnknown, seen: "sso:ListPermissionSets"},
	})
}

func dangles(a AssignmentFacts) func(*world, *Options) {
	return func(_ *world, o *Options) { o.Facts.Assignments = a }
}

func capable(c Capabilities) func(*world, *Options) {
	return func(_ *world, o *Options) { o.Facts.Probed, o.Facts.Capabilities = true, c }
}

func skewed(d time.Duration) func(*world, *Options) {
	return func(_ *world, o *Options) { o.Facts.Target.Skew, o.Facts.Target.SkewKnown = d, true }
}

func left(n int) func(*world, *Options) {
	return func(_ *world, o *Options) {
		o.Facts.Source.Budget = Budget{Known: true, Limit: 5000, Remaining: n, Reset: setupAt.Add(30 * time.Minute)}
	}
}

func TestSetupOfPeople(t *testing.T) {
	t.Parallel()
	strangers := func(n int) func(*world, *Options) { // the first n target users are other people
		return func(w *world, _ *Options) {
			for i := range n {
				u := &w.tusers[i]
				u.ExternalID, u.UserName, u.Email = "", fmt.Sprintf("stranger%d", i), fmt.Sprintf("stranger%d@else.example", i)
			}
		}
	}
	runSetupCases(t, []setupCase{
		{name: "all", id: SetupMispaired, want: CheckFine, seen: "8 of the app's 8"},
		{name: "half", id: SetupMispaired, change: strangers(4), want: CheckFine, seen: "4 of"},
		{name: "under half", id: SetupMispaired, change: strangers(5), want: CheckMend, seen: "only 3 of the app's 8", severity: Critical},
		{name: "few at the target", id: SetupMispaired, change: func(w *world, o *Options) {
			strangers(8)(w, o)
			w.tusers = w.tusers[:4]
		}, want: CheckFine, seen: "too few"},
		{name: "a shared target, all of ours in it", id: SetupMispaired, change: func(w *world, _ *Options) {
			for i := range 100 {
				w.tusers = append(w.tusers, User{ID: fmt.Sprint("x", i), UserName: fmt.Sprint("other", i), Active: true})
			}
		}, want: CheckFine},
		{name: "not read", id: SetupMispaired, change: func(w *world, o *Options) {
			strangers(8)(w, o)
			w.tcover[PartUsers] = PartialCoverage("half")
		}, want: CheckUnknown},

		{name: "same", id: SetupUserNameCase, want: CheckFine},
		{
			name: "case", id: SetupUserNameCase, change: func(w *world, _ *Options) { w.tusers[2].UserName = "USER2@corp.example" },
			want: CheckLook, seen: "user2@corp.example is USER2@corp.example", todo: "SAML",
		},
		{
			name: "normal form", id: SetupUserNameCase, change: func(w *world, _ *Options) {
				w.users[2].UserName, w.tusers[2].UserName = "zo\u00e9@corp.example", "zoe\u0301@corp.example"
			},
			want: CheckLook, seen: "zo<U+00E9>@corp.example is zoe<U+0301>@corp.example", todo: "SAML",
		},
		{
			name: "only looks alike", id: SetupUserNameCase, change: func(w *world, _ *Options) {
				w.tusers[2].ExternalID, w.tusers[2].Email, w.tusers[2].UserName = "", "", "us\u0435r2@corp.example"
			},
			want: CheckFine, // another name, and a finding
		},
	})
}
