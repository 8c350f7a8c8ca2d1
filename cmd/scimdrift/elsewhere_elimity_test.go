package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	elimity "github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// drawer is a store behind the server of github.com/elimity-com/scim. What is ours is the store alone; what a request
// means, PATCH above all, is the library's.
type drawer struct {
	schema schema.Schema
	name   string
	// forget drops a record's id wherever else it stands.
	forget func(id string)

	mu    sync.Mutex
	order []string
	rows  map[string]elimity.Resource
}

func newDrawer(s schema.Schema, name string, rows []row) (*drawer, error) {
	d := &drawer{schema: s, name: name, rows: map[string]elimity.Resource{}}
	for _, r := range rows {
		text, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		attributes := elimity.ResourceAttributes{}
		if err := json.Unmarshal(text, &attributes); err != nil {
			return nil, err
		}
		id, _ := attributes["id"].(string)
		d.put(id, attributes)
	}
	return d, nil
}

func (d *drawer) put(id string, attributes elimity.ResourceAttributes) elimity.Resource {
	r := elimity.Resource{ID: id, Attributes: attributes}
	now := time.Now()
	r.Meta.LastModified = &now
	if external, is := attributes["externalId"].(string); is {
		r.ExternalID = optional.NewString(external)
	}
	for _, served := range []string{"id", "externalId", "meta", "schemas"} {
		delete(attributes, served)
	}
	if _, was := d.rows[id]; !was {
		d.order = append(d.order, id)
	}
	d.rows[id] = r
	return lent(r)
}

// lent is a copy that the library may write into.
func lent(r elimity.Resource) elimity.Resource {
	text, err := json.Marshal(r.Attributes)
	attributes := elimity.ResourceAttributes{}
	if err == nil {
		err = json.Unmarshal(text, &attributes)
	}
	if err != nil {
		panic(err) // it came as JSON
	}
	r.Attributes = attributes
	return r
}

// taken refuses a second record of a name.
func (d *drawer) taken(id string, attributes elimity.ResourceAttributes) error {
	for other, r := range d.rows {
		if other != id && strings.EqualFold(fmt.Sprint(r.Attributes[d.name]), fmt.Sprint(attributes[d.name])) {
			return scimerrors.ScimErrorUniqueness
		}
	}
	return nil
}

func (d *drawer) Create(_ *http.Request, attributes elimity.ResourceAttributes) (elimity.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.taken("", attributes); err != nil {
		return elimity.Resource{}, err
	}
	// 32 hex digits without dashes, as some servers have them
	return d.put(fmt.Sprintf("%032x", len(d.order)+1), attributes), nil
}

func (d *drawer) Get(_ *http.Request, id string) (elimity.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, found := d.rows[id]
	if !found {
		return elimity.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	return lent(r), nil
}

func (d *drawer) GetAll(_ *http.Request, params elimity.ListRequestParams) (elimity.Page, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var match []elimity.Resource
	for _, id := range d.order {
		if r := lent(d.rows[id]); params.FilterValidator == nil ||
			params.FilterValidator.PassesFilter(r.Attributes) == nil {
			match = append(match, r)
		}
	}
	from := min(max(params.StartIndex-1, 0), len(match))
	return elimity.Page{TotalResults: len(match), Resources: match[from:min(from+params.Count, len(match))]}, nil
}

func (d *drawer) Replace(_ *http.Request, id string, attributes elimity.ResourceAttributes) (elimity.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, found := d.rows[id]; !found {
		return elimity.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	if err := d.taken(id, attributes); err != nil {
		return elimity.Resource{}, err
	}
	return d.put(id, attributes), nil
}

func (d *drawer) Patch(_ *http.Request, id string, operations []elimity.PatchOperation) (elimity.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, found := d.rows[id]
	if !found {
		return elimity.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	attributes, err := elimity.ApplyPatch(lent(r).Attributes, operations, d.schema)
	if err == nil {
		err = d.taken(id, attributes)
	}
	if err != nil {
		return elimity.Resource{}, err
	}
	if r.ExternalID.Present() {
		attributes["externalId"] = r.ExternalID.Value()
	}
	d.put(id, attributes)
	return elimity.Resource{}, nil // 204 without a body, as many servers answer a PATCH
}

func (d *drawer) Delete(_ *http.Request, id string) error {
	d.mu.Lock()
	if _, found := d.rows[id]; !found {
		d.mu.Unlock()
		return scimerrors.ScimErrorResourceNotFound(id)
	}
	delete(d.rows, id)
	d.order = slices.DeleteFunc(d.order, func(one string) bool { return one == id })
	d.mu.Unlock()
	if d.forget != nil {
		d.forget(id)
	}
	return nil
}

// leave takes a user out of every group.
func (d *drawer) leave(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.rows {
		members, _ := r.Attributes["members"].([]any)
		r.Attributes["members"] = slices.DeleteFunc(members, func(m any) bool {
			one, _ := m.(map[string]any)
			return one["value"] == id
		})
	}
}

// elimityTarget serves the library in this process, at the usual endpoints.
func elimityTarget(patch bool) kind { return elimityAt(patch, "/Users", "/Groups") }

// elimityAt serves it at these endpoints; it asks for the token that SCIM knows nothing of.
func elimityAt(patch bool, at, groupsAt string) kind {
	return func(t *testing.T, users, groups []row) location {
		t.Helper()
		people, err := newDrawer(schema.CoreUserSchema(), "userName", users)
		if err != nil {
			t.Fatal(err)
		}
		teams, err := newDrawer(schema.CoreGroupSchema(), "displayName", groups)
		if err != nil {
			t.Fatal(err)
		}
		people.forget = teams.leave
		server, err := elimity.NewServer(&elimity.ServerArgs{
			ServiceProviderConfig: &elimity.ServiceProviderConfig{
				MaxResults: 25, SupportFiltering: true,
				SupportPatch: patch,
			},
			ResourceTypes: []elimity.ResourceType{
				{ID: optional.NewString("User"), Name: "User", Endpoint: at, Schema: people.schema, Handler: people},
				{
					ID: optional.NewString("Group"), Name: "Group", Endpoint: groupsAt, Schema: teams.schema,
					Handler: teams,
				},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		const token = "of-elimity"
		handler := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				http.Error(rw, `{"detail":"no such token"}`, http.StatusUnauthorized)
				return
			}
			if !patch && r.Method == http.MethodPatch {
				http.Error(rw, `{"detail":"PATCH is not offered"}`, http.StatusNotImplemented)
				return
			}
			server.ServeHTTP(rw, r)
		})
		listener := httptest.NewServer(handler)
		t.Cleanup(listener.Close)
		return location{url: listener.URL + "/v2", token: token, handler: handler, users: at, groups: groupsAt}
	}
}

func TestRepairsAgainstElimity(t *testing.T) {
	t.Parallel()
	repairElsewhere(t, elimityTarget(true), directRepairs()...)
}

// TestRepairsAgainstElimityWithoutPATCH has the server keep its records at other endpoints than the usual ones too.
func TestRepairsAgainstElimityWithoutPATCH(t *testing.T) {
	t.Parallel()
	longTable(t)
	repairElsewhere(t, elimityAt(false, "/People", "/Teams"), directRepairs()...)
}

// TestAWholeWriteTakesNothingBack: what somebody else changed between plan and run is not undone by a request that was
// worded before.
func TestAWholeWriteTakesNothingBack(t *testing.T) {
	t.Parallel()
	for _, repair := range []model.RepairName{model.UpdateUser, model.AddMembers} {
		e := newElsewhere(t, elimityTarget(false), 3)
		plan, file := e.plan("--repair", string(repair), "--allow", "max-percent")
		step, path, change := plan.Steps[0], "/Users/", row{"title": "Somebody else's"}
		id := step.Subject.TargetID
		if repair == model.AddMembers {
			path, id, change = "/Groups/", step.Group.ID, row{"members": []row{{"value": "a-stranger"}}}
		}
		e.overwrite(path+id, change)
		before := see(t, e.location)
		said := &trigger{}
		out, code := e.apply(t.Context(), said, plan, file, "--allow", "max-percent")
		if code != exitFailed || len(e.runs()) > 0 || !strings.Contains(said.text(), "make the plan again") {
			t.Errorf("%s: exit code %d\n%s", repair, code, out)
		}
		after := see(t, e.location)
		if repair == model.UpdateUser {
			for name, one := range before.Users {
				if one.Title == "Somebody else's" && after.Users[name].Title != one.Title {
					t.Errorf("%s lost what somebody else wrote", name)
				}
			}
		} else if !slices.Contains(after.Groups[step.Group.Name], "a-stranger") {
			t.Errorf("%s lost the member whom somebody else added", step.Group.Name)
		}
	}
}

// overwrite changes a record as another client of the target would.
func (e *elsewhere) overwrite(path string, change row) {
	e.t.Helper()
	var record row
	ask := func(method string, body []byte) []byte {
		q, err := http.NewRequestWithContext(e.t.Context(), method, e.url+path, bytes.NewReader(body))
		if err != nil {
			e.t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+e.token)
		q.Header.Set("Content-Type", "application/scim+json")
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			e.t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			e.t.Fatalf("%s %s: %s %v %s", method, path, answer.Status, err, text)
		}
		return text
	}
	decodeInto(e.t, ask(http.MethodGet, nil), &record)
	for name, value := range change {
		list, is := value.([]row)
		if is {
			old, _ := record[name].([]any)
			for _, one := range list {
				old = append(old, one)
			}
			value = old
		}
		record[name] = value
	}
	text, err := json.Marshal(record)
	if err != nil {
		e.t.Fatal(err)
	}
	ask(http.MethodPut, text)
}

// TestAPlanIsBoundToTheEndpointsThatItPrints: a target that moves its records between plan and run gets no request.
func TestAPlanIsBoundToTheEndpointsThatItPrints(t *testing.T) {
	t.Parallel()
	var first, second location
	var moved atomic.Bool
	e := newElsewhere(t, func(t *testing.T, users, groups []row) location {
		t.Helper()
		first, second = elimityTarget(true)(t, users, groups), elimityAt(true, "/People", "/Teams")(t, users, groups)
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if moved.Load() {
				second.handler.ServeHTTP(rw, r)
				return
			}
			first.handler.ServeHTTP(rw, r)
		}))
		t.Cleanup(front.Close)
		return location{url: front.URL + "/v2", token: first.token}
	}, 3)
	plan, file := e.plan("--repair", string(model.UpdateUser), "--allow", "max-percent")
	before := see(t, second)
	moved.Store(true)
	out, code := e.apply(t.Context(), nil, plan, file, "--allow", "max-percent")
	if code != exitFailed || len(e.runs()) != 0 {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if diff := gocmp.Diff(before, see(t, second)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}
