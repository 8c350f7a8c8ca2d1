package sim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// ask sends one request to the simulation and gives status and body.
func ask(t *testing.T, s *sim.Server, method, path, body string, header map[string]string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// settings is the part of the product's configuration that the simulation prints.
type settings struct {
	Default     string `toml:"default_connection"`
	Connections map[string]struct {
		OneLogin struct {
			URL            string `toml:"url"`
			ClientID       string `toml:"client_id"`
			ClientSecret   string `toml:"client_secret"`
			AppID          int64  `toml:"app_id"`
			NudgeAttribute string `toml:"nudge_attribute"`
		} `toml:"onelogin"`
		Target struct {
			Dialect string `toml:"dialect"`
			URL     string `toml:"url"`
			Token   string `toml:"token"`
			// Expires is a date without a time.
			Expires toml.LocalDate `toml:"token_expires"`
		} `toml:"target"`
		Groups struct {
			From  string `toml:"from"`
			Roles string `toml:"roles"`
		} `toml:"groups"`
	} `toml:"connections"`
}

func TestTheConfigurationConnects(t *testing.T) {
	s, tenant := start(t, "drift", nil)
	var c settings
	d := toml.NewDecoder(strings.NewReader(s.Config()))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		t.Fatalf("%v\n%s", err, s.Config())
	}
	conn, ok := c.Connections[c.Default]
	if !ok || c.Default != "sim" || conn.OneLogin.AppID != tenant.AppID || conn.Groups.From != "auto" ||
		conn.Groups.Roles != tenants.RolesPattern ||
		conn.OneLogin.NudgeAttribute == "" || conn.Target.Dialect != "aws" {
		t.Errorf("configuration:\n%s", s.Config())
	}
	status, body := ask(t, s, "POST", strings.TrimPrefix(conn.OneLogin.URL, s.URL())+"/auth/oauth2/v2/token",
		`{"grant_type":"client_credentials"}`,
		map[string]string{"Authorization": basic(conn.OneLogin.ClientID, conn.OneLogin.ClientSecret)})
	if status != 200 {
		t.Errorf("OneLogin refuses the configured credentials: %d %s", status, body)
	}
	status, body = ask(t, s, "GET", strings.TrimPrefix(conn.Target.URL, s.URL())+"/Users?cursor", "",
		map[string]string{"Authorization": "Bearer " + conn.Target.Token})
	if status != 200 || !strings.Contains(body, "Resources") {
		t.Errorf("the target refuses the configured token: %d %s", status, body)
	}
}

func TestControl(t *testing.T) {
	s, tenant := start(t, "clean", nil)
	want := func(status int, method, path, body, contains string) {
		t.Helper()
		if got, text := ask(t, s, method, path, body, nil); got != status || !strings.Contains(text, contains) {
			t.Errorf("%s %s: %d %s; want %d with %q", method, path, got, text, status, contains)
		}
	}
	token := map[string]string{"Authorization": "Bearer " + tenant.World.Target.Tokens[0].Value}
	groups := "/" + tenant.World.Target.TenantID + "/scim/v2/Groups"

	want(200, "POST", "/__sim/faults", `{"service":"scim","kind":"server-error","times":1}`, "")
	if status, _ := ask(t, s, "GET", groups, "", token); status != 500 {
		t.Errorf("the fault did not strike: %d", status)
	}
	want(200, "POST", "/__sim/faults", `{"kind":"bad-gateway"}`, "")
	want(502, "GET", "/api/2/users", "", "Bad Gateway")
	want(200, "DELETE", "/__sim/faults", "", "")
	want(401, "GET", "/api/2/users", "", "UnauthorizedError")
	want(400, "POST", "/__sim/faults", `{"kind":"earthquake"}`, "earthquake")
	want(400, "POST", "/__sim/faults", `{"sort":"x"}`, "sort")

	press(t, s, "/__sim/console/apps/"+itoa(tenant.AppID)+"/reapply")
	want(200, "POST", "/__sim/jobs/run", "", "")
	if got, _ := ask(t, s, "POST", "/__sim/jobs/run", "",
		map[string]string{"Sec-Fetch-Site": "cross-site"}); got != 403 {
		t.Errorf("a strange web page may press buttons: %d", got)
	}
}

func TestStartRefusals(t *testing.T) {
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sim.Start(context.Background(), sim.Options{World: tenant.World, AppID: 1})
	if err == nil {
		t.Errorf("an unknown app: started at %s", s.URL())
	}
}

func TestItEndsWithItsContext(t *testing.T) {
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := sim.Start(ctx, sim.Options{World: tenant.World, AppID: tenant.AppID})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err = s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestLatencyHoldsARequestBack(t *testing.T) {
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sim.Start(context.Background(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Latency: time.Hour, Manual: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	sent := httptrace.WithClientTrace(ctx,
		&httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { cancel() }})
	req, err := http.NewRequestWithContext(sent, http.MethodGet, s.URL()+"/api/2/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("answered before its time: %v", err)
	}
	if err = s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if n := s.OneLogin.RequestCount(); n != 0 {
		t.Errorf("%d requests reached the service", n)
	}
}
