package onelogin

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// manageUsers is the least scope that may write to a user
// (https://developers.onelogin.com/api-docs/2/users/update-user).
const manageUsers = "Manage Users"

// Write sends one nudge of a plan, and sends nothing else. It is sent once; only after a 401, which says that nothing
// was done, it goes out again with a token that a new login gave. Its error is a *model.WriteError.
func (c *Client) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	id, stamp, err := c.readNudge(r)
	if err != nil {
		return model.Answer{}, &model.WriteError{Fate: model.WriteNotSent, Err: err}
	}
	// The body is made anew of what was checked: a key that stands in a text twice means one thing here and may mean
	// another there.
	sent := transport.Request{
		Method: http.MethodPut, Path: nudgePath + id, RawQuery: nudgeQuery, Body: c.nudgeBody(stamp),
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
	}
	resp, err := c.api.Do(ctx, sent)
	if err != nil {
		return model.Answer{}, c.writeError(ctx, sent, err)
	}
	var u user
	if transport.Decode(resp.Body, &u) != nil || userID(u) != id {
		return model.Answer{}, &model.WriteError{Fate: model.WriteUnsure, Status: resp.Status, Err: fmt.Errorf(
			"OneLogin answered the nudge of user %s with success, but not with that user; look whether it acts before it is "+
				"repeated", id)}
	}
	return model.Answer{Status: resp.Status, ID: id, Body: resp.Body}, nil
}

// writeError says what became of a nudge without a good answer. A 404 that is not in OneLogin's words comes from
// something in front of it, and says nothing of the user.
func (c *Client) writeError(ctx context.Context, sent transport.Request, err error) *model.WriteError {
	fate, status, wait := c.api.Fate(sent, err)
	answer, answered := errors.AsType[*transport.StatusError](err)
	if fate == model.WriteAbsent && answered && serviceMessage(answer.Body) == "" {
		fate = model.WriteRefused
	}
	explained := explain(err, manageUsers)
	conn, lost := errors.AsType[*transport.ConnError](err)
	switch {
	case fate == model.WriteNotSent && ctx.Err() != nil:
		explained = &Error{"cancelled before anything was sent; run it again", err}
	case fate == model.WriteUnsure && lost:
		explained = &Error{fmt.Sprintf("no complete answer came (%v), and the nudge may have been taken; look whether "+
			"OneLogin acts before it is repeated", conn.Err), err}
	case fate == model.WriteUnsure:
		explained = &Error{fmt.Sprintf("%v; the nudge may have been taken: look whether OneLogin acts before it is repeated",
			explained), err}
	case fate == model.WriteAbsent:
		explained = &Error{fmt.Sprintf("%v: OneLogin has no such user any more; reload, then plan again", err), err}
	}
	return &model.WriteError{Fate: fate, Status: status, Wait: wait, Err: explained}
}
