package scim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// A gateway that answers one path with another's answer must not make every group look deleted and every user unknown.
func TestRowsOfTheOtherCollectionAreABadRead(t *testing.T) {
	for name, rows := range map[string]struct {
		user, group string
	}{
		"by schemas": {
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"%d","userName":"a%[1]d",` +
				`"displayName":"d%[1]d"}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"%d","displayName":"d%[1]d"}`,
		},
		"by resourceType": {
			`{"id":"%d","userName":"a%[1]d","meta":{"resourceType":"Group"}}`,
			`{"id":"%d","displayName":"d","meta":{"resourceType":"user"}}`,
		},
		"by what they are": {
			`{"id":"%d","displayName":"d%[1]d"}`,
			`{"id":"%d","userName":"a%[1]d","displayName":"d%[1]d"}`,
		},
		"no objects":    {`"u%d"`, `[%d]`},
		"without an id": {`{"userName":"a%d"}`, `{"displayName":"d%d"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				row := map[string]string{"/Users": rows.user, "/Groups": rows.group}[r.URL.Path]
				if row == "" {
					reply(rw, 404, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"no"}`)
					return
				}
				reply(rw, 200, fmt.Sprintf(`{"totalResults":2,"startIndex":1,"Resources":[%s,%s]}`, fmt.Sprintf(row, 1),
					fmt.Sprintf(row, 2)))
			})
			c := client(t, s.URL, Generic)
			users, of := c.Users(t.Context(), nil)
			groups, also := c.Groups(t.Context(), nil)
			if of.Complete() || also.Complete() || len(users)+len(groups) > 0 {
				t.Errorf("%d users %v, %d groups %v", len(users), of, len(groups), also)
			}
			if _, found, err := c.FindGroup(t.Context(), "aws-a", ""); err == nil {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestHonestRowsOfAnyDescriptionAreRead(t *testing.T) {
	for _, raw := range []string{
		`{"id":"1","userName":"a","schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:x:Agent"],` +
			`"meta":{"resourceType":"User"}}`,
		`{"id":"1","userName":"a","schemas":["urn:x:Person"],"meta":{"resourceType":"Person"}}`,
		`{"id":1.0,"userName":"a","schemas":null,"meta":null}`,
	} {
		if _, r, err := decodeUser([]byte(raw)); err != nil || r.user.ID != "1" {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// One value that no text, number or flag can be costs its row and the completeness of its part, not the other rows.
func TestImpossibleValuesCostTheirRow(t *testing.T) {
	for _, bad := range []string{
		`{"id":"2","userName":["b"]}`, `{"id":"2","userName":{"a":1}}`, `{"id":{"$oid":"2"},"userName":"b"}`,
		`{"id":2.5,"userName":"b"}`,
		`{"id":"2","userName":"b","active":"yes"}`, `{"id":"2","userName":"b","active":[]}`,
		`{"id":"2","userName":"b","active":2}`,
		`{"id":"2","userName":"b","name":["b"]}`, `{"id":"2","userName":"b","emails":[["b@x"]]}`,
		`{"id":"2","userName":"b","displayName":{}}`, `{"id":"2","userName":"b","name":"B"}`,
		`{"id":"2","userName":"b","groups":[{"display":"admins"}]}`, `{"id":"2","userName":"b","meta":"v1"}`,
		`{"id":"2","userName":"\ud800"}`, `{"id":"2","userName":"b","\udfff":1}`,
		"{\"id\":\"2\",\"userName\":\"b\xe9\"}", `{"userName":"b"}`, `null`,
	} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/Users" {
				reply(rw, 404, `{}`)
				return
			}
			reply(rw, 200, `{"totalResults":3,"startIndex":1,"Resources":[{"id":"1","userName":"a"},`+bad+
				`,{"id":"3","userName":"c"}]}`)
		})
		users, of := client(t, s.URL, Generic).Users(t.Context(), nil)
		if of.State != model.Partial || len(users) != 2 {
			t.Errorf("%s: %d users, %v", bad, len(users), of)
		}
		if strings.HasPrefix(bad, `{"id":"2"`) && !strings.Contains(of.Reason, "2: ") &&
			!strings.Contains(of.Reason, "without") {
			t.Errorf("%s: %q does not name the row", bad, of.Reason)
		}
	}
}

// One bad byte on page 3 of 5 costs one row. The walk goes on by what was served.
func TestABadByteOnAPageCostsItsRow(t *testing.T) {
	for what, flaw := range map[string]string{"a byte": "\xe9", "an escape": `\ud83d`} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			var start int
			if _, err := fmt.Sscan(r.URL.Query().Get("startIndex"), &start); r.URL.Path != "/Groups" || err != nil {
				reply(rw, 404, `{}`)
				return
			}
			var rows []string
			for i := start; i < start+10 && i <= 50; i++ {
				name := fmt.Sprintf("aws-%d", i)
				if i == 25 {
					name += flaw
				}
				rows = append(rows, fmt.Sprintf(`{"id":"g%d","displayName":"%s"}`, i, name))
			}
			reply(rw, 200, fmt.Sprintf(`{"totalResults":50,"startIndex":%d,"Resources":[%s]}`, start,
				strings.Join(rows, ",")))
		})
		groups, of := client(t, s.URL, Generic).Groups(t.Context(), nil)
		if of.State != model.Partial || len(groups) != 49 || !strings.Contains(of.Reason, "g25: ") ||
			strings.Contains(of.Reason, "URL") {
			t.Errorf("%s: %d groups, %v", what, len(groups), of)
		}
		for _, g := range groups {
			if strings.ContainsRune(g.Name, '\uFFFD') {
				t.Errorf("%q was believed", g.Name)
			}
		}
	}
	// Outside of the rows nothing says what the answer means.
	s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 200, `{"totalResults":1,"startIndex":1,"x":"\ud800","Resources":[{"id":"g1","displayName":"a"}]}`)
	})
	if groups, of := client(t, s.URL, Generic).Groups(t.Context(), nil); of.State != model.Unknown || len(groups) > 0 {
		t.Errorf("%d groups, %v", len(groups), of)
	}
}
