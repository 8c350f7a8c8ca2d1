package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

func TestARecordIsToldByWhatAWholeWriteCouldTakeBack(t *testing.T) {
	t.Parallel()
	const base = `{"id":"g","displayName":"ops","externalId":"7","members":[{"value":"b"},{"value":"a",` +
		`"type":"User"},{"value":"n","type":"group"}]}`
	digest, members, err := model.RecordDigest(json.RawMessage(base))
	if err != nil || !slices.Equal(members, []string{"a", "b"}) {
		t.Fatalf("%q %v", members, err)
	}
	for raw, same := range map[string]bool{
		`{"displayName":"ops","externalId":"7","Members":["a",{"Value":"b","display":"Bo"},{"value":"n",` +
			`"type":"Group"}],"meta":{"version":"2"},"title":null,"x":[],"y":{},"z":""}`: true,
		`{"displayName":"ops","externalId":"7","members":[{"value":"n","type":"Group"}]}`: true,
		// a nested group is lost
		`{"displayName":"ops","externalId":"7","members":[]}`:                                            false,
		`{"displayName":"ops","externalId":7,"members":[{"value":"n","type":"Group"}]}`:                  false,
		`{"displayName":"Ops","externalId":"7","members":[{"value":"n","type":"Group"}]}`:                false,
		`{"displayName":"ops","externalId":"7","nickName":"x","members":[{"value":"n","type":"Group"}]}`: false,
	} {
		if got, _, err := model.RecordDigest(json.RawMessage(raw)); err != nil || (got == digest) != same {
			t.Errorf("%s: the same is %v, want %v (%v)", raw, got == digest, same, err)
		}
	}
	for _, raw := range []string{"", "null", "[]", `"x"`, "{"} {
		not, is := json.RawMessage(raw), json.RawMessage(base)
		_, _, inDigest := model.RecordDigest(not)
		_, fuller := model.MissingAttributes(not, is)
		_, record := model.MissingAttributes(is, not)
		_, _, before := model.UnintendedChanges(not, is, is)
		_, _, after := model.UnintendedChanges(is, is, not)
		_, ofMembers := model.RecordMembers(not)
		for _, err := range []error{inDigest, fuller, record, before, after, ofMembers} {
			if err == nil || !strings.Contains(err.Error(), "is no JSON object") {
				t.Errorf("%q is a record: %v", raw, err)
			}
		}
		is1 := []model.Condition{{Side: model.AtTarget, Fact: model.RecordIs, ID: "g", Field: "group"}}
		seen := plan.Observation{Records: map[model.RecordRef]json.RawMessage{{Type: model.SubjectGroup, ID: "g"}: not}}
		if why := seen.Broken(is1); why == "" {
			t.Errorf("a write of a whole record rests on %q", raw)
		}
	}
}

// Values of a list are told apart by what they say where they have no "value"; a single one may stand without a list.
func TestListsAsServersWriteThem(t *testing.T) {
	t.Parallel()
	const two = `{"addresses":[{"locality":"x"},{"locality":"y"}]}`
	for name, c := range map[string]struct{ fuller, record, want string }{
		"one without brackets": {`{"emails":[{"value":"a"}]}`, `{"emails":{"value":"A"}}`, ""},
		"one of two": {
			`{"emails":[{"value":"a"},{"value":"b"}]}`, `{"emails":{"value":"b"}}`, "1 of 2 emails",
		},
		"in another order":   {two, `{"addresses":[{"locality":"y"},{"locality":"x"}]}`, ""},
		"one is missing":     {two, `{"addresses":[{"locality":"x"}]}`, "1 of 2 addresses"},
		"one says otherwise": {two, `{"addresses":[{"locality":"x"},{"locality":"z"}]}`, "1 of 2 addresses"},
	} {
		lacks, err := model.MissingAttributes(json.RawMessage(c.fuller), json.RawMessage(c.record))
		said := strings.Join(model.Words(lacks), ", ")
		if err != nil || said != c.want {
			t.Errorf("%s: lacks %q, %v; want %q", name, said, err, c.want)
		}
	}
}

// An e-mail is the standard's object or a bare text; whatever else it is makes its record unread.
func TestAnEMailOfAnImpossibleTypeIsNone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"value":"a@x","type":"work"}`: "a@x", `"a@x"`: "a@x",
		`{"value":5}`: "", `{"value":"a@x","type":[]}`: "", `5`: "",
	} {
		var m model.Mail
		if err := json.Unmarshal([]byte(raw), &m); (err == nil) != (want != "") || err == nil && m.Value != want {
			t.Errorf("%s is %+v, %v", raw, m, err)
		}
	}
}

func TestARecordThatChangedIsNotWrittenWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		record := map[string]any{"displayName": rapid.String().Draw(t, "name"), "members": []any{}}
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}`), 0, 5, rapid.ID[string]).Draw(t, "members")
		var users []model.Member
		var refs []any
		for _, id := range ids {
			users, refs = append(users, model.Member{ID: id}), append(refs, map[string]any{"value": id})
		}
		record["members"] = refs
		raw, _ := json.Marshal(record)
		digest, _, err := model.RecordDigest(raw)
		if err != nil {
			t.Fatal(err)
		}
		is := []model.Condition{{
			Side: model.AtTarget, Fact: model.RecordIs, ID: "g", Field: "group", Value: digest,
			Users: users,
		}}
		if q := plan.QuestionOf(is); !slices.Equal(q.TargetGroups, []string{"g"}) {
			t.Fatalf("asks for %+v", q)
		}
		see := func(raw json.RawMessage) string {
			of := model.RecordRef{Type: model.SubjectGroup, ID: "g"}
			return plan.Observation{Records: map[model.RecordRef]json.RawMessage{of: raw}}.Broken(is)
		}
		if why := see(raw); why != "" {
			t.Fatalf("the same record: %s", why)
		}
		if see(nil) == "" || (plan.Observation{}).Broken(is) == "" {
			t.Fatal("a record that is gone, or was not read, is the same")
		}
		record["members"] = append(refs, map[string]any{"value": "somebody"})
		raw, _ = json.Marshal(record)
		if see(raw) == "" {
			t.Fatal("a member who came goes unnoticed")
		}
		record["members"], record["nickName"] = refs, "x"
		raw, _ = json.Marshal(record)
		if see(raw) == "" {
			t.Fatal("an attribute that came goes unnoticed")
		}
	})
}
