package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// writeError says what became of a write without a good answer, and why. A 404 means that the record is gone only where
// there was one to address and the target itself says so.
func (c *Client) writeError(ctx context.Context, w write, err error) *model.WriteError {
	fate, code, wait := c.http.Fate(w.request, err)
	if status := answered404(err); fate == model.WriteAbsent &&
		(w.id == "" || status == nil || !isSCIMError(status.Body)) {
		fate = model.WriteRefused
	}
	reason := c.writeReason(fate, err)
	if fate == model.WriteNotSent && ctx.Err() != nil {
		reason = "cancelled before anything was sent; run it again"
	}
	if fate == model.WriteRefused && c.manner.announces && w.request.Method == http.MethodPatch &&
		slices.Contains(unpatchable(), code) {
		reason += `; if the target takes no such PATCH, set target.write = "put" for this connection and plan again: whole records are written then`
	}
	return &model.WriteError{Fate: fate, Status: code, Wait: wait, Err: recordError{reason, err}}
}

// unpatchable are the answers of targets that do not know a path of RFC 7644 section 3.5.2, or no PATCH at all.
func unpatchable() []int {
	return []int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotImplemented}
}

func (c *Client) writeReason(fate model.WriteFate, err error) string {
	said := ""
	status, answered := errors.AsType[*transport.StatusError](err)
	if answered {
		if detail, _ := c.said(status); detail != "" {
			said = ": " + detail
		}
	}
	switch {
	case fate == model.WriteUnsure && answered:
		return fmt.Sprintf("the target failed (%d%s), and the write may have happened; look at the target before it is repeated%s",
			status.Status, said, quote(status.RequestID))
	case fate == model.WriteUnsure:
		why := err
		if conn, lost := errors.AsType[*transport.ConnError](err); lost {
			why = conn.Err // its whole text says to try again, which would be wrong here
		}
		return "no complete answer came (" + c.http.Redact(why.Error()) +
			"), and the write may have happened; look at the target before it is repeated"
	case !answered:
		return c.http.Redact(err.Error())
	case fate == model.WriteAbsent:
		return "the target knows no such record (404" + said + "): it is gone, or somebody whom the request names is; reload, then plan again"
	case fate == model.WriteConflict:
		// A 409 does not say which attribute clashed (github.com/slashdevops/idp-scim-sync/issues/57).
		return "the target has another record with one of these values, such as the name, the e-mail or the external id (409" + said + "); reload and look for it"
	case fate == model.WriteChanged:
		return "the record has changed since it was read (412" + said + "); reload, then plan again"
	case status.Status == http.StatusForbidden:
		return "the target does not let us write (403" + said + "): the token lacks the permission, or a network rule of the target refuses this address; " +
			"check the token's rights and the target's list of allowed addresses"
	}
	return c.reason(err)
}
