package scim

import (
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

func TestFaultsNeverMakeTheDirectorySmaller(t *testing.T) {
	for name, f := range map[string]fault.Fault{
		"an empty answer, first page":    {Path: `/Users\?cursor$`, Kind: fault.Empty, Times: 1},
		"an empty answer, later page":    {Path: `/Users\?cursor=`, Kind: fault.Empty, Times: 1},
		"an empty answer, groups":        {Path: `/Groups\?cursor$`, Kind: fault.Empty, Times: 1},
		"429 a few times":                {Kind: fault.Throttle, Times: 3},
		"500 a few times":                {Kind: fault.ServerError, Times: 3},
		"HTML a few times":               {Kind: fault.BadGateway, Times: 3},
		"truncated JSON":                 {Kind: fault.Truncate, Times: 3},
		"a reset in the body":            {Kind: fault.ResetInBody, Times: 3},
		"a lost answer":                  {Kind: fault.LoseAnswer, Times: 3},
		"500 for ever from the 2nd page": {Path: `/Users\?cursor=`, Kind: fault.ServerError},
		"403 from the 2nd page":          {Path: `/Users\?cursor=`, Kind: fault.Forbidden},
		"HTML with 200":                  {Path: `/Users\?cursor=`, Kind: fault.Answer, Body: "<html>sign in</html>"},
		"another document with 200":      {Path: `/Users\?cursor=`, Kind: fault.Answer, Body: `{}`},
		"one group fails":                {Path: "GROUP", Kind: fault.ServerError},
		"one group redirects": {
			Path: `groups\.value`, Kind: fault.Redirect,
			Location: "https://elsewhere.example", After: 3, Times: 1,
		},
		"all groups but one fail":  {Path: `groups\.value`, Kind: fault.ServerError, After: 1},
		"all groups are forbidden": {Path: `groups\.value`, Kind: fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulate(t, 130, 14, upTo(func(g int) int { return 5 * g }, 130), nil)
			if f.Path == "GROUP" {
				f.Path = s.world.Target.GroupOrder[7]
			}
			s.fail(t, f)
			l := loadAll(t, client(t, s.url, AWS), nil)
			s.truth(t, l)
			struckForGood := f.Times == 0 || strings.Contains(name, "one group")
			whole := l.usersC.Complete() && l.groupsC.Complete() && l.membersC.Complete()
			if whole == struckForGood {
				t.Errorf("users %s, groups %s, memberships %s", l.usersC, l.groupsC, l.membersC)
			}
			if strings.Contains(f.Path, "Users") && struckForGood &&
				(l.usersC.State != model.Partial || len(l.users) != 100) {
				t.Errorf("%d users kept, %s", len(l.users), l.usersC)
			}
		})
	}
}

func TestATargetThatIsDownIsNotAskedForEveryGroup(t *testing.T) {
	s := simulate(t, 300, 120, upTo(func(int) int { return 3 }, 300), nil)
	c := client(t, s.url, AWS)
	users, _ := c.Users(t.Context(), nil)
	groups, _ := c.Groups(t.Context(), nil)
	before := c.Requests()
	s.fail(t, fault.Fault{Kind: fault.Forbidden})
	_, coverage, _ := c.Memberships(t.Context(), users, groups, nil, nil)
	wantCoverage(t, "forbidden memberships", coverage, model.Unknown)
	if n := c.Requests() - before; n != 1 {
		t.Errorf("%d requests for one refusal", n)
	}
	s.faults.Clear()
	s.fail(t, fault.Fault{Kind: fault.ServerError, After: 1})
	before = c.Requests()
	lists, coverage, _ := c.Memberships(t.Context(), users, groups, nil, nil)
	wantCoverage(t, "failing memberships", coverage, model.Partial)
	if n := c.Requests() - before; n > 1+100+len(groups) { // the budget of 500 tokens is for a hundred retries
		t.Errorf("%d requests to a target that is down", n)
	}
	known := 0
	for _, list := range lists {
		if list.Unknown == "" {
			known++
		}
	}
	if known != 1 {
		t.Errorf("the members of %d groups pass for known", known)
	}
}

func TestReasonsNameTheCause(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 1 }, 3), nil)
	for name, c := range map[string]struct {
		url, token string
		fault      *fault.Fault
		want       []string
	}{
		"deleted token": {token: "other", want: []string{"401", "expired", "deleted", "tenant id"}},
		"wrong tenant":  {url: strings.Replace(s.url, "/tenant/", "/tenant2/", 1), want: []string{"401", "tenant id"}},
		"network rule": {
			fault: &fault.Fault{Kind: fault.Forbidden},
			want:  []string{"403", "permission", "network rule"},
		},
		"wrong base URL": {fault: &fault.Fault{
			Kind: fault.Answer, Status: 404,
			Body: "<html><title>Not here</title></html>",
		}, want: []string{"404", "Not here", "base URL"}},
		"throttled":   {fault: &fault.Fault{Kind: fault.Throttle}, want: []string{"429", "rate_share"}},
		"a long wait": {fault: &fault.Fault{Kind: fault.Throttle, RetryAfter: 3600}, want: []string{"rate", "wait"}},
		"a login page": {
			fault: &fault.Fault{Kind: fault.Answer, Body: "<html>sign in</html>"},
			want:  []string{"JSON", "URL"},
		},
		"a broken target": {fault: &fault.Fault{Kind: fault.BadGateway}, want: []string{"502", "Bad Gateway"}},
		"echoed token": {
			fault: &fault.Fault{Kind: fault.Answer, Status: 418, Body: `{"detail":["bad ` + bearer + `"]}`},
			want:  []string{"418", "bad"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.faults.Clear()
			if c.fault != nil {
				s.fail(t, *c.fault)
			}
			o := Options{URL: s.url, Token: bearer, RateShare: Unlimited}
			o.HTTP.Backoff, o.HTTP.MaxBackoff = time.Microsecond, time.Microsecond
			if c.url != "" {
				o.URL = c.url
			}
			if c.token != "" {
				o.Token = c.token
			}
			adapter, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			defer adapter.Close()
			users, coverage := adapter.Users(t.Context(), nil)
			wantCoverage(t, "users", coverage, model.Unknown)
			if len(users) != 0 {
				t.Errorf("%d users", len(users))
			}
			for _, word := range c.want {
				if !strings.Contains(coverage.Reason, word) {
					t.Errorf("%q does not say %q", coverage.Reason, word)
				}
			}
			if strings.Contains(coverage.Reason, o.Token) {
				t.Errorf("%q holds the token", coverage.Reason)
			}
		})
	}
}
