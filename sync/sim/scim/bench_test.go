package scim

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// BenchmarkLargeDirectory measures one request each on 100,000 users and 2,000 groups of 500.
func BenchmarkLargeDirectory(b *testing.B) {
	knobs := Current().Unlimited()
	w := world.New(1, nil)
	w.Target.TenantID, w.Target.Tokens = "tenant", []world.Token{{Value: "secret"}}
	ids := make([]string, 100_000)
	for i := range ids {
		ids[i] = w.NewUUID()
		name := fmt.Sprintf("user%06d@corp.example", i)
		w.Target.AddUser(&world.TargetUser{
			ID: ids[i], UserName: name, Email: name, DisplayName: name, GivenName: "G",
			FamilyName: "F", Created: time.Now(),
		})
	}
	for i := range 2000 {
		g := &world.TargetGroup{
			ID: fmt.Sprintf("group-%04d", i), DisplayName: fmt.Sprint("group ", i),
			Members: map[string]bool{},
		}
		for j := range 500 {
			g.Members[ids[(i*37+j*199)%len(ids)]] = true
		}
		w.Target.AddGroup(g)
	}
	everybody := &world.TargetGroup{ID: "everybody", DisplayName: "everybody", Members: map[string]bool{}}
	for _, id := range ids {
		everybody.Members[id] = true
	}
	w.Target.AddGroup(everybody)
	s := New(w, knobs)
	do := func(b *testing.B, method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(b.Context(), method, "/tenant/scim/v2"+path, http.NoBody)
		r.Header.Set("Authorization", "Bearer secret")
		rw := httptest.NewRecorder()
		s.ServeHTTP(rw, r)
		if rw.Code != http.StatusOK {
			b.Fatalf("%s: %d %s", path, rw.Code, rw.Body)
		}
		return rw
	}
	middle := cursor{Last: ids[50_000], Rows: 50_001, Page: 502}
	ofAll := `groups.value eq "everybody"`
	for name, path := range map[string]string{
		"user page":          "/Users?cursor=" + url.QueryEscape(fault.Token("Users\x00", middle)),
		"members of a group": "/Users?cursor&" + filter(`groups.value eq "group-0007"`),
		"members of everybody": "/Users?cursor=" + url.QueryEscape(fault.Token("Users\x00"+ofAll, middle)) + "&" +
			filter(ofAll),
		"groups of a user": "/Groups?cursor&" + filter(`members.value eq "`+ids[199]+`"`),
		"lookup":           "/Users?" + filter(`userName eq "USER012345@corp.example"`),
		"lookup of nobody": "/Users?" + filter(`userName eq "nobody@corp.example"`),
	} {
		b.Run(name, func(b *testing.B) {
			do(b, "GET", path)
			for b.Loop() {
				do(b, "GET", path)
			}
		})
	}
}
