package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Version reads the version of the record that a request of a plan writes. The zero value is a record that is not there.
//
// RFC 7644 section 3.14 gives it twice, as the record's meta.version and as the header ETag, and many targets give it once. The
// record's own comes first: a header may be a proxy's, or the web framework's of the text that it sends, which no SCIM server compares.
func (c *Client) Version(ctx context.Context, r model.Request) (v model.RecordVersion, err error) {
	places := c.features.places.Load()
	if places == nil {
		return v, errNotPrepared
	}
	of, id, err := places.readPath(http.MethodPatch, r.Path)
	if err != nil {
		return v, err
	}
	var raw json.RawMessage
	path, _, _ := strings.Cut(r.Path, "?")
	answer, err := c.http.GetJSON(ctx, path, "", &raw)
	if err != nil {
		gone, why := c.gone(ctx, of, id, err)
		if gone {
			return v, nil
		}
		return v, recordError{c.reason(why), why}
	}
	var record struct {
		ID   ident           `json:"id"`
		Meta json.RawMessage `json:"meta"`
	}
	if !isObject(raw) || transport.Decode(raw, &record) != nil || string(record.ID) != id {
		return v, fmt.Errorf("the target answered with something else than the record %s; check that the URL is the SCIM base URL", id)
	}
	var meta struct {
		Version text `json:"version"`
	}
	_ = json.Unmarshal(record.Meta, &meta) // of another shape, it names no version
	digest, members, err := model.RecordDigest(raw)
	if err != nil {
		return v, err
	}
	v.Digest = model.Fingerprint(append([]string{digest}, members...)...)
	v.Tag = tagOf(string(meta.Version), answer.Header.Get("ETag"))
	return v, nil
}

// tagOf chooses what If-Match is told, in the target's own spelling: W/ stays, as in the standard's own example. What is no entity tag
// by the letter (RFC 9110 section 8.8.3) is taken only where there is no other, because servers that forget the quotes compare without
// them; a list or a star would mean other versions too.
func tagOf(offers ...string) string {
	for _, whole := range []bool{true, false} {
		for _, tag := range offers {
			if tag = strings.TrimSpace(tag); tag != "" && isTag(tag) == whole && !strings.ContainsFunc(tag, unprintable) {
				if whole || !strings.ContainsAny(tag, `*,"`) {
					return tag
				}
			}
		}
	}
	return ""
}

func isTag(tag string) bool {
	inner, opened := strings.CutPrefix(strings.TrimPrefix(tag, "W/"), `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	return opened && closed && !strings.Contains(inner, `"`)
}

// unprintable is what a header cannot carry safely.
func unprintable(r rune) bool { return r > '~' || unicode.IsControl(r) }
