package onelogin

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestTypesDrift(t *testing.T) {
	for in, want := range map[string]string{
		`1`: "1", `"1"`: "1", `9007199254740993`: "9007199254740993", `1.0e3`: "1000", `null`: "", `"null"`: "",
		`"a-1"`: "a-1",
	} {
		var got id
		if err := transport.Decode([]byte(in), &got); err != nil || string(got) != want {
			t.Errorf("id %s: %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		`"a"`: "a", `7`: "7", `true`: "true", `["a","b"]`: "a,b", `[]`: "", `null`: "", `{"a":1}`: `{"a":1}`,
		`"null"`: "null",
	} {
		var got struct{ V text }
		if err := transport.Decode([]byte(`{"v":`+in+`}`), &got); err != nil || got.V.value != want || !got.V.set {
			t.Errorf("text %s: %+v, %v; want %q", in, got.V, err, want)
		}
	}
	for in, want := range map[string]string{
		`[1,"2",null]`: "[1 2]", `[{"id":1},{"id":"2","assigned":true},{"id":3,"assigned":false}]`: "[1 2]",
		`[]`: "[]", `null`: "[]", `"x"`: "[]",
	} {
		var got idList
		if err := transport.Decode([]byte(in), &got); err != nil || fmt.Sprint(got.ids) != want {
			t.Errorf("list %s: %v, %v; want %s", in, got.ids, err, want)
		}
	}
	for in, want := range map[string]model.Tri{
		`true`: model.Yes, `"1"`: model.Yes, `0`: model.No, `"False"`: model.No,
		`null`: model.Unsaid, `{}`: model.Unsaid,
	} {
		var got triValue
		if err := transport.Decode([]byte(in), &got); err != nil || model.Tri(got) != want {
			t.Errorf("switch %s: %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestUserNormalisation(t *testing.T) {
	tests := []struct {
		name, json, field string
		want              model.User
		mapped            bool
	}{
		{
			"plain", `{"id":7,"email":"Jo@Corp.example","username":"jo","firstname":"Jo","lastname":"Doe","status":1,` +
				`"state":1}`,
			"",
			model.User{
				ID: "7", ExternalID: "7", UserName: "Jo@Corp.example", DisplayName: "Jo Doe", GivenName: "Jo",
				FamilyName: "Doe", Email: "Jo@Corp.example", Active: true, Assigned: true,
			},
			true,
		},
		{
			"external id, one name, another field",
			`{"id":"7","external_id":42,"firstname":"Jo","lastname":null,"samaccountname":"JDOE","status":"0",` +
				`"state":0,"custom_attributes":[]}`, "SAMAccountName",
			model.User{
				ID: "7", ExternalID: "42", UserName: "JDOE", DisplayName: "Jo", GivenName: "Jo", Active: true,
				Assigned: true,
			},
			true,
		},
		{
			"suspended", `{"id":7,"email":"a@b","status":2,"state":1}`, "email",
			model.User{ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Standing: "suspended", Assigned: true},
			true,
		},
		{
			"unlicensed", `{"id":7,"email":"a@b","status":1,"state":"3","custom_attributes":{"aws_name":"jo"}}`,
			"custom_attribute_aws_name",
			model.User{ID: "7", ExternalID: "7", UserName: "jo", Email: "a@b", Standing: "unlicensed", Assigned: true},
			true,
		},
		{
			"rejected, field left out", `{"id":7,"email":"a@b","status":1,"state":2}`, "userprincipalname",
			model.User{ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Standing: "rejected", Assigned: true},
			false,
		},
		{
			"locked", `{"id":7,"email":"a@b","status":3,"state":0}`, "",
			model.User{ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Active: true, Assigned: true},
			true,
		},
		{
			"status unheard of", `{"id":7,"email":"a@b","status":"99","state":1}`, "",
			model.User{
				ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Active: true, Assigned: true, RollOnly: true,
				Standing: "status 99",
			},
			true,
		},
		{
			"state unheard of", `{"id":7,"email":"a@b","status":1,"state":-1}`, "",
			model.User{
				ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Active: true, Assigned: true, RollOnly: true,
				Standing: "state -1",
			},
			true,
		},
		{
			"status null, and nothing to call him by", `{"id":7,"username":"jo","status":null,"state":1}`, "",
			model.User{
				ID: "7", ExternalID: "7", Login: "jo", Active: true, Assigned: true, RollOnly: true,
				Standing: "status null",
			},
			true,
		},
		{
			"state null", `{"id":7,"email":"a@b","status":1,"state":null}`, "",
			model.User{
				ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Active: true, Assigned: true, RollOnly: true,
				Standing: "state null",
			},
			true,
		},
		{
			"suspended, whatever the state means", `{"id":7,"email":"a@b","status":2,"state":77}`, "",
			model.User{ID: "7", ExternalID: "7", UserName: "a@b", Email: "a@b", Assigned: true, Standing: "suspended"},
			true,
		},
	}
	for _, tt := range tests {
		var u user
		if err := transport.Decode([]byte(tt.json), &u); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, mapped := u.toModel(fieldsNeeded(tt.field, nil, &model.App{}), true)
		if !reflect.DeepEqual(got, tt.want) || mapped != tt.mapped {
			t.Errorf("%s: got %+v, %v\nwant %+v, %v", tt.name, got, mapped, tt.want, tt.mapped)
		}
	}
}

func TestInstants(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-23T08:00:00.000Z": "2026-11-23T08:00:00Z", "2026-11-23T10:00:00+02:00": "2026-11-23T08:00:00Z",
		"2017-12-05 19:13:06 UTC": "2017-12-05T19:13:06Z", "": "0001-01-01T00:00:00Z", "soon": "0001-01-01T00:00:00Z",
	} {
		if got := parseTime(in).Format("2006-01-02T15:04:05Z07:00"); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
