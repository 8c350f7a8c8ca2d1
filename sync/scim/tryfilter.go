package scim

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// tryFilter asks for what cannot exist and gives the reason not to believe a membership filter, or nothing. A service
// that ignores a filter it does not know shows everybody as a member of every group; believed, that would have
// everybody removed from everywhere. It is one request.
func (c *Client) tryFilter(ctx context.Context, style cursorStyle, of collection, attribute string) string {
	p, err := c.page(ctx, of, query(style.param(), equals(attribute, randomID())))
	var status *transport.StatusError
	switch {
	case refused(err), errors.As(err, &status) && status.Status == http.StatusNotFound:
	case err != nil:
		return "every group seems to have the same members, and whether the target ignores the filter could not be found out: " + c.reason(err)
	case len(p.rows) > 0:
		return "the target ignores the filter for the members of a group and lists everybody; the AWS lens can read them: configure [connections.NAME.aws]"
	}
	return ""
}

// randomID is a UUID that no record has.
func randomID() string {
	var b [16]byte
	// crypto/rand never returns an error.
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
