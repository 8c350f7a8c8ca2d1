package onelogin

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// In a filter of OneLogin's an asterisk stands for any text, and nothing quotes it; in an address it is a letter.
func TestAnAsteriskInAnAddressFindsNobodyElse(t *testing.T) {
	s := startTenant(t, 120, sim.Knobs{}, "manage_all")
	s.world.Lock()
	for id, email := range map[int64]string{31_000_000_001: "a*b@corp.example", 31_000_000_002: "a-to-b@corp.example"} {
		s.world.Source.Users[id] = &world.User{ID: id, Email: email, State: 1, Status: 1}
	}
	s.world.Unlock()
	if u, found, err := s.client.FindUser(t.Context(), "A*b@corp.example"); err != nil || !found ||
		u.ID != "31000000001" {
		t.Errorf("found %v %q, %v", found, u.ID, err)
	}
	if _, found, err := s.client.FindUser(t.Context(), "a*o-b@corp.example"); err != nil || found {
		t.Errorf("an address that only resembles another was found: %v, %v", found, err)
	}
	before := s.client.Requests()
	_, found, err := s.client.FindUser(t.Context(), "*@corp.example")
	if err == nil || found || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("everybody was found: %v, %v", found, err)
	}
	if sent := s.client.Requests() - before; sent > 2 {
		t.Errorf("%d requests for one address", sent)
	}
}

// Whatever records at the target carry as external id: nobody who was not asked for comes back, no id leads to another
// path, and no filter is sent that would list the whole account.
func TestNoLookupIsWidened(t *testing.T) {
	s := startTenant(t, 60, sim.Knobs{}, "manage_all")
	ids := rapid.OneOf(
		rapid.String(), rapid.SampledFrom([]string{
			"", " ", "*", "..", ".", "1,2", "10000000001,*", "-1", "0", "01", "1e3",
			"10000000002", "10000000003 ",
		}),
		rapid.StringMatching(`1000000000[0-9]`), rapid.StringMatching(`[0-9*,./ ]{0,6}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOfN(ids, 0, 4).Draw(t, "ids")
		known, err := s.client.KnownUsers(t.Context(), asked)
		if err != nil {
			t.Fatalf("%q: %v", asked, err)
		}
		for _, u := range known {
			if !slices.Contains(asked, u.ID) {
				t.Fatalf("%q gave %s", asked, u.ID)
			}
		}
		for _, id := range asked {
			if isUserID(id) {
				continue
			}
			if u, found, err := s.client.GetUser(t.Context(), id); err == nil || found || u.Assigned {
				t.Fatalf("%q is read as a user", id)
			}
			if login, err := s.client.Login(t.Context(), id); err == nil || login != (model.Login{}) {
				t.Fatalf("%q has the login %+v", id, login)
			}
		}
	})
	for _, r := range s.server.Requests() {
		query, err := url.ParseQuery(r.Query)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range query {
			for one := range strings.SplitSeq(strings.Join(values, ","), ",") {
				if strings.TrimSpace(one) == "" {
					t.Errorf("%s?%s: %s holds a blank, which may stand for everybody", r.Path, r.Query, name)
				}
			}
		}
	}
}
