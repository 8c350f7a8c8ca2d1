package scim

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestServiceProviderConfig(t *testing.T) {
	f := start(t, nil)
	doc := f.want(200, "GET", "/ServiceProviderConfig", nil).doc
	want := map[string]any{
		"patch": map[string]any{"supported": true}, "filter": map[string]any{"supported": true, "maxResults": 50.0},
		"bulk":           map[string]any{"supported": false, "maxOperations": 1.0, "maxPayloadSize": 1048576.0},
		"changePassword": map[string]any{"supported": false}, "sort": map[string]any{"supported": false},
		"etag":       map[string]any{"supported": false},
		"pagination": nil,
	}
	for name, value := range want {
		if diff := cmp.Diff(value, doc[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	schemes, _ := doc["authenticationSchemes"].([]any)
	scheme, _ := schemes[0].(map[string]any)
	if len(schemes) != 1 || scheme["type"] != "oauthbearertoken" || scheme["primary"] != true {
		t.Errorf("schemes %v", schemes)
	}
}

func TestDiscovery(t *testing.T) {
	f := start(t, nil)
	types := f.want(200, "GET", "/ResourceTypes", nil)
	if types.doc["totalResults"] != 2.0 || strings.Join(types.ids(), " ") != "User Group" {
		t.Errorf("resource types: %s", types.text)
	}
}

func TestThrottlePerOperation(t *testing.T) {
	f := start(t, func(k *Knobs) { *k = Current() })
	id := f.addUsers(1)[0]
	spend := func(n, status int, method, path string, body any) {
		t.Helper()
		for range n {
			f.want(status, method, path, body)
		}
	}
	spend(40, 200, "GET", "/Users/"+id, nil)
	r := f.want(429, "GET", "/Users/"+id, nil)
	if r.doc["status"] != "429" || r.header.Get("Retry-After") != "" {
		t.Errorf("429: %v %s", r.header, r.text)
	}
	spend(40, 200, "GET", "/Users", nil) // another operation, another bucket
	spend(1, 429, "GET", "/Users", nil)
	spend(25, 200, "PATCH", "/Users/"+id, patch(op("replace", "active", true)))
	spend(1, 429, "PATCH", "/Users/"+id, patch(op("replace", "active", true)))
	f.clock = f.clock.Add(100 * time.Millisecond)
	spend(4, 200, "GET", "/Users/"+id, nil)
	spend(1, 429, "GET", "/Users/"+id, nil)
	spend(2, 200, "PATCH", "/Users/"+id, patch(op("replace", "active", true)))
	spend(1, 429, "PATCH", "/Users/"+id, patch(op("replace", "active", true)))
}

func TestThrottleOfMemberships(t *testing.T) {
	f := start(t, func(k *Knobs) { k.MembershipRate = 50 })
	ids := f.addUsers(100)
	g := f.addGroup("g")
	f.want(204, "PATCH", "/Groups/"+g.ID, patch(op("add", "members", members(ids[:95]...))))
	f.want(429, "PATCH", "/Groups/"+g.ID, patch(op("add", "members", members(ids[94:]...))))
	if len(g.Members) != 95 {
		t.Errorf("a throttled request changed something: %d members", len(g.Members))
	}
	f.want(204, "PATCH", "/Groups/"+g.ID, patch(op("replace", "displayName", "renamed")))
	f.clock = f.clock.Add(time.Second)
	f.want(204, "PATCH", "/Groups/"+g.ID, patch(op("add", "members", members(ids[94:]...))))
}

// Many clients, a change of knobs and somebody else in the world at the same time.
func TestConcurrentUse(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(20)
	g := f.addGroup("g")
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			for range 5 {
				f.do("PATCH", "/Groups/"+g.ID, patch(op("add", "members", members(id))))
				f.do("GET", "/Users?cursor&"+filter(`groups.value eq "`+g.ID+`"`), nil)
				f.do("GET", "/Users?"+filter(`userName eq "u3@corp.example"`), nil)
			}
			if i%5 == 0 {
				f.server.SetKnobs(Current().Unlimited())
				f.world.Lock()
				f.addUsers(1)
				f.world.Unlock()
			}
		})
	}
	all.Wait()
	if len(g.Members) != 20 || f.server.RequestCount() != 300 {
		t.Errorf("%d members after %d requests", len(g.Members), f.server.RequestCount())
	}
}
