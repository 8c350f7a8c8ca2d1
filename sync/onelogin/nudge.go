package onelogin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// A nudge makes OneLogin run a user's mappings and the rules of all their apps, by setting a custom attribute to
// another value: no public call does that directly, and setting the same value again may do nothing
// (github.com/onelogin/terraform-provider-onelogin/issues/66 and 160). An update of a user changes what it names and
// leaves the rest (https://developers.onelogin.com/api-docs/2/users/update-user).
const (
	nudgePath  = "/api/2/users/"
	nudgeQuery = "mappings=async"
)

var errNoNudge = errors.New("no nudge attribute is configured; make a custom user field of its own in OneLogin under " +
	"Users > Custom User Fields and put its shortname into onelogin.nudge_attribute")

// Encode words a nudge as requests, one for each of the intent's members, that set the nudge attribute to stamp. It is
// pure. A stamp has to differ from the one before, or nothing would change.
func (c *Client) Encode(in *model.Intent, stamp string) ([]model.Encoded, error) {
	switch {
	case in.Channel != model.Nudge:
		return nil, fmt.Errorf("%s over %s is no nudge; report this as a bug", in.Repair, in.Channel)
	case c.opts.NudgeAttribute == "":
		return nil, errNoNudge
	case stamp == "":
		return nil, errors.New("the nudge has no stamp, and would change nothing; report this as a bug")
	case len(in.Members) == 0:
		return nil, errors.New("the nudge names no user; reload, then plan again")
	}
	requests := make([]model.Encoded, 0, len(in.Members))
	for _, m := range in.Members {
		if !isUserID(m.SourceID) {
			return nil, fmt.Errorf("%q is not the id of %s in OneLogin; reload, then plan again", m.SourceID,
				model.Visible(m.UserName))
		}
		requests = append(requests, model.Encoded{Members: []model.Member{m}, Request: model.Request{
			Service: model.ServiceSource, Method: http.MethodPut, Path: nudgePath + m.SourceID + "?" + nudgeQuery,
			Headers: map[string]string{"Content-Type": "application/json", "Accept": "application/json"},
			Body:    c.nudgeBody(stamp),
		}})
	}
	return requests, nil
}

type nudge struct {
	Custom map[string]string `json:"custom_attributes"`
}

func (c *Client) nudgeBody(stamp string) []byte {
	// A map of strings always encodes.
	body, _ := json.Marshal(nudge{map[string]string{c.opts.NudgeAttribute: stamp}}) //nolint:errchkjson // see above
	return body
}

// isUserID knows the numbers that OneLogin gives to users, in the one way of writing them.
func isUserID(id string) bool {
	n, err := strconv.ParseInt(id, 10, 64)
	return err == nil && n > 0 && strconv.FormatInt(n, 10) == id
}

// readNudge checks a request of a plan, which can come from a file: it may nudge one user, and nothing else.
func (c *Client) readNudge(r model.Request) (id, stamp string, err error) {
	wrong := fmt.Errorf("%s %s is no nudge, and nothing else is ever written to OneLogin; make the plan again",
		r.Method, r.Path)
	if c.opts.NudgeAttribute == "" {
		return "", "", errNoNudge
	}
	path, query, _ := strings.Cut(r.Path, "?")
	id, inUsers := strings.CutPrefix(path, nudgePath)
	if r.Service != model.ServiceSource || r.Method != http.MethodPut || query != nudgeQuery ||
		!inUsers || !isUserID(id) {
		return "", "", wrong
	}
	for name, value := range r.Headers {
		if key := http.CanonicalHeaderKey(name); key != "Content-Type" && key != "Accept" ||
			value != "application/json" {
			return "", "", wrong
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.DisallowUnknownFields()
	var body nudge
	if err := decoder.Decode(&body); err != nil || decoder.More() {
		return "", "", wrong
	}
	if stamp = body.Custom[c.opts.NudgeAttribute]; len(body.Custom) != 1 || stamp == "" {
		return "", "", wrong
	}
	return id, stamp, nil
}

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
		refusal := c.writeError(sent, err)
		if refusal.Fate == model.WriteRefused && c.hasStamp(ctx, id, stamp) {
			refusal = &model.WriteError{Fate: model.WriteUnsure, Err: transport.Explain(err, "%v; and the user "+
				"has its stamp all the same: look whether OneLogin acts before it is repeated", refusal.Err)}
		}
		return model.Answer{}, refusal
	}
	var u user
	if transport.Decode(resp.Body, &u) != nil || userID(u) != id {
		return model.Answer{}, &model.WriteError{Fate: model.WriteUnsure, Err: fmt.Errorf(
			"OneLogin answered the nudge of user %s with success, but not with that user; look whether it acts "+
				"before it is repeated", id)}
	}
	return model.Answer{Status: resp.Status, ID: id}, nil
}

// hasStamp reports whether a user carries a nudge's stamp: no refusal proves that nothing was written.
func (c *Client) hasStamp(ctx context.Context, id, stamp string) bool {
	u, err := c.readUser(ctx, id)
	return err == nil && u.extra().Custom.value[c.opts.NudgeAttribute].value == stamp
}

// writeError says what became of a nudge without a good answer. A 404 that is not in OneLogin's words comes from
// something in front of it, and says nothing of the user.
func (c *Client) writeError(sent transport.Request, err error) *model.WriteError {
	fate, _, wait := c.api.Fate(sent, err)
	answer, answered := errors.AsType[*transport.StatusError](err)
	if fate == model.WriteAbsent && answered {
		if said, _ := transport.ErrorMessage(answer.Body); said == "" || answer.Body[0] != '{' {
			fate = model.WriteRefused
		}
	}
	explained := explain(err, manageUsers)
	conn, lost := errors.AsType[*transport.ConnError](err)
	switch {
	case fate == model.WriteUnsure && lost:
		explained = transport.Explain(err, "no complete answer came (%v), and the nudge may have been taken; look "+
			"whether OneLogin acts before it is repeated", conn.Err)
	case fate == model.WriteUnsure:
		explained = transport.Explain(err, "%v; the nudge may have been taken: look whether OneLogin acts before it "+
			"is repeated", explained)
	case fate == model.WriteAbsent:
		explained = transport.Explain(err, "%v: OneLogin has no such user any more; reload, then plan again", err)
	}
	return &model.WriteError{Fate: fate, Wait: wait, Err: explained}
}
