package sim_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// signIn gives the headers of a signed-in API client.
func signIn(t *testing.T, s *sim.Server, tenant *tenants.Tenant) map[string]string {
	t.Helper()
	pair := tenant.World.Source.Credentials[0]
	_, body := ask(t, s, "POST", "/auth/oauth2/v2/token", `{"grant_type":"client_credentials"}`, map[string]string{
		"Authorization": basic(pair.ClientID, pair.ClientSecret),
	})
	var token struct {
		Value string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &token); err != nil || token.Value == "" {
		t.Fatalf("no token: %v %s", err, body)
	}
	return map[string]string{"Authorization": "bearer:" + token.Value}
}

// somebody picks the first member of the first expected group, and that group's role.
func somebody(tenant *tenants.Tenant) (user int64, email string, role *world.Role) {
	groups, _ := expected(tenant)
	names := []string{}
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	tenant.World.Lock()
	defer tenant.World.Unlock()
	for _, r := range tenant.World.Source.Roles {
		if r.Name == names[0] {
			role = r
		}
	}
	email = groups[names[0]][0]
	for id, u := range tenant.World.Source.Users {
		if u.Email == email {
			user = id
		}
	}
	return user, email, role
}

func TestANudgeOverThePublicAPIHeals(t *testing.T) {
	s, tenant := start(t, "clean", nil)
	client := signIn(t, s, tenant)
	user, email, role := somebody(tenant)
	tenant.World.Lock()
	for _, g := range tenant.World.Target.Groups {
		clear(g.Members)
	}
	since := tenant.World.Now().Format("2006-01-02T15:04:05.000Z")
	tenant.World.Unlock()

	path := fmt.Sprintf("/api/2/users/%d", user)
	status, body := ask(t, s, "PUT", path,
		`{"custom_attributes":{"`+tenants.NudgeAttribute+`":"2026-11-23T08:00:00Z"}}`, client)
	if status != 200 {
		t.Fatalf("PUT: %d %s", status, body)
	}
	if got := memberships(tenant)[role.Name]; len(got) != 0 {
		t.Errorf("healed before the job ran: %v", got)
	}
	press(t, s, "/__sim/jobs/run")
	if got := memberships(tenant)[role.Name]; !slices.Equal(got, []string{email}) {
		t.Errorf("%s has %v, want %s alone: a nudge reaches one user", role.Name, got, email)
	}
	_, body = ask(t, s, "GET", path+"/apps?ignore_visibility=true", "", client)
	if !strings.Contains(body, `"provisioning_state":"provisioned"`) {
		t.Errorf("the user's apps: %s", body)
	}
	_, body = ask(t, s, "GET", fmt.Sprintf("/api/1/events?user_id=%d&since=%s", user, since), "", client)
	var events struct {
		Data []struct {
			Type int `json:"event_type_id"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &events); err != nil {
		t.Fatal(err)
	}
	types := []int{}
	for _, e := range events.Data {
		types = append(types, e.Type)
	}
	if !slices.Equal(types, []int{52, 248, 14, 529}) {
		t.Errorf("the trail is %v, want 52, 248, 14, 529", types)
	}
}

// basic is the header of a credential pair.
func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}
