package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
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
	r, found, err := c.readRecord(ctx, collectionOf(of), id)
	if !found || err != nil {
		return t, false, err
	}
	t.Raw, t.User, t.Group = r.raw, r.user.user, r.group.group
	switch {
	case !members:
	case c.dialect.membersInGroups:
		t.Members, err = c.membersShown(ctx, r.group)
	default:
		t.Members, err = c.membersOfAWS(ctx, id)
	}
	if err == nil {
		t.Version, err = versionOf(r)
	}
	return t, err == nil, err
}

// GetUser reads a user by id. False without an error means that the target says it has no such user.
func (c *Client) GetUser(ctx context.Context, id string) (model.User, bool, error) {
	r, found, err := c.readRecord(ctx, ofUsers, id)
	return r.user.user, found, err
}

// GetGroup reads a group by id, without its members. False means that the target says it has no such group.
func (c *Client) GetGroup(ctx context.Context, id string) (model.Group, bool, error) {
	r, found, err := c.readRecord(ctx, ofGroups, id)
	return r.group.group, found, err
}

// MembersOf reads the members of one group. Unknown is set where the target cannot or does not show them in full; the
// error is for a group that is gone or a read that failed.
func (c *Client) MembersOf(ctx context.Context, groupID string) (model.MemberList, error) {
	if groupID == "" {
		return model.MemberList{}, errors.New("the group has no id; reload all groups")
	}
	if !c.dialect.membersInGroups {
		return c.membersOfAWS(ctx, groupID)
	}
	r, found, err := c.readRecord(ctx, ofGroups, groupID)
	if err == nil && !found {
		err = errors.New("the group is gone from the target; reload all groups")
	}
	if err != nil {
		return model.MemberList{}, err
	}
	return c.membersShown(ctx, r.group)
}

// readRecord reads one record; false means that the target says it has none. Another answer is an error.
func (c *Client) readRecord(ctx context.Context, of collection, id string) (row, bool, error) {
	raw, etag, err := c.answerFor(ctx, of, id)
	if raw == nil || err != nil {
		return row{}, false, err
	}
	got, r, err := c.decodeRow(of)(raw)
	switch {
	case err != nil && isObject(raw):
		return row{}, false, fmt.Errorf("%s %s cannot be read: %w; look at it at the target", of.singular(), id, err)
	case err != nil || got != id:
		return row{}, false, errAnotherRecord(of, id)
	case of == ofGroups:
		c.observed.noteShown(r.group)
	}
	r.etag = etag
	return r, true, nil
}

func errAnotherRecord(of collection, id string) error {
	return fmt.Errorf("the target answered with something else than %s %s; check that the URL is the SCIM base URL",
		of.singular(), id)
}

// answerFor is the answer for one record, nil where it is gone. An empty id would list all, and dots would climb.
func (c *Client) answerFor(ctx context.Context, of collection, id string) (_ json.RawMessage, etag string, _ error) {
	if strings.Trim(id, ".") == "" {
		return nil, "", fmt.Errorf("%q is not the id of a %s; reload all of them", id, of.singular())
	}
	raw, etag, err := c.fetchRecord(ctx, of, id)
	if err == nil {
		return raw, etag, nil
	}
	gone, why := c.isGone(ctx, of, id, err)
	if gone {
		return nil, "", nil
	}
	return nil, "", fmt.Errorf("%s %s could not be read: %w", of.singular(), id,
		transport.Explain(why, "%s", c.reason(why)))
}

// fetchRecord reads one record and leaves every judgement to the caller.
func (c *Client) fetchRecord(
	ctx context.Context, of collection, id string,
) (raw json.RawMessage, etag string, err error) {
	path, err := c.collectionPath(ctx, of)
	if err != nil {
		return nil, "", err
	}
	answer, err := c.http.GetJSON(ctx, path+"/"+url.PathEscape(id), "", &raw)
	if err != nil {
		return nil, "", err
	}
	return raw, answer.Header.Get("ETag"), nil
}

// versionOf is the version that an answer for a record is of.
//
// RFC 7644 section 3.14 gives it twice, as the record's meta.version and as the header ETag, and many targets give it
// once. The record's own comes first: a header may be a proxy's, or the web framework's of the text that it sends,
// which no SCIM server compares.
func versionOf(r row) (v model.RecordVersion, err error) {
	var record struct {
		Meta struct {
			Version text `json:"version"`
		} `json:"meta"`
	}
	if err := transport.Decode(r.raw, &record); err != nil {
		return v, err
	}
	digest, members, err := model.RecordDigest(r.raw)
	if err != nil {
		return v, err
	}
	v.Digest = model.Fingerprint(append([]string{digest}, members...)...)
	v.Tag = chooseTag(string(record.Meta.Version), r.etag)
	return v, nil
}

// entityTag is what If-Match may carry (RFC 9110 section 8.8.3). A list or a star would mean other versions too.
var entityTag = regexp.MustCompile(`^(W/)?"[!#-~]*"$`)

// chooseTag chooses what If-Match is told, in the target's own spelling: W/ stays, as in the standard's own example.
func chooseTag(offers ...string) string {
	for _, tag := range offers {
		if tag = strings.TrimSpace(tag); entityTag.MatchString(tag) {
			return tag
		}
	}
	return ""
}
