package scim

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// versionOf is the version that an answer for a record is of.
//
// RFC 7644 section 3.14 gives it twice, as the record's meta.version and as the header ETag, and many targets give it once. The
// record's own comes first: a header may be a proxy's, or the web framework's of the text that it sends, which no SCIM server compares.
func versionOf(raw json.RawMessage, header http.Header) (v model.RecordVersion, err error) {
	var record struct {
		Meta json.RawMessage `json:"meta"`
	}
	if err := transport.Decode(raw, &record); err != nil {
		return v, err
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
	v.Tag = tagOf(string(meta.Version), header.Get("ETag"))
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
