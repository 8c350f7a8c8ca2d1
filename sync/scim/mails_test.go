package scim

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// The compared e-mail is the one marked primary, else the one of type work, else the only one. Which of several others
// is meant nobody knows: then it is unsure, and no difference follows from it (github.com/wso2/product-is/issues/7304).
func TestWhichEMailIsCompared(t *testing.T) {
	for emails, want := range map[string]struct {
		email  string
		unsure bool
	}{
		`[{"value":"h@x","type":"home"},{"value":"w@x","type":"work","primary":true}]`:   {"w@x", false},
		`[{"value":"w@x","type":"work"},{"value":"h@x","type":"home","primary":"true"}]`: {"h@x", false},
		`["b@x",{"value":"w@x","type":"Work"}]`:                                          {"w@x", false},
		`["b@x",{"value":"p@x","primary":true},"c@x"]`:                                   {"p@x", false},
		`["b@x"]`:                          {"b@x", false},
		`[{"value":"o@x","type":"other"}]`: {"o@x", false},
		`[{"value":"","primary":true},{"value":"o@x"}]`: {"o@x", false},
		`["b@x","b@x"]`: {"b@x", false}, // one address, listed twice
		`["b@x","c@x"]`: {"b@x", true},
		`[{"value":"a@x","primary":true},{"value":"b@x","primary":true}]`:                               {"a@x", true},
		`[{"value":"a@x","type":"work"},{"value":"b@x","type":"work"}]`:                                 {"a@x", true},
		`[{"value":"a@x","type":"work","primary":false},{"value":"b@x","type":"home","primary":false}]`: {"a@x", false},
		`[{"type":"work"}]`: {"", false},
		`[]`:                {"", false},
	} {
		_, got, err := decodeUser(json.RawMessage(`{"id":"1","emails":` + emails + `}`))
		if err != nil || got.user.Email != want.email || got.user.EmailUnsure != want.unsure {
			t.Errorf("%s: %q unsure %v, %v; want %+v", emails, got.user.Email, got.user.EmailUnsure, err, want)
		}
	}
}

// What is written is the very address that was compared, by PATCH and by PUT, and every other one stays as it is.
func TestAWriteChangesTheComparedEMailOnly(t *testing.T) {
	address := rapid.SampledFrom([]any{
		"bare@x",
		map[string]any{"value": "home@x", "type": "home"},
		map[string]any{"value": "work@x", "type": "work"},
		map[string]any{"value": "first@x", "type": "work", "primary": true},
		map[string]any{"value": "other@x", "primary": false},
		map[string]any{"value": "work@x", "type": "home"},
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(address, 1, 4).Draw(t, "emails")
		raw, err := json.Marshal(map[string]any{"id": "u1", "userName": "ana", "emails": list})
		if err != nil {
			t.Fatal(err)
		}
		_, was, err := decodeUser(raw)
		if err != nil {
			t.Fatal(err)
		}
		e := encoder{in: intent(model.UpdateUser), dialect: dialects()[Generic], endpoints: standardEndpoints()}
		e.noPatch = rapid.Bool().Draw(t, "put")
		e.in.Record = raw
		e.in.Changes = []model.FieldDiff{{Name: "emails", Source: "new@x", Target: was.user.Email}}
		requests, err := e.encodeChange("/Users/u1")
		if was.user.EmailUnsure {
			if err == nil {
				t.Fatalf("%s: written though which one is meant is not known: %v", raw, requests)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var patch struct {
			Operations []struct{ Value json.RawMessage }
			Emails     json.RawMessage
		}
		if err := json.Unmarshal(requests[0].Request.Body, &patch); err != nil {
			t.Fatal(err)
		}
		emails := patch.Emails
		if !e.noPatch {
			emails = patch.Operations[0].Value
		}
		_, is, err := decodeUser(json.RawMessage(`{"id":"u1","emails":` + string(emails) + `}`))
		if err != nil || is.user.Email != "new@x" || is.user.EmailUnsure {
			t.Fatalf("%s became %s, which reads as %+v %v", raw, emails, is.user, err)
		}
		var before, after []model.Mail
		_, _ = transport.Decode(mustJSON(list), &before), transport.Decode(emails, &after)
		chosen := model.ComparedMails(before)
		for i := range before {
			if !slices.Contains(chosen, i) && before[i] != after[i] {
				t.Fatalf("%+v became %+v", before[i], after[i])
			}
		}
	})
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
