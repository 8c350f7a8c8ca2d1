package scim

import (
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/sync/transport/transporttest"
)

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	good := Options{URL: "https://scim.us-east-1.amazonaws.com/t/scim/v2/", Token: "t"}
	for name, change := range map[string]func(*Options){
		"no token":                  func(o *Options) { o.Token = " " },
		"a token with a line break": func(o *Options) { o.Token = "a\nb" },
		"a dialect nobody speaks":   func(o *Options) { o.Dialect = "okta" },
		"generic at AWS":            func(o *Options) { o.Dialect = Generic },
		"generic at AWS, another partition": func(o *Options) {
			o.Dialect, o.URL = Generic, "https://SCIM.cn-north-1.amazonaws.com.cn/t/scim/v2"
		},
		"generic at AWS, dual stack": func(o *Options) {
			o.Dialect, o.URL = Generic,
				"https://scim.us-east-1.api.aws/t/scim/v2"
		},
		"in the clear": func(o *Options) { o.URL = "http://scim.corp.example/v2" },
		"no URL":       func(o *Options) { o.URL = "" },
	} {
		o := good
		change(&o)
		if c, err := New(o); err == nil {
			c.Close()
			t.Errorf("%s: accepted", name)
		} else if o.Token != " " && len(o.Token) > 1 && strings.Contains(err.Error(), o.Token) {
			t.Errorf("%s: the error %q holds the token", name, err)
		}
	}
	c, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestTheRateIsAShareOfWhatAWSAllows(t *testing.T) {
	for share, want := range map[float64]struct {
		rate  float64
		burst int
	}{0: {20, 20}, -1: {20, 20}, 0.5: {20, 20}, 1: {40, 40}, 0.01: {0.4, 1}, 100: {0, 0}, 1000: {0, 0}} {
		if rate, burst := transport.ShareOf(documentedReads, share); rate != want.rate || burst != want.burst {
			t.Errorf("share %v: %v a second, burst %d; want %+v", share, rate, burst, want)
		}
	}
}

func TestNoLimitIsKeptWhereNoneIsDocumented(t *testing.T) {
	s := serve(t, (&generic{}).ServeHTTP)
	for _, c := range []struct {
		dialect string
		share   float64
		waits   bool
	}{{AWS, 0, true}, {AWS, Unlimited, false}, {Generic, 0, false}, {Generic, 0.5, true}} {
		waits := 0
		count := func(e transport.Event) {
			if e.Kind == transport.EventWait {
				waits++
			}
		}
		adapter, err := New(Options{
			URL: s.URL, Token: bearer, Dialect: c.dialect, RateShare: c.share,
			HTTP: transport.Options{Clock: transporttest.NewClock(time.Now()), Observe: count},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer adapter.Close()
		for range 30 {
			if _, err := adapter.getJSON(t.Context(), "/Users"); err != nil {
				t.Fatal(err)
			}
		}
		if waits > 0 != c.waits {
			t.Errorf("%s at %v: %d waits", c.dialect, c.share, waits)
		}
	}
}

func TestQueriesCannotBeBrokenOutOf(t *testing.T) {
	for value, want := range map[string]string{
		`ana`:                 `filter=userName%20eq%20%22ana%22`,
		`a" or userName pr "`: `filter=userName%20eq%20%22a%5C%22%20or%20userName%20pr%20%5C%22%22`,
		`back\slash`:          `filter=userName%20eq%20%22back%5C%5Cslash%22`,
		`a+b&c=d#e%20<`:       `filter=userName%20eq%20%22a%2Bb%26c%3Dd%23e%2520%3C%22`,
	} {
		if got := equalsFilter("userName", value); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
	if got := joinQuery(cursorParam("a+/=b"), "", "count=1"); got != "cursor=a%2B%2F%3Db&count=1" {
		t.Error(got)
	}
}
