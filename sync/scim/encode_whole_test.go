package scim

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

func TestAWholeWriteCarriesTheRecordWithOnlyTheChange(t *testing.T) {
	const (
		user = `{"schemas":["x"],"id":"u1","userName":"ana@corp.example","active":true,"DisplayName":"Ana",` +
			`"name":{"familyName":"Li"},` +
			`"emails":[{"value":"ana@corp.example","primary":true},{"value":"b"}],"groups":[{"value":"g"}],` +
			`"meta":{"version":"W/\"1\""},"score":1.50,"x:ext":{"a":[1]}}`
		group = `{"schemas":["x"],"id":"g1","displayName":"aws-a","members":[{"value":"u1","$ref":"r"},{"value":"n",` +
			`"type":"Group"},{"value":"u9"}],"meta":{"version":"W/\"1\""}}`
	)
	member := func(ids ...string) func(*model.Intent) {
		return func(in *model.Intent) {
			in.Members = nil
			for _, id := range ids {
				in.Members = append(in.Members, model.Member{ID: id, UserName: id})
			}
		}
	}
	for name, c := range map[string]struct {
		in           *model.Intent
		record, want string
	}{
		"deactivate": {
			intent(model.DeactivateUser), user,
			`PUT /Users/u1 {"DisplayName":"Ana","active":false,"emails":[{"primary":true,"value":"ana@corp.example"},` +
				`{"value":"b"}],` +
				`"id":"u1","name":{"familyName":"Li"},"schemas":["x"],"score":1.50,"userName":"ana@corp.example",` +
				`"x:ext":{"a":[1]}}`,
		},
		"update": {
			with(intent(model.UpdateUser), changes(
				model.FieldDiff{Name: "displayName", Source: "A & B", Target: "Ana"},
				model.FieldDiff{Name: "name.givenName", Source: "Ana"},
				model.FieldDiff{Name: "name.familyName", Target: "Li"},
				model.FieldDiff{Name: "emails", Source: "new@corp.example", Target: lone},
			)), user, `PUT /Users/u1 {"DisplayName":"A & ` +
				`B","active":true,"emails":[{"primary":true,"value":"new@corp.example"},{"value":"b"}],"id":"u1",` +
				`"name":{"givenName":"Ana"},"schemas":["x"],"score":1.50,"userName":"ana@corp.example",` +
				`"x:ext":{"a":[1]}}`,
		},
		"what is not there yet": {
			with(intent(model.UpdateUser), changes(
				model.FieldDiff{Name: "name.givenName", Source: "Ana"},
				model.FieldDiff{Name: "emails", Source: "new@corp.example"},
			)), `{"id":"u1","userName":"ana@corp.example"}`,
			`PUT /Users/u1 {"emails":[{"value":"new@corp.example","type":"work","primary":true}],"id":"u1",` +
				`"name":{"givenName":"Ana"},"userName":"ana@corp.example"}`,
		},
		"rename": {
			with(intent(model.RenameGroup),
				changes(model.FieldDiff{Name: "displayName", Source: "aws-b", Target: "aws-a"})),
			group,
			`PUT /Groups/g1 ` +
				`{"displayName":"aws-b","id":"g1","members":[{"$ref":"r","value":"u1"},{"type":"Group","value":"n"},` +
				`{"value":"u9"}],"schemas":["x"]}`,
		},
		"add": {
			with(intent(model.AddMembers), func(in *model.Intent) {
				in.Members = []model.Member{
					{ID: "u2"},
					{Ref: "create bo"},
				}
			}), group,
			`PUT /Groups/g1 ` +
				`{"displayName":"aws-a","id":"g1","members":[{"$ref":"r","value":"u1"},{"type":"Group","value":"n"},` +
				`{"value":"u9"},{"value":"u2"},{"value":{"$id":"create bo"}}],"schemas":["x"]}`,
		},
		"remove": {
			with(intent(model.RemoveMembers), member("u9", "u1")), group,
			`PUT /Groups/g1 {"displayName":"aws-a","id":"g1","members":[{"type":"Group","value":"n"}],"schemas":["x"]}`,
		},
		"remove the last": {
			with(intent(model.RemoveMembers), member(`u"1`)), `{"id":"g1","members":[{"value":"u\"1"}]}`,
			`PUT /Groups/g1 {"id":"g1","members":[]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			target := pure(t, Generic, &features{noPatch: true, etag: true})
			if need := target.Needs(c.in); need.ID == "" {
				t.Error("the record is not asked for")
			}
			c.in.Record = json.RawMessage(c.record)
			got, err := target.Encode(c.in)
			if err != nil || len(got) != 1 {
				t.Fatalf("%d requests, %v", len(got), err)
			}
			r := got[0].Request
			if diff := cmp.Diff(c.want, fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Body)); diff != "" {
				t.Error(diff)
			}
			if r.Headers[model.HeaderVersion] != model.VersionRef {
				t.Errorf("If-Match is %q", r.Headers[model.HeaderVersion])
			}
			before := got[0].Before
			still := before[slices.IndexFunc(before, func(s model.Condition) bool { return s.Fact == model.RecordIs })]
			if observed := (plan.Observation{
				Records: map[model.RecordRef]json.RawMessage{
					{Type: model.SubjectType(still.Field), ID: still.ID}: json.RawMessage(c.record),
				},
			}); observed.Broken(
				[]model.Condition{still}) != "" {
				t.Errorf("the condition %+v does not hold: %s", still, observed.Broken([]model.Condition{still}))
			}
			all := slices.IndexFunc(before, func(s model.Condition) bool { return s.Fact == model.MembersAre })
			if is := all >= 0; is != (still.Field == string(model.SubjectGroup)) {
				t.Errorf("held to the whole list of members: %v", is)
			}
			if _, err := target.Encode(with(intent(c.in.Repair), changes(c.in.Changes...))); err == nil {
				t.Error("encoded without the record")
			}
		})
	}
}

// A record that does not show what is to be changed in it is not written back.
func TestAWholeWriteOfWhatCannotBeKeptIsNone(t *testing.T) {
	for what, c := range map[string]struct {
		in     *model.Intent
		record string
	}{
		"the member is not listed": {
			with(intent(model.RemoveMembers), func(in *model.Intent) { in.Members = []model.Member{{ID: "u7"}} }),
			`{"id":"g1","members":[{"value":"u1"}]}`,
		},
		"members are no list": {
			with(intent(model.AddMembers), func(in *model.Intent) { in.Members = []model.Member{{ID: "u7"}} }),
			`{"id":"g1","members":"u1"}`,
		},
		"an e-mail is no text": {
			with(intent(model.UpdateUser),
				changes(model.FieldDiff{Name: "emails", Source: "n@corp.example", Target: lone})),
			`{"id":"u1","emails":[[1]]}`,
		},
	} {
		c.in.Record = json.RawMessage(c.record)
		if got, err := pure(t, Generic, &features{noPatch: true}).Encode(c.in); err == nil {
			t.Errorf("%s: %s", what, got[0].Request.Body)
		}
	}
}

// TestAVersionIsWaitedForWhereTheTargetHasThem: of what an earlier step creates or writes too, and never of what is
// created.
func TestAVersionIsWaitedForWhereTheTargetHasThem(t *testing.T) {
	made := func(in *model.Intent) { in.Group = model.GroupRef{Ref: "create aws-a", Name: "aws-a"} }
	for name, c := range map[string]struct {
		known  features
		in     *model.Intent
		waited bool
	}{
		"delete":                      {features{etag: true}, intent(model.DeleteUser), true},
		"PATCH":                       {features{etag: true}, intent(model.DeactivateUser), true},
		"a group that the plan makes": {features{etag: true}, with(intent(model.AddMembers), made), true},
		"an earlier step writes it too": {
			features{etag: true},
			with(intent(model.DeactivateUser), func(in *model.Intent) { in.Rewritten = true }), true,
		},
		"create":                          {features{etag: true}, intent(model.CreateGroup), false},
		"a target that knows no versions": {features{}, intent(model.DeactivateUser), false},
	} {
		got, err := pure(t, Generic, &c.known).Encode(c.in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if value, is := got[0].Request.Headers[model.HeaderVersion]; is != c.waited || is && value != model.VersionRef {
			t.Errorf("%s: If-Match is %q", name, value)
		}
	}
}

// TestAnEMailIsChangedAmongTheOthers: whatever else is in the list stays, in its order.
func TestAnEMailIsChangedAmongTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}@x`), 1, 5, rapid.ID[string]).Draw(t, "emails")
		at := rapid.IntRange(0, len(list)-1).Draw(t, "which")
		var mails, want []any
		for i, one := range list {
			mails = append(mails, map[string]any{"value": one, "type": "t" + one, "primary": i == at})
			if i == at {
				want = append(want, map[string]any{"value": "new@corp.example", "type": "t" + one, "primary": true})
			} else {
				want = append(want, mails[i])
			}
		}
		raw, _ := json.Marshal(map[string]any{"id": "u1", "emails": mails})
		e := encoder{in: intent(model.UpdateUser), dialect: dialects()[Generic]}
		e.in.Record = raw
		o, err := e.changeMails(model.FieldDiff{Name: "emails", Source: "new@corp.example", Target: list[at]})
		if err != nil || o.Op != "replace" || o.Path != "emails" {
			t.Fatalf("%+v %v", o, err)
		}
		if diff := cmp.Diff(any(want), o.Value); diff != "" {
			t.Fatal(diff)
		}
		if _, err := e.changeMails(model.FieldDiff{
			Name: "emails", Source: "new@corp.example",
			Target: "other@corp.example",
		}); err == nil {
			t.Fatal("an address that is not there was changed")
		}
	})
}
