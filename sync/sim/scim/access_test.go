package scim

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestAccess(t *testing.T) {
	f := start(t, nil)
	f.world.Target.Tokens = []world.Token{
		{Value: "secret"}, {Value: "old", Expires: f.clock.Add(time.Hour)}, {Value: "third"},
	}
	for _, test := range []struct {
		name, path, authorization string
		want                      int
	}{
		{"good token", "/tenant/scim/v2/Users", "Bearer secret", 200},
		{"scheme in lower case", "/tenant/scim/v2/Users", "bearer secret", 200},
		{"second token", "/tenant/scim/v2/Users", "Bearer old", 200},
		{"a third token does not count", "/tenant/scim/v2/Users", "Bearer third", 401},
		{"no token", "/tenant/scim/v2/Users", "", 401},
		{"empty token", "/tenant/scim/v2/Users", "Bearer ", 401},
		{"wrong token", "/tenant/scim/v2/Users", "Bearer secret2", 401},
		{"wrong scheme", "/tenant/scim/v2/Users", "Basic secret", 401},
		{"wrong tenant", "/other/scim/v2/Users", "Bearer secret", 401},
		{"tenant in another case", "/Tenant/scim/v2/Users", "Bearer secret", 401},
		{"lost slash", "/tenant/scim/v2Users", "Bearer secret", 404},
		{"doubled slash", "/tenant/scim/v2//Users", "Bearer secret", 404},
		{"final slash", "/tenant/scim/v2/Users/", "Bearer secret", 404},
		{"unknown resource", "/tenant/scim/v2/Devices", "Bearer secret", 404},
		{"too deep", "/tenant/scim/v2/Users/a/b", "Bearer secret", 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := f.send("GET", test.path, test.authorization, "", nil); r.status != test.want {
				t.Errorf("status %d, want %d: %s", r.status, test.want, r.text)
			}
		})
	}
	f.clock = f.clock.Add(time.Hour)
	if r := f.send("GET", "/tenant/scim/v2/Users", "Bearer old", "", nil); r.status != 401 {
		t.Errorf("expired token: %d", r.status)
	}
	f.world.Target.Tokens = f.world.Target.Tokens[1:]
	if r := f.send("GET", "/tenant/scim/v2/Users", "Bearer secret", "", nil); r.status != 401 {
		t.Errorf("deleted token: %d", r.status)
	}
}

func TestUnsupported(t *testing.T) {
	f := start(t, nil)
	for _, request := range []string{
		"PUT /Groups/x", "GET /Me", "POST /Bulk", "POST /.search", "POST /Users/.search", "POST /Groups/.search",
		"DELETE /Users",
		"POST /ServiceProviderConfig", "PATCH /Schemas", "POST /Users/x",
	} {
		method, path, _ := strings.Cut(request, " ")
		t.Run(request, func(t *testing.T) {
			if r := f.do(method, path, nil); r.status != 400 {
				t.Errorf("status %d: %s", r.status, r.text)
			}
		})
	}
}

func TestErrorBody(t *testing.T) {
	f := start(t, nil)
	r := f.want(404, "GET", "/Users/nobody", nil)
	want := map[string]any{
		"schema": []any{errorURN}, "schemas": []any{errorURN}, "detail": "Resource not found.", "status": "404",
		"exceptionRequestId": r.header.Get("X-Amzn-Requestid"), "timeStamp": "2026-11-23 08:00:00.12",
	}
	if diff := cmp.Diff(want, r.doc); diff != "" {
		t.Error(diff)
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if id := r.header.Get("X-Amzn-Requestid"); !uuid.MatchString(id) {
		t.Errorf("request id %q", id)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("content type %q", got)
	}
	if second := f.want(404, "GET", "/Users/nobody", nil); second.header.Get("X-Amzn-Requestid") == r.header.Get(
		"X-Amzn-Requestid") {
		t.Error("two answers have the same request id")
	}
}

func TestMediaTypes(t *testing.T) {
	f := start(t, nil)
	for media, want := range map[string]int{
		"application/json": 201, "application/scim+json; charset=utf-8": 201, "": 201, "text/plain": 400, "x/;": 400,
	} {
		if r := f.send("POST", "/tenant/scim/v2/Groups", "Bearer secret", media,
			map[string]any{"displayName": "g" + media}); r.status != want {
			t.Errorf("%q: %d, want %d: %s", media, r.status, want, r.text)
		}
	}
}

func TestGivenUpRequestWritesNothing(t *testing.T) {
	f := start(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequestWithContext(ctx, "DELETE", "/tenant/scim/v2/Users/"+f.addUsers(1)[0], http.NoBody)
	r.Header.Set("Authorization", "Bearer secret")
	rw := httptest.NewRecorder()
	f.server.ServeHTTP(rw, r)
	if rw.Code != 500 || len(f.world.Target.Users) != 1 {
		t.Errorf("status %d, %d users left", rw.Code, len(f.world.Target.Users))
	}
}

func TestOversizedBody(t *testing.T) {
	f := start(t, nil)
	body := make([]byte, maxBody+1)
	for i := range body {
		body[i] = ' '
	}
	f.want(400, "POST", "/Users", string(body))
}
