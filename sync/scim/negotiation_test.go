package scim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// RFC 7644 section 3.1: application/scim+json is a MUST, application/json a SHOULD.
func TestAServerOfTheStandardsTypeOnlyIsRead(t *testing.T) {
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		types := strings.Split(r.Header.Get("Accept"), ",")
		if strings.TrimSpace(types[0]) != "application/scim+json" ||
			r.Body != http.NoBody && r.Header.Get("Content-Type") != "application/scim+json" {
			reply(rw, 406, `{"detail":"only application/scim+json"}`)
			return
		}
		switch r.URL.Path {
		case "/Users":
			reply(rw, 200, `{"totalResults":1,"Resources":[{"id":"1","userName":"a"}]}`)
		case "/Groups":
			reply(rw, map[string]int{"GET": 200, "POST": 201}[r.Method], map[string]string{
				"GET": `{"totalResults":0}`, "POST": `{"id":"g1","displayName":"aws-a"}`,
			}[r.Method])
		default:
			reply(rw, 404, `{"schemas":["e"]}`)
		}
	})
	c := client(t, s.URL, Generic)
	if users, of := c.Users(t.Context(), nil); !of.Complete() || len(users) != 1 {
		t.Errorf("%d users, %v", len(users), of)
	}
	if err := c.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	in := intent(model.CreateGroup)
	in.Group = model.GroupRef{Name: "aws-a"}
	steps, err := c.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := c.Write(t.Context(), steps[0].Request); err != nil || a.ID != "g1" {
		t.Errorf("%+v %v", a, err)
	}
}

// A sentence of the target's own is shown whole, with no advice of ours that it contradicts.
func TestATargetsOwnSentenceIsShownWhole(t *testing.T) {
	sentence := "This tenant is read only until the migration of 12 December is over. " +
		strings.Repeat("Ask the team that owns it for the new address. ", 12) + "End."
	for status, wrap := range map[int]string{
		400: `{"detail":%q}`, 406: `%s`, 409: `{"message":%q}`,
		404: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":%q}`,
	} {
		body := strings.Replace(wrap, "%s", sentence, 1)
		if quoted, err := json.Marshal(sentence); err == nil {
			body = strings.Replace(body, "%q", string(quoted), 1)
		}
		s := serve(t, func(rw http.ResponseWriter, _ *http.Request) { reply(rw, status, body) })
		_, of := client(t, s.URL, Generic).Users(t.Context(), nil)
		if !strings.Contains(of.Reason, sentence) || strings.Contains(of.Reason, "URL") ||
			!strings.Contains(of.Reason, fmt.Sprint(status)) {
			t.Errorf("%d: %q", status, of.Reason)
		}
	}
}

// Whatever a target repeats of the token, however it writes it, no reason shows it.
func TestTheTokenIsInNoReason(t *testing.T) {
	var escaped strings.Builder
	for i := range len(bearer) {
		fmt.Fprintf(&escaped, `\u%04x`, bearer[i])
	}
	for _, body := range []string{
		`{"detail":"bad ` + escaped.String() + `"}`, `{"detail":"bad ` + bearer + `"}`, `<title>` + bearer + `</title>`,
		`{"detail":{"message":"` + escaped.String() + `"}}`, `"` + escaped.String() + `"`,
	} {
		for _, status := range []int{200, 401, 403, 404, 400, 501} {
			s := serve(t, func(rw http.ResponseWriter, _ *http.Request) { reply(rw, status, body) })
			c := client(t, s.URL, Generic)
			_, of := c.Users(t.Context(), nil)
			_, _, err := c.GetUser(t.Context(), "u1")
			if all := fmt.Sprint(of.Reason, err); strings.Contains(all, bearer) ||
				strings.Contains(all, bearer[:len(bearer)/2]) {
				t.Errorf("%d %s: %s", status, body, all)
			}
		}
	}
}
