package scim

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Record reads one record once, exactly as the target answers it: what of it is compared, the answer for a backup, and
// the version that a write of it can be held to. members: of a group, also who is in it, which AWS shows in another
// answer. False without an error means that the target says it has no such record.
func (c *Client) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (t model.TargetRecord, found bool, err error) {
	raw, header, found, err := c.record(ctx, collectionOf(of), id)
	if !found || err != nil {
		return t, false, err
	}
	t.Raw = raw
	if of == model.SubjectUser {
		var r readUser
		r, err = recordIn(ofUsers, raw, id, decodeUserRow)
		t.User = r.user
	} else {
		t.Group, t.Members, err = c.group(ctx, raw, id, members)
	}
	if err == nil {
		t.Version, err = versionOf(raw, header)
	}
	return t, err == nil, err
}

func (c *Client) group(
	ctx context.Context, raw json.RawMessage, id string, members bool,
) (model.Group, model.MemberList, error) {
	r, err := c.groupIn(raw, id)
	var list model.MemberList
	switch {
	case err != nil || !members:
	case c.dialect.membersInGroups:
		list, err = c.membersShown(ctx, r)
	default:
		list, err = c.membersOfAWS(ctx, id)
	}
	return r.group, list, err
}

// versionOf is the version that an answer for a record is of.
//
// RFC 7644 section 3.14 gives it twice, as the record's meta.version and as the header ETag, and many targets give it
// once. The record's own comes first: a header may be a proxy's, or the web framework's of the text that it sends,
// which no SCIM server compares.
func versionOf(raw json.RawMessage, header http.Header) (v model.RecordVersion, err error) {
	var record struct {
		Meta struct {
			Version text `json:"version"`
		} `json:"meta"`
	}
	if err := transport.Decode(raw, &record); err != nil {
		return v, err
	}
	digest, members, err := model.RecordDigest(raw)
	if err != nil {
		return v, err
	}
	v.Digest = model.Fingerprint(append([]string{digest}, members...)...)
	v.Tag = tagOf(string(record.Meta.Version), header.Get("ETag"))
	return v, nil
}

// entityTag is what a header may carry between quotes (RFC 9110 section 8.8.3). A list or a star would mean other
// versions too.
var entityTag = regexp.MustCompile(`^(W/)?"[!#-~]*"$`)

// tagOf chooses what If-Match is told, in the target's own spelling: W/ stays, as in the standard's own example.
func tagOf(offers ...string) string {
	for _, tag := range offers {
		if tag = strings.TrimSpace(tag); entityTag.MatchString(tag) {
			return tag
		}
	}
	return ""
}
