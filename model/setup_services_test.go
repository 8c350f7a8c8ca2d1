package model_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestSetupOfReaching(t *testing.T) {
	t.Parallel()
	refusal := func(what, scope string, status int) func(*world, *drift.Options) {
		return func(_ *world, o *drift.Options) {
			o.Facts.Source.Refusals = []model.Refusal{{What: what, Scope: scope, Status: status}}
		}
	}
	address := func(url string) func(*world, *drift.Options) {
		return func(_ *world, o *drift.Options) { o.Facts.TargetURL = url }
	}
	target := func(status int) func(*world, *drift.Options) {
		return func(_ *world, o *drift.Options) {
			o.Facts.Target.Refusals = []model.Refusal{{What: "/Users", Status: status}}
		}
	}
	const good = "https://scim.us-east-1.amazonaws.com/A1b2-tenant/scim/v2"
	runSetupCases(t, []setupCase{
		{name: "nothing refused", id: model.SetupSourceScopes, want: model.CheckFine},
		{
			name: "401", id: model.SetupSourceScopes, change: refusal("app rules", "Manage All", 401),
			want: model.CheckMend, seen: "app rules refused with 401", todo: "Manage All", severity: model.Medium,
		},
		{
			name: "403", id: model.SetupSourceScopes, change: refusal("events", "Read Users", 403),
			want: model.CheckMend,
			seen: "events refused with 403", todo: "scope Read Users", severity: model.Medium,
		},
		{
			name: "404", id: model.SetupSourceScopes, change: refusal("the app", "Read All", 404),
			want: model.CheckMend,
			seen: "needs the scope Read All", todo: "app_id", severity: model.Medium,
		},
		{
			name: "429", id: model.SetupSourceScopes, change: refusal("app rules", "Manage All", 429),
			want: model.CheckLook, seen: "429", todo: "Manage All",
		},
		{
			name: "login", id: model.SetupSourceScopes, change: refusal("the login", "", 401), want: model.CheckMend,
			seen: "the login refused", todo: "client_secret", severity: model.Medium,
		},
		{
			name: "down", id: model.SetupSourceScopes,
			change: func(w *world, _ *drift.Options) { w.cover[model.PartUsers] = model.UnknownCoverage("no route") },
			seen:   "no route",
		},

		{name: "good", id: model.SetupTargetURL, change: address(good), want: model.CheckFine},
		{
			name: "loopback", id: model.SetupTargetURL, change: address("http://127.0.0.1:80/t/scim/v2"),
			want: model.CheckFine,
		},
		{name: "slash", id: model.SetupTargetURL, change: address(good + "/"), want: model.CheckLook, seen: "slash"},
		{
			name: "no version", id: model.SetupTargetURL,
			change: address("https://scim.us-east-1.amazonaws.com/tenant/scim"), want: model.CheckMend, seen: "/scim ",
			todo: "/scim/v2", severity: model.High,
		},
		{
			name: "no tenant", id: model.SetupTargetURL,
			change: address("https://scim.us-east-1.amazonaws.com/scim/v2"),
			want:   model.CheckMend, todo: "TENANT", severity: model.High,
		},
		{name: "not known", id: model.SetupTargetURL, want: model.CheckUnknown},
		{
			name: "404", id: model.SetupTargetURL,
			change: func(w *world, o *drift.Options) { address(good)(w, o); target(404)(w, o) }, want: model.CheckMend,
			seen: "404", severity: model.High,
		},
		{name: "404 to one list only", id: model.SetupTargetURL, change: func(w *world, o *drift.Options) {
			address(good)(w, o)
			target(404)(w, o)
			o.Facts.Target.Answered = true // a target with users only says so of its groups, and the address is right
		}, want: model.CheckFine},

		{name: "accepted", id: model.SetupTargetToken, want: model.CheckFine},
		{
			name: "401", id: model.SetupTargetToken, change: target(401), want: model.CheckMend,
			seen: "expired, was deleted, or the tenant id", severity: model.High,
		},
		{
			name: "403", id: model.SetupTargetToken, change: target(403), want: model.CheckMend, seen: "network rule",
			severity: model.High,
		},
		{
			name: "down", id: model.SetupTargetToken,
			change: func(w *world, _ *drift.Options) { w.tcover[model.PartUsers] = model.UnknownCoverage("no answer") },
			seen:   "no answer",
		},

		{name: "own", id: model.SetupSharedTarget, want: model.CheckFine},
		{
			name: "shared", id: model.SetupSharedTarget,
			change: func(_ *world, o *drift.Options) { o.Facts.SharedWith = []string{"staging"} },
			want:   model.CheckLook, seen: "staging",
		},

		{name: "not asked", id: model.SetupTargetCapabilities, want: model.CheckUnknown, todo: "scimdrift doctor"},
		{
			name: "new AWS", id: model.SetupTargetCapabilities,
			change: capable(model.Capabilities{
				Cursor: model.Yes, Filter: model.Yes, MemberFilter: model.Yes,
				PageSize: 100,
			}), want: model.CheckFine, seen: "pages of 100",
		},
		{
			name: "old AWS", id: model.SetupTargetCapabilities,
			change: capable(model.Capabilities{
				Cursor: model.No, Filter: model.Yes, MemberFilter: model.No,
				PageSize: 50,
			}), want: model.CheckLook, todo: "lens",
		},
		{
			name: "other endpoints", id: model.SetupTargetCapabilities,
			change: capable(model.Capabilities{
				Cursor: model.Yes, Filter: model.Yes, MemberFilter: model.Yes,
				Elsewhere: "users at /People",
			}), want: model.CheckFine, seen: "users at /People",
		},
		{
			name: "endpoints not followed", id: model.SetupTargetCapabilities,
			change: capable(model.Capabilities{Filter: model.Yes, Ignored: "users at //x/y, which is on another host"}),
			want:   model.CheckLook, seen: "it announces users at //x/y", todo: "URL",
		},
		{
			name: "no filter", id: model.SetupTargetCapabilities, change: func(w *world, o *drift.Options) {
				w.kind = "generic"
				capable(model.Capabilities{Filter: model.No})(w, o)
			}, want: model.CheckLook, seen: "filter by userName no", todo: "reading whole lists",
		},
		{
			name: "hidden members", id: model.SetupTargetCapabilities, change: func(w *world, o *drift.Options) {
				w.kind, w.tgroups[0].MembersHidden = "generic", true
				capable(model.Capabilities{Filter: model.Yes})(w, o)
			}, want: model.CheckLook, seen: "no members of any group", todo: "--allow no-backup",
		},
		{
			name: "trouble", id: model.SetupTargetCapabilities,
			change: capable(model.Capabilities{Trouble: "timed out"}),
			want:   model.CheckUnknown, seen: "timed out",
		},

		{name: "not told", id: model.SetupClockSkew, want: model.CheckUnknown},
		{name: "agrees", id: model.SetupClockSkew, change: skewed(0), want: model.CheckFine, seen: "agrees"},
		{
			name: "at the limit", id: model.SetupClockSkew, change: skewed(time.Minute), want: model.CheckFine,
			seen: "1m0s ahead of",
		},
		{
			name: "ahead", id: model.SetupClockSkew, change: skewed(61 * time.Second), want: model.CheckMend,
			seen: "1m1s ahead of AWS's", severity: model.Info,
		},
		{
			name: "behind", id: model.SetupClockSkew, change: skewed(-2 * time.Hour), want: model.CheckMend,
			seen: "2h0m0s behind", severity: model.Info,
		},

		{name: "not known", id: model.SetupRateBudget, want: model.CheckUnknown},
		{
			name: "enough", id: model.SetupRateBudget, change: left(4000), want: model.CheckFine,
			seen: "4000 of 5000 calls left, whole again at 08:30 UTC",
		},
		{name: "told by the other side alone", id: model.SetupRateBudget, change: func(_ *world, o *drift.Options) {
			o.Facts.Target = model.Service{Answered: true, Budget: model.Budget{Known: true, Limit: 100, Remaining: 90}}
		}, want: model.CheckUnknown, seen: "OneLogin did not answer"},
		{name: "low", id: model.SetupRateBudget, change: left(499), want: model.CheckLook, todo: "Wait"},
		{name: "lens", id: model.SetupDanglingAssignments, want: model.CheckLook, seen: "lens"},
		{
			name: "none dangles", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{Asked: true}),
			want:   model.CheckFine, seen: "has its user or group",
		},
		{
			name: "one dangles", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{Asked: true, Dangling: []model.Assignment{{
				AccountID: "111122223333", Account: "prod", PermissionSetARN: "arn:a", PermissionSet: "Billing",
				PrincipalType: model.SubjectGroup, PrincipalID: "g-gone",
			}}}), want: model.CheckMend, seen: "Billing in prod (111122223333) of the deleted group g-gone",
			todo: "nobody can tell what they were for", severity: model.Medium,
		},
		{
			name: "one dangles whose name is known", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{
				Asked: true, Former: []model.FormerName{{ID: "g-gone", Name: "aws-gone", Where: "the journal"}},
				Dangling: []model.Assignment{{
					AccountID: "111122223333", Account: "prod", PermissionSetARN: "arn:a", PermissionSet: "Billing",
					PrincipalType: model.SubjectGroup, PrincipalID: "g-gone",
				}},
			}), want: model.CheckMend, seen: "Billing in prod (111122223333) of the deleted group aws-gone",
			todo: "Those of the deleted group aws-gone stay: ", severity: model.Medium,
		},
		{
			name: "one dangles of those looked through", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{Asked: true, Rest: "only the first 40", Dangling: []model.Assignment{{
				AccountID: "111122223333", PermissionSetARN: "arn:a", PrincipalType: model.SubjectUser,
				PrincipalID: "u-gone",
			}}}), want: model.CheckMend, seen: "u-gone", severity: model.Medium,
		},
		{
			name: "not all looked through", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{Asked: true, Rest: "only the first 40"}), want: model.CheckUnknown,
			seen: "only the first 40",
		},
		{
			name: "not to be looked through", id: model.SetupDanglingAssignments,
			change: dangles(model.AssignmentFacts{Trouble: "may not do sso:ListPermissionSets"}),
			want:   model.CheckUnknown, seen: "sso:ListPermissionSets",
		},
	})
}

// subjectOf is an app that signs people in by this field, and pushes their e-mail as userName.
func subjectOf(field string) func(*world, *drift.Options) {
	return func(w *world, _ *drift.Options) {
		w.app.UserNameField = "email"
		w.app.Parameters = []model.Parameter{{Key: "saml_username", Mapping: field}}
	}
}

func dangles(a model.AssignmentFacts) func(*world, *drift.Options) {
	return func(_ *world, o *drift.Options) { o.Facts.Assignments = a }
}

func capable(c model.Capabilities) func(*world, *drift.Options) {
	return func(_ *world, o *drift.Options) { o.Facts.Probed, o.Facts.Capabilities = true, c }
}

func skewed(d time.Duration) func(*world, *drift.Options) {
	return func(_ *world, o *drift.Options) { o.Facts.Target.Skew, o.Facts.Target.SkewKnown = d, true }
}

func left(n int) func(*world, *drift.Options) {
	return func(_ *world, o *drift.Options) {
		o.Facts.Source.Budget = model.Budget{
			Known: true, Limit: 5000, Remaining: n,
			Reset: setupAt.Add(30 * time.Minute),
		}
	}
}

func TestSetupOfPeople(t *testing.T) {
	t.Parallel()
	strangers := func(n int) func(*world, *drift.Options) { // the first n target users are other people
		return func(w *world, _ *drift.Options) {
			for i := range n {
				u := &w.tusers[i]
				u.ExternalID, u.UserName, u.Email = "", fmt.Sprintf("stranger%d", i),
					fmt.Sprintf("stranger%d@else.example", i)
			}
		}
	}
	runSetupCases(t, []setupCase{
		{name: "all", id: model.SetupMispaired, want: model.CheckFine, seen: "8 of the app's 8"},
		{name: "half", id: model.SetupMispaired, change: strangers(4), want: model.CheckFine, seen: "4 of"},
		{
			name: "under half", id: model.SetupMispaired, change: strangers(5), want: model.CheckMend,
			seen: "only 3 of the app's 8", severity: model.Critical,
		},
		{name: "few at the target", id: model.SetupMispaired, change: func(w *world, o *drift.Options) {
			strangers(8)(w, o)
			w.tusers = w.tusers[:4]
		}, want: model.CheckFine, seen: "too few"},
		{
			name: "a shared target, all of ours in it", id: model.SetupMispaired,
			change: func(w *world, _ *drift.Options) {
				for i := range 100 {
					w.tusers = append(w.tusers, model.User{
						ID: fmt.Sprint("x", i), UserName: fmt.Sprint("other", i),
						Active: true,
					})
				}
			}, want: model.CheckFine,
		},
		{name: "not read", id: model.SetupMispaired, change: func(w *world, o *drift.Options) {
			strangers(8)(w, o)
			w.tcover[model.PartUsers] = model.PartialCoverage("half")
		}, want: model.CheckUnknown},

		{name: "same", id: model.SetupUserNameCase, change: subjectOf("Email"), want: model.CheckFine},
		{
			name: "another field", id: model.SetupUserNameCase, change: subjectOf("username"), want: model.CheckLook,
			seen: "sign in by their username (Subject NameID) and are pushed with their email", todo: "the same field",
		},
		{
			name: "case", id: model.SetupUserNameCase,
			change: func(w *world, _ *drift.Options) { w.tusers[2].UserName = "USER2@corp.example" },
			want:   model.CheckLook, seen: "user2@corp.example is USER2@corp.example", todo: "SAML",
		},
		{
			name: "case, and another field", id: model.SetupUserNameCase, change: func(w *world, o *drift.Options) {
				w.tusers[2].UserName = "USER2@corp.example"
				subjectOf("username")(w, o)
			},
			want: model.CheckLook, seen: "user2@corp.example is USER2@corp.example at the target; people sign in by " +
				"their username", todo: "SAML",
		},
		{
			name: "normal form", id: model.SetupUserNameCase, change: func(w *world, _ *drift.Options) {
				w.users[2].UserName, w.tusers[2].UserName = "zo\u00e9@corp.example", "zoe\u0301@corp.example"
			},
			want: model.CheckLook, seen: "zo<U+00E9>@corp.example is zoe<U+0301>@corp.example", todo: "SAML",
		},
		{
			name: "only looks alike", id: model.SetupUserNameCase, change: func(w *world, _ *drift.Options) {
				w.tusers[2].ExternalID, w.tusers[2].Email, w.tusers[2].UserName = "", "", "us\u0435r2@corp.example"
			},
			want: model.CheckFine, // another name, and a finding
		},
	})
}
