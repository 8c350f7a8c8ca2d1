package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Write sends one request of a plan as it stands, and sends it once: nothing that can go wrong on the way makes it go
// out again, not even a 401, because there is no other token to try. Its error is a *model.WriteError.
//
// A plan can come from a file, and what is sent is what was encoded anew for it (repair.Repairer). The last brake is
// here: no reference that nobody resolved, no whole collection, and no id that might lead elsewhere.
func (c *Client) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	w, err := c.readWrite(r)
	if err != nil {
		return model.Answer{}, &model.WriteError{Fate: model.WriteNotSent, Err: err}
	}
	c.observed.noteWrite(w.id)
	resp, err := c.http.Do(ctx, w.request)
	if err != nil {
		return model.Answer{}, c.writeError(w, err)
	}
	answer := model.Answer{Status: resp.Status}
	if answer.ID, err = w.answeredID(resp.Body, resp.Header.Get("Location")); err != nil {
		err = errors.New(c.http.Redact(err.Error()))
		return model.Answer{}, &model.WriteError{Fate: model.WriteUnsure, Err: err}
	}
	if w.userName != "" {
		c.addListed(ctx, answer.ID, w.userName)
	}
	if w.empty {
		c.observed.setMark(answer.ID, func(m *groupMark) { m.created = true })
	}
	return answer, nil
}

// write is a request that may be sent. id is that of the record; empty for a create.
type write struct {
	request transport.Request
	id      string
	// userName is that of a user whom it creates. empty: it creates a group, and without members.
	userName string
	empty    bool
}

func (c *Client) readWrite(r model.Request) (w write, err error) {
	refs, err := r.Refs()
	places := c.discovered.locations.answer.Load()
	switch {
	case r.Service != model.ServiceTarget:
		return w, fmt.Errorf("the request is for %q and not for the target; make the plan again", r.Service)
	case err != nil:
		return w, err
	case len(refs) > 0:
		return w, fmt.Errorf("the request waits for the id of what step %s creates; run the whole plan", refs[0])
	case r.Headers[model.HeaderVersion] == model.VersionRef:
		return w, errors.New("the request waits for the version that its record is in; run the whole plan")
	case places == nil:
		return w, errNotPrepared
	}
	w.request = transport.Request{Method: r.Method, Header: http.Header{}}
	w.request.Path, w.request.RawQuery, _ = strings.Cut(r.Path, "?")
	of, id, is := places.parseWritePath(r.Method, w.request.Path)
	if !is {
		return w, fmt.Errorf("%s %s is no request that a repair makes; make the plan again", r.Method, r.Path)
	}
	w.id = id
	for name, value := range r.Headers {
		w.request.Header.Set(name, value)
	}
	if !bytes.Equal(bytes.TrimSpace(r.Body), []byte("null")) {
		w.request.Body = r.Body
	}
	var created struct {
		UserName string          `json:"userName"`
		Members  json.RawMessage `json:"members"`
	}
	if id == "" && transport.DecodeLossy(r.Body, &created) == nil {
		w.userName, w.empty = created.UserName, of == ofGroups && len(created.Members) == 0
	}
	return w, nil
}

// parseWritePath finds the collection that a path creates in, or the record in it that another write is for. A DELETE
// or PATCH of a whole collection is the worst that a slip could send.
func (e *endpoints) parseWritePath(method, path string) (of collection, id string, is bool) {
	for _, of := range allCollections() {
		if path == e.paths[of] {
			return of, "", method == http.MethodPost
		}
		last, below := strings.CutPrefix(path, e.paths[of]+"/")
		id, err := url.PathUnescape(last)
		if below && err == nil && !strings.ContainsAny(last, "/#") && isAddressable(id) {
			return of, id, method != http.MethodPost
		}
	}
	return 0, "", false
}

// answeredID judges the answer to a write that was taken, and gives the id in it. What is not the record, such as the
// page of a proxy or half an answer, says that something answered and not what it did. A creation without a record in
// its answer says where that is (RFC 7644 section 3.3).
func (w write) answeredID(body []byte, location string) (string, error) {
	const look = "; the write may have happened: look at the target before it is repeated"
	if len(strings.TrimSpace(string(body))) == 0 {
		if w.id != "" {
			return "", nil // 204, or as good
		}
		_, last, _ := strings.Cut(location, w.request.Path+"/")
		if id, err := url.PathUnescape(last); err == nil && !strings.ContainsAny(last, "/?#") && isAddressable(id) {
			return id, nil
		}
		return "", errors.New("the target answered with success and no record" + look)
	}
	var record struct {
		ID recordID `json:"id"`
	}
	if !isObject(body) || transport.DecodeLossy(body, &record) != nil {
		return "", errors.New("the target answered with success, but with something else than a record" + look)
	}
	id := string(record.ID)
	switch {
	case w.id == "" && (!isAddressable(id) || strings.ContainsRune(id,
		utf8.RuneError)): // it may stand for what was no text
		return "", errors.New("the target answered with success, but with no id that can be used" + look)
	case w.id != "" && id != "" && id != w.id:
		return "", fmt.Errorf("the target answered with success about record %q in place of %q%s", id, w.id, look)
	}
	return id, nil
}

// writeError says what became of a write. A 404 counts only where the target itself says that the record is gone.
func (c *Client) writeError(w write, err error) *model.WriteError {
	fate, code, wait := c.http.Fate(w.request, err)
	if status := notFoundStatus(err); fate == model.WriteAbsent &&
		(w.id == "" || status == nil || !isSCIMError(status.Body)) {
		fate = model.WriteRefused
	}
	reason := c.writeReason(fate, err)
	// So answer targets that do not know a path of RFC 7644 section 3.5.2, or no PATCH at all.
	unpatchable := []int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotImplemented}
	if fate == model.WriteRefused && c.dialect.hasDiscovery && w.request.Method == http.MethodPatch &&
		slices.Contains(unpatchable, code) {
		reason += `; if the target takes no such PATCH, set target.write = "put" for this connection and plan again: ` +
			"whole records are written then"
	}
	return &model.WriteError{Fate: fate, Wait: wait, Err: transport.Explain(err, "%s", reason)}
}

func (c *Client) writeReason(fate model.WriteFate, err error) string {
	status, answered := errors.AsType[*transport.StatusError](err)
	if !answered {
		if fate != model.WriteUnsure {
			return c.http.Redact(err.Error())
		}
		if conn, lost := errors.AsType[*transport.ConnError](err); lost {
			err = conn.Err // its whole text says to try again, which would be wrong here
		}
		return "no complete answer came (" + c.http.Redact(err.Error()) +
			"), and the write may have happened; look at the target before it is repeated"
	}
	said, _ := c.refusalText(status)
	switch {
	case fate == model.WriteUnsure:
		return "the target failed " + said + ", and the write may have happened; look at the target before it is " +
			"repeated" + quoteRequestID(status.RequestID)
	case fate == model.WriteAbsent:
		return "the target knows no such record " + said + ": it is gone, or somebody whom the request names is; " +
			"reload, then plan again"
	case fate == model.WriteConflict:
		// A 409 does not say which attribute clashed (github.com/slashdevops/idp-scim-sync/issues/57).
		return "the target has another record with one of these values, such as the name, the e-mail or the external " +
			"id " + said + "; reload and look for it"
	case fate == model.WriteChanged:
		return "the record has changed since it was read " + said + "; reload, then plan again"
	case status.Status == http.StatusForbidden:
		return "the target does not let us write " + said + ": " + forbidden
	}
	return c.reason(err)
}
