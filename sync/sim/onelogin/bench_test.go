package onelogin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// BenchmarkUsersPage reads pages from the middle of a walk over 100,000 users: they must cost what they show.
func BenchmarkUsersPage(b *testing.B) {
	w := world.New(1, nil)
	for i := range int64(100_000) {
		w.Source.Users[i+1] = &world.User{ID: i + 1, Email: fmt.Sprintf("u%d@corp.example", i)}
	}
	w.Source.Credentials = []world.Credential{{ClientID: "a", ClientSecret: "b", Scope: "manage_all"}}
	srv := onelogin.New(w, onelogin.Knobs{HourlyLimit: -1}, nil)
	serve := func(method, path, body string, header map[string]string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		for k, v := range header {
			r.Header.Set(k, v)
		}
		rec := httptest.NewRecorder()
		srv.ServeHTTP(rec, r)
		return rec
	}
	rec := serve(http.MethodPost, "/auth/oauth2/v2/token", `{"grant_type":"client_credentials"}`,
		map[string]string{"Authorization": "Basic YTpi"})
	token := strings.Split(rec.Body.String(), `"`)[3]
	header := map[string]string{"Authorization": "Bearer " + token}
	serve(http.MethodGet, "/api/2/users?limit=50", "", header)
	for i := 0; b.Loop(); i++ {
		if rec = serve(http.MethodGet, fmt.Sprintf("/api/2/users?limit=50&page=%d", 2+i%1900), "",
			header); rec.Code != http.StatusOK {
			b.Fatal(rec.Body.String())
		}
	}
}
