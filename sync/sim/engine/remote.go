package engine

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	// attempts is how often a throttled request is sent before it counts as failed.
	attempts = 8
	maxReply = 8 << 20
)

// failure is an answer that is no success; its text becomes the event's error_description.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string {
	return fmt.Sprintf("HTTP %d: %s; see the app's Users tab and retry", f.status, f.text)
}

// send makes one request. A 401 stops everything else of the job: the token is wrong for all of it.
func (w *work) send(ctx context.Context, method, path string, body, into any) error {
	if w.broken != nil {
		return w.broken
	}
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return fmt.Errorf("the request cannot be written as JSON: %w; correct the user's fields", err)
		}
	}
	for try := 1; ; try++ {
		status, header, reply, err := w.sendOnce(ctx, method, path, payload)
		if err != nil {
			return err
		}
		if status == http.StatusTooManyRequests && try < attempts {
			if !w.throttled {
				w.throttled = true
				w.e.logEvent(world.Event{Type: world.EventThrottled, AppID: w.app})
			}
			if err = w.e.Wait(ctx, retryAfter(header, try)); err != nil {
				return fmt.Errorf("interrupted while the target throttles: %w; retry", err)
			}
			continue
		}
		if status >= 200 && status < 300 {
			if into != nil && json.Unmarshal(reply, into) != nil {
				return &failure{status, "the target's answer is no JSON"}
			}
			return nil
		}
		f := &failure{status, errorDetail(reply, status)}
		if status == http.StatusUnauthorized {
			w.broken = f
			w.e.logEvent(world.Event{Type: world.EventNoAuth, AppID: w.app, ErrorDescription: f.text})
		}
		return f
	}
}

func (w *work) sendOnce(ctx context.Context, method, path string, payload []byte) (int, http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(w.base, "/")+path, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("the SCIM base URL %q is no URL: %w; correct it in the app's configuration",
			w.base, err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("User-Agent", "OneLogin")
	if len(payload) > 0 {
		req.Header.Set("Content-Type", "application/scim+json")
	}
	resp, err := w.e.client.Do(req)
	var reply []byte
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		reply, err = io.ReadAll(io.LimitReader(resp.Body, maxReply))
	}
	if err != nil {
		return 0, nil, nil, fmt.Errorf("the connection failed while provisioning to %s: %w; retry", w.base, err)
	}
	return resp.StatusCode, resp.Header, reply, nil
}

func retryAfter(h http.Header, try int) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n >= 0 {
		return time.Duration(n) * time.Second
	}
	return time.Duration(try) * 250 * time.Millisecond
}

// errorDetail takes the text out of a SCIM error, else the beginning of what came.
func errorDetail(reply []byte, status int) string {
	var body struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(reply, &body) == nil && body.Detail != "" {
		return body.Detail
	}
	text := strings.TrimSpace(string(reply))
	if text == "" {
		return http.StatusText(status)
	}
	return text[:min(len(text), 300)]
}

// filterQuery makes OneLogin's filter query: an equality, and an ampersand that follows nothing
// (goauthentik/authentik#11249).
func filterQuery(attribute, value string) string {
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	return "?filter=" + url.QueryEscape(attribute+" eq "+quoted) + "&"
}

const (
	userSchema  = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

type email struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

type name struct {
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`
}

// user is a whole user, as a POST or PUT carries it and the target shows it.
type user struct {
	Schemas     []string `json:"schemas"`
	ID          string   `json:"id,omitempty"`
	ExternalID  string   `json:"externalId,omitempty"`
	UserName    string   `json:"userName"`
	Name        name     `json:"name"`
	DisplayName string   `json:"displayName"`
	Emails      []email  `json:"emails,omitempty"`
	Active      bool     `json:"active"`
}

// desiredUser reads a user through the app's parameters: scimusername says which field is the user name.
func desiredUser(a *world.App, u *world.User) user {
	out := user{
		Schemas: []string{userSchema}, ExternalID: cmp.Or(u.ExternalID, strconv.FormatInt(u.ID, 10)), UserName: u.Email,
		Name: name{u.FirstName, u.LastName}, DisplayName: strings.TrimSpace(u.FirstName + " " + u.LastName),
		Active: u.Active(),
	}
	if u.Email != "" {
		out.Emails = []email{{u.Email, "work", true}}
	}
	for i := range a.Parameters {
		if a.Parameters[i].Key != "scimusername" {
			continue
		}
		if value, known := rule.Field(u, a.Parameters[i].UserAttributeMappings); known {
			out.UserName = value
		}
	}
	return out
}

// equalPush compares what a push would change; an external id alone is no reason for one.
func (u user) equalPush(there user) bool {
	return u.UserName == there.UserName && u.Name == there.Name && u.DisplayName == there.DisplayName &&
		u.Active == there.Active &&
		slices.EqualFunc(u.Emails, there.Emails, func(a, b email) bool { return a.Value == b.Value })
}
