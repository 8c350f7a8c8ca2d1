package scim

import (
	"net/http"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestAVersionIsReadWhereverTheTargetNamesIt: in the record, in the header, in both, and in its own spelling.
func TestAVersionIsReadWhereverTheTargetNamesIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header string
		meta   any
		want   string
	}{
		"both, alike":                       {`W/"3"`, object{"version": `W/"3"`}, `W/"3"`},
		"the header alone":                  {`W/"3"`, object{"resourceType": "User"}, `W/"3"`},
		"the header alone, no meta":         {`"3"`, nil, `"3"`},
		"the record alone":                  {"", object{"version": `"a-1"`}, `"a-1"`},
		"a framework's tag of the text":     {`W/"1f-Qx"`, object{"version": `W/"3"`}, `W/"3"`},
		"the record's without quotes":       {`"3"`, object{"version": "3"}, `"3"`},
		"without quotes, and no other":      {"", object{"version": 3}, ""},
		"a star, which any version matches": {"*", object{"version": "*"}, ""},
		"two versions":                      {`"1", "2"`, nil, ""},
		"a forged line":                     {"", object{"version": "\"1\"\r\nX: y"}, ""},
		"none":                              {"", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					rw.Header().Set("ETag", c.header)
				}
				row := userRow(1)
				if c.meta != nil {
					row["meta"] = c.meta
				}
				reply(rw, http.StatusOK, row)
			})
			target := client(t, s.URL, AWS)
			record, _, err := target.Record(t.Context(), model.SubjectUser, "u1", false)
			got := record.Version
			if err != nil || got.Tag != c.want || got.Digest == "" {
				t.Errorf("%+v %v, want %q", got, err, c.want)
			}
		})
	}
}

// TestAVersionIsThatOfTheRecord: a record that is gone has none, another one's is not taken, and a request that still
// waits for its version is not sent.
func TestAVersionIsThatOfTheRecord(t *testing.T) {
	t.Parallel()
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"9"`)
		if r.URL.Path == "/Users/gone" {
			reply(rw, http.StatusNotFound, object{
				"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"},
				"status":  "404",
			})
			return
		}
		reply(rw, http.StatusOK, userRow(1))
	})
	target := client(t, s.URL, AWS)
	request := model.Request{
		Service: model.ServiceTarget, Method: http.MethodDelete, Path: "/Users/gone",
		Headers: map[string]string{model.HeaderVersion: model.VersionRef},
	}
	if got, found, err := target.Record(t.Context(), model.SubjectUser, "gone", false); err != nil || found {
		t.Errorf("gone: %+v %v", got, err)
	}
	request.Path = "/Users/u2"
	if got, _, err := target.Record(t.Context(), model.SubjectUser, "u2", false); err == nil {
		t.Errorf("another record: %+v", got)
	}
	asked := len(s.asked())
	if _, err := target.Write(t.Context(), request); err == nil || len(s.asked()) != asked {
		t.Errorf("it was sent: %v", err)
	}
}
