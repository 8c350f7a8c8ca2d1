package model_test

import (
	"encoding/json"
	"slices"
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
		if _, _, err := model.RecordDigest(json.RawMessage(raw)); err == nil {
			t.Errorf("%q is a record", raw)
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
			return plan.Observation{Records: map[string]json.RawMessage{"g": raw}}.Broken(is)
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
