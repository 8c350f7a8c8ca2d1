package scim

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
)

func TestCapabilitiesOfBothGenerations(t *testing.T) {
	t.Parallel()
	nobody := func(int) []int { return nil }
	for name, c := range map[string]struct {
		users  int
		change func(*simulator.Knobs)
		want   model.Capabilities
	}{
		"new": {120, nil, model.Capabilities{
			Cursor: model.Yes, Filter: model.Yes, MemberFilter: model.Yes,
			PageSize: 100,
		}},
		"new, small": {20, nil, model.Capabilities{
			Cursor: model.Yes, Filter: model.Yes,
			MemberFilter: model.Yes,
		}},
		"new, unknown group 404": {
			20, func(k *simulator.Knobs) { k.UnknownGroup404 = true },
			model.Capabilities{Cursor: model.Yes, Filter: model.Yes, MemberFilter: model.Yes},
		},
		"old": {
			120, func(k *simulator.Knobs) { *k = simulator.Legacy().Unlimited() },
			model.Capabilities{Cursor: model.No, Filter: model.Yes, MemberFilter: model.No},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulate(t, c.users, 1, nobody, c.change)
			target := client(t, s.url, AWS)
			if diff := cmp.Diff(c.want, target.Capabilities(t.Context())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if target.Requests() > 3 {
				t.Errorf("%d requests, want at most 3", target.Requests())
			}
		})
	}
}

func TestCapabilitiesOfATargetThatFails(t *testing.T) {
	t.Parallel()
	s := simulate(t, 3, 1, func(int) []int { return nil }, nil)
	s.fail(t, fault.Fault{Kind: fault.Forbidden})
	got := client(t, s.url, AWS).Capabilities(t.Context())
	if got.Trouble == "" || got.Cursor != model.Unsaid {
		t.Errorf("%+v", got)
	}
}

// TestATargetThatIgnoresFiltersIsFoundOut: believed, it would show everybody as a member of every group.
func TestATargetThatIgnoresFiltersIsFoundOut(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 200,
			`{"totalResults":2,"itemsPerPage":2,"startIndex":1,"Resources":[{"id":"1","userName":"a"},{"id":"2",`+
				`"userName":"b"}]}`)
	}))
	t.Cleanup(web.Close)
	for dialect, member := range map[string]model.Tri{AWS: model.No, Generic: model.Unsaid} {
		got := client(t, web.URL+"/scim/v2", dialect).Capabilities(t.Context())
		if got.Filter != model.No || got.MemberFilter != member || got.Cursor != model.No {
			t.Errorf("%s: %+v", dialect, got)
		}
	}
}
