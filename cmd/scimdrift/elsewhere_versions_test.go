package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// versioned puts versions in front of the elimity server, which has none of its own, as RFC 7644 section 3.14 describes
// them: a write to a record must name the version that it is in (428 without one, 412 with another).
type versioned struct {
	server http.Handler
	// inRecord and inHeader say where a version is shown. moving: another one at each read, and none is asked for.
	inRecord, inHeader, moving bool
	// strict compares by the letter of HTTP (RFC 9110 section 13.1.1), by which no weak version matches, and takes
	// writes that name none.
	strict bool
	// before, if set, comes once, just before the first write to a record is judged.
	before func()

	mu       sync.Mutex
	versions map[string]int
	reads    int
	// writes are those that arrived for each record, taken those that were let through.
	writes, taken map[string]int
}

// at is the kind of target that v stands in front of.
func (v *versioned) at(t *testing.T, users, groups []row) location {
	t.Helper()
	p := elimityTarget(true)(t, users, groups)
	v.server, v.versions, v.writes, v.taken = p.handler, map[string]int{}, map[string]int{}, map[string]int{}
	front := httptest.NewServer(v)
	t.Cleanup(front.Close)
	return location{url: front.URL + "/v2", token: p.token, handler: v}
}

func (v *versioned) tag(path string) string { return fmt.Sprintf("W/\"%d\"", v.versions[path]+1) }

func (v *versioned) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	path := r.URL.Path
	writes := r.Method != http.MethodGet && r.Method != http.MethodPost
	if writes {
		if v.writes[path]++; v.before != nil {
			v.before()
			v.before = nil
		}
		if status := v.refuses(r); status != 0 {
			rw.Header().Set("Content-Type", "application/scim+json")
			rw.WriteHeader(status)
			_, _ = fmt.Fprintf(rw, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d",`+
				`"detail":"If-Match"}`, status)
			return
		}
	}
	answer := httptest.NewRecorder()
	v.server.ServeHTTP(answer, r)
	if writes && answer.Code < http.StatusMultipleChoices {
		v.taken[path]++
		v.changed(path, r.Method == http.MethodDelete)
	}
	body := answer.Body.Bytes()
	var record row
	if json.Unmarshal(body, &record) == nil {
		v.dress(rw.Header(), path, record)
		body, _ = json.Marshal(record)
	}
	maps.Copy(rw.Header(), answer.Header())
	rw.Header().Del("Content-Length")
	rw.WriteHeader(answer.Code)
	_, _ = rw.Write(body)
}

func (v *versioned) refuses(r *http.Request) int {
	named := r.Header.Get("If-Match")
	switch {
	case v.moving, !v.inRecord && !v.inHeader:
		return 0
	case named == "" && v.strict:
		return 0
	case named == "":
		return http.StatusPreconditionRequired
	case v.strict, named != v.tag(r.URL.Path):
		return http.StatusPreconditionFailed
	}
	return 0
}

// changed gives a record another version; who is deleted leaves groups, which changes them.
func (v *versioned) changed(path string, deleted bool) {
	v.versions[path]++
	if deleted {
		for other := range v.versions {
			v.versions[other]++
		}
	}
}

// dress shows the version of a record, and says of the server that it has versions.
func (v *versioned) dress(header http.Header, path string, record row) {
	if strings.HasSuffix(path, "/ServiceProviderConfig") {
		record["etag"] = row{"supported": true}
	}
	id, _ := record["id"].(string)
	if id == "" || strings.Contains(path, "/Schemas") {
		return
	}
	if !strings.HasSuffix(path, "/"+id) {
		path += "/" + id // it answers a create
	}
	tag := v.tag(path)
	if v.reads++; v.moving {
		tag = fmt.Sprintf("W/\"read-%d\"", v.reads)
	}
	if _, known := v.versions[path]; !known {
		v.versions[path] = 0
	}
	if v.inHeader {
		header.Set("ETag", tag)
	}
	if meta, is := record["meta"].(row); is && v.inRecord {
		meta["version"] = tag
	}
}

// overwrite changes a record as somebody else does at the server itself. The caller holds v.mu, or nothing is under
// way.
func (v *versioned) overwrite(t *testing.T, token, path string, change row) {
	t.Helper()
	ask := func(method string, body []byte) (record row) {
		q := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(body))
		q.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		v.server.ServeHTTP(answer, q)
		if answer.Code != http.StatusOK || json.Unmarshal(answer.Body.Bytes(), &record) != nil {
			t.Errorf("%s %s: %d %s", method, path, answer.Code, answer.Body)
		}
		return record
	}
	record := ask(http.MethodGet, nil)
	maps.Copy(record, change)
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	ask(http.MethodPut, text)
	v.changed(path, false)
}

// TestRepairsHeldToVersions: every direct repair and its undo at a target that insists on versions, wherever it shows
// them, and at ones that announce versions and have none that could hold anything.
func TestRepairsHeldToVersions(t *testing.T) {
	t.Parallel()
	kinds := []func() *versioned{
		func() *versioned { return &versioned{inRecord: true, inHeader: true} },
		func() *versioned { return &versioned{inHeader: true} },
		func() *versioned { return &versioned{inHeader: true, inRecord: true, moving: true} },
		func() *versioned { return &versioned{inRecord: true} },
		func() *versioned { return &versioned{} },
	}
	for i, repair := range directRepairs() {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			v := kinds[i%len(kinds)]()
			repairAndUndo(t, v.at, repair, &tally{steps: map[string]int{}})
			for path, n := range v.writes {
				if n != v.taken[path] {
					t.Errorf("%d of %d writes to %s were refused", n-v.taken[path], n, path)
				}
			}
		})
	}
}

// TestSomebodyElsesChangeIsNotOverwritten: what changed between plan and run and is none of the plan's business stays,
// and what changes in the moment before a write makes the target refuse it, once.
func TestSomebodyElsesChangeIsNotOverwritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		v          *versioned
		inBetween  bool
		code       int
		state      model.StepState
		said, next string
		sent       int
	}{
		"between plan and run": {&versioned{inRecord: true}, false, exitOK, model.StepConfirmed, "", "", 1},
		"in the moment before": {
			&versioned{inHeader: true}, true, exitUnconfirmed, model.StepFailed, "412",
			"plan again", 1,
		},
		"a server that takes no weak one": {
			&versioned{inRecord: true, strict: true}, false, exitOK,
			model.StepConfirmed, "", "none could hold the write", 2,
		},
		"another version at each read": {
			&versioned{inRecord: true, moving: true}, false, exitOK,
			model.StepConfirmed, "", "", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newElsewhere(t, c.v.at, 3)
			c1, _ := checkJSON(t, "--config", e.config)
			id := ""
			for _, f := range c1.Findings {
				if f.Kind == string(model.UserStillActive) {
					id = f.ID
				}
			}
			plan, file := e.plan("--finding", id, "--repair", string(model.DeactivateUser), "--allow", "max-percent")
			step := plan.Steps[0]
			if step.Request.Headers[model.HeaderVersion] != model.VersionRef {
				t.Fatalf("the plan prints no version: %v", step.Request.Headers)
			}
			path := "/v2/Users/" + step.Subject.TargetID
			change := func() { c.v.overwrite(t, e.token, path, row{"title": "Somebody else's"}) }
			if c.inBetween {
				c.v.before = change
			} else {
				change()
			}
			before := see(t, e.location)
			out, code := e.apply(t.Context(), nil, plan, file, "--allow", "max-percent")
			got := e.runs()[0].Steps[0]
			if code != c.code || got.State != c.state || !strings.Contains(got.Detail, c.said) ||
				!strings.Contains(got.Detail, c.next) {
				t.Errorf("exit code %d, %s: %s\n%s", code, got.State, got.Detail, out)
			}
			if c.v.writes[path] != c.sent {
				t.Errorf("it was sent %d times", c.v.writes[path])
			}
			titles := func(s sighting) (n int) {
				for _, one := range s.Users {
					if one.Title == "Somebody else's" {
						n++
					}
				}
				return n
			}
			if titles(see(t, e.location)) != 1 || !c.inBetween && titles(before) != 1 {
				t.Error("somebody else's change is lost")
			}
			if c.state == model.StepConfirmed {
				return
			}
			if active := slices.Collect(maps.Values(see(t, e.location).Users)); len(active) != len(before.Users) {
				t.Error("users were lost")
			}
		})
	}
}
