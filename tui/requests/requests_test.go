package requests

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestCurl: a request can be made again from a shell, its secrets in variables, and what is signed is only named.
func TestCurl(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]model.Exchange{
		`curl 'https://a.example/api/2/users?limit=2' -H "Authorization: Bearer $TOKEN"`: {
			Method: "GET", Base: "https://a.example", Path: "/api/2/users?limit=2",
		},
		`curl -X POST 'https://a.example/auth/oauth2/v2/token' -u "$CLIENT_ID:$CLIENT_SECRET" ` +
			`-d grant_type=client_credentials`: {
			Method: "POST", Base: "https://a.example", Path: "/auth/oauth2/v2/token", Login: true,
		},
		`curl -X PATCH 'https://a.example/Users/1' -H "Authorization: Bearer $TOKEN" ` +
			`-H 'Content-Type: application/json' -d @body.json`: {
			Method: "PATCH", Base: "https://a.example", Path: "/Users/1",
		},
		"POST /AWSIdentityStore.ListUsers": {Method: "POST", Path: "/AWSIdentityStore.ListUsers"},
	} {
		if got := Curl(&e); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
