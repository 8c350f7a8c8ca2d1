package scim

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestUsersOfEveryShapeAreRead(t *testing.T) {
	whole := model.User{
		ID: "1", ExternalID: "x", UserName: "ana@corp.example", DisplayName: "Ana Li", GivenName: "Ana",
		FamilyName: "Li",
		Email:      "ana@corp.example", Active: true, Assigned: true,
	}
	all := model.FieldSetOf(model.Fields()...)
	for name, c := range map[string]struct {
		raw     string
		want    model.User
		carries model.FieldSet
	}{
		"as the standard has it": {
			`{"id":"1","externalId":"x","userName":"ana@corp.example","displayName":"Ana ` +
				`Li","name":{"givenName":"Ana","familyName":"Li"},"emails":[{"value":"ana@corp.example",` +
				`"primary":true}],"active":true}`,
			whole, all,
		},
		"active as a string": {
			`{"id":"1","externalId":"x","userName":"ana@corp.example","displayName":"Ana ` +
				`Li","name":{"givenName":"Ana","familyName":"Li"},"emails":[{"value":"ana@corp.example"}],` +
				`"active":"True"}`,
			whole, all,
		},
		"e-mails as strings, which one is meant is not said": {
			`{"id":"1","emails":[null,"a@x","b@x"],"active":"false"}`,
			model.User{ID: "1", Email: "a@x", EmailUnsure: true, Assigned: true},
			model.FieldSetOf(model.FieldEmails, model.FieldActive),
		},
		"the primary e-mail is preferred": {
			`{"id":"1","emails":[{"value":"a@x"},{"value":"b@x","primary":true}],"active":false}`,
			model.User{ID: "1", Email: "b@x", Assigned: true},
			model.FieldSetOf(model.FieldEmails, model.FieldActive),
		},
		"numbers for ids": {
			`{"id":17,"externalId":4711,"active":1}`,
			model.User{ID: "17", ExternalID: "4711", Active: true, Assigned: true},
			model.FieldSetOf(model.FieldActive),
		},
		"without active": {`{"id":"1"}`, model.User{ID: "1", Active: true, Assigned: true}, 0},
		"nulls": {
			`{"id":"1","externalId":null,"name":null,"emails":null,"displayName":null,"active":null}`,
			model.User{ID: "1", Active: true, Assigned: true},
			0,
		},
		"other case in the names of attributes": {
			`{"ID":"1","UserName":"ana","Active":false}`,
			model.User{ID: "1", UserName: "ana", Assigned: true},
			model.FieldSetOf(model.FieldActive),
		},
		"strangers' text is kept raw": {
			`{"id":"1","userName":"\u001b[31mred\u202e"}`,
			model.User{ID: "1", UserName: "\x1b[31mred\u202e", Active: true, Assigned: true},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, got, err := decodeUser(json.RawMessage(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.user); diff != "" {
				t.Error(diff)
			}
			if got.presentFields != c.carries {
				t.Errorf("carries %b, want %b", got.presentFields, c.carries)
			}
		})
	}
}

func TestRowsThatCannotBeAddressedAreErrors(t *testing.T) {
	for _, raw := range []string{`null`, `{}`, `[]`, `"u1"`, `7`, `{"id":""}`, `{"id":null}`, `{"id":{}}`} {
		if _, got, err := decodeUser(json.RawMessage(raw)); err == nil {
			t.Errorf("user %s was read as %+v", raw, got.user)
		}
		if _, got, err := (&Client{discovered: newDiscovery(false)}).decodeGroup(json.RawMessage(raw)); err == nil {
			t.Errorf("group %s was read as %+v", raw, got.group)
		}
	}
}

func TestMembersOfEveryShapeAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		raw              string
		ids              []string
		has              bool
		nested, nameless int
	}{
		"no attribute": {raw: `{"id":"g"}`},
		"null":         {raw: `{"id":"g","members":null}`},
		"empty":        {raw: `{"id":"g","members":[]}`, has: true},
		"values": {
			raw: `{"id":"g","members":[{"value":"u1"},{"value":"u2","type":"User"}]}`, has: true,
			ids: []string{"u1", "u2"},
		},
		"twice": {
			raw: `{"id":"g","members":[{"value":"u1"},{"value":"u1"}]}`, has: true,
			ids: []string{"u1"},
		},
		"references alone": {
			raw: `{"id":"g","members":[{"$ref":"https://h/v2/Users/a%2Fb"},{"$ref":"../Users/u2/"}]}`,
			has: true, nameless: 2,
		},
		"nested by type": {
			raw: `{"id":"g","members":[{"value":"g2","type":"group"},{"value":"u1"}]}`, has: true,
			ids: []string{"u1"}, nested: 1,
		},
		"nested by $ref": {raw: `{"id":"g","members":[{"$ref":"https://h/v2/Groups/g2"}]}`, has: true, nested: 1},
		"members without id": {
			raw: `{"id":"g","members":[{"display":"Ana"},{"value":""},{"value":"u1"}]}`, has: true,
			ids: []string{"u1"}, nameless: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, got, err := (&Client{discovered: newDiscovery(false)}).decodeGroup(json.RawMessage(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.ids, got.members); diff != "" {
				t.Error(diff)
			}
			if got.hasMembers != c.has || len(got.nested) != c.nested || got.withoutID != c.nameless {
				t.Errorf("has %v nested %d nameless %d", got.hasMembers, len(got.nested), got.withoutID)
			}
		})
	}
}

func TestOnlyListsPassForLists(t *testing.T) {
	for raw, rows := range map[string]int{
		`{"totalResults":0}`:                       0,
		`{"totalResults":0,"Resources":null}`:      0,
		`{"Resources":[]}`:                         0,
		`{"totalResults":"2","resources":[{},{}]}`: 2,
		`{"totalResults":3,"Resources":null}`:      -1,
		`{"totalResults":3}`:                       -1,
		`{"itemsPerPage":0,"schemas":[]}`:          -1,
		`{"nextCursor":"x"}`:                       -1,
		`{"totalResults":0,"nextCursor":"x"}`:      -1,
		`{}`:                                       -1,
		`[]`:                                       -1,
		`null`:                                     -1,
		`"Resources"`:                              -1,
		`{"Resources":{}}`:                         -1,
		`{"detail":"no","status":"200"}`:           -1,
	} {
		p, err := decodePage(json.RawMessage(raw), 0, transport.Decode)
		switch {
		case rows < 0 && err == nil:
			t.Errorf("%s passed for a list of %d", raw, len(p.rows))
		case rows >= 0 && (err != nil || len(p.rows) != rows):
			t.Errorf("%s: %d rows, %v; want %d", raw, len(p.rows), err, rows)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","emails":[{"value":"a"}],"members":[{"$ref":"x/Users/%zz"}],"groups":"g","active":"yes"}`,
		`{"totalResults":1e400,"Resources":[{"id":1}],"nextCursor":7}`, `{"pagination":[],"filter":true}`, `<html>`,
		`{"attributes":[{"name":"name","subAttributes":{}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		if _, r, err := decodeUser(raw); err == nil && r.user.ID == "" {
			t.Error("a user without an id was read")
		}
		if _, r, err := (&Client{discovered: newDiscovery(false)}).decodeGroup(raw); err == nil {
			for _, id := range r.members {
				if r.group.ID == "" || id == "" {
					t.Error("a group or member without an id was read")
				}
			}
		}
		if p, err := decodePage(raw, 0, transport.Decode); err == nil && !isObject(raw) {
			t.Errorf("%s passed for a list of %d", raw, len(p.rows))
		}
		decodeFeatures(raw)
		decodeSchema(raw)
		if text, _ := transport.ErrorMessage(raw); len([]rune(text)) > 1001 {
			t.Errorf("%d characters of an error were passed on", len([]rune(text)))
		}
	})
}

// A row without its name is no record that can be compared: it must not make one look absent and another lost.
func TestRowsWithoutANameMakeThePartPartial(t *testing.T) {
	t.Parallel()
	rows := []readUser{
		{user: model.User{ID: "1", UserName: "a"}},
		{user: model.User{ID: "7", UserName: " ", DisplayName: "Ana Li"}},
		{user: model.User{ID: "8"}},
		{user: model.User{ID: "9"}},
		{user: model.User{ID: "10"}},
	}
	kept, nameless := dropNameless(rows, func(r readUser) (name, called string) {
		return r.user.UserName, r.user.Called()
	})
	if len(kept) != 1 || kept[0].user.ID != "1" || !slices.Equal(nameless, []string{"Ana Li", "8", "9", "10"}) {
		t.Errorf("kept %v, without a name %q", kept, nameless)
	}
	c := coverageWithoutNames(model.CompleteCoverage(), nameless, ofUsers)
	if c.State != model.Partial || !strings.Contains(c.Reason,
		"4 users came without a userName (Ana Li, 8, 9 and 1 more)") {
		t.Errorf("coverage %s, want partial", c)
	}
	if c := coverageWithoutNames(model.CompleteCoverage(), nil, ofUsers); !c.Complete() {
		t.Errorf("coverage %s although every row has a name", c)
	}
}
