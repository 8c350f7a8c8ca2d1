package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
)

// rig is a simulated tenant that commands are run against, by its configuration file or in the same process.
type rig struct {
	*sim.Server

	// config is the file that connects to it.
	config string
}

// longTable leaves a test out of a short run, which is one under the race detector: its rows start the same
// goroutines as the tests that stay, or processes whose races nobody would hear of.
func longTable(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a long table; go test has it without -short")
	}
}

// newRig serves a tenant without rate limits and writes its configuration to a file.
func newRig(ctx context.Context, tenant tenantFlags, config string) (*rig, error) {
	unhurried := scim.Current().Unlimited()
	server, _, err := startTenant(ctx, tenant, &unhurried)
	if err != nil {
		return nil, err
	}
	// Nobody shares these services with us.
	text := strings.NewReplacer("[connections.sim.onelogin]\n", "[connections.sim.onelogin]\nrate_share = 1\n",
		"[connections.sim.target]\n", "[connections.sim.target]\nrate_share = 1000\n").Replace(server.Config())
	return &rig{Server: server, config: config}, os.WriteFile(config, []byte(text), 0o600)
}

// writes are those that reached either service, in their order, as "METHOD PATH BODY" with the path as in a plan.
// OneLogin's own provisioner writes to the target too; its requests are told apart by nothing, so that a test lets it
// rest.
func (r *rig) writes() []string {
	var out []string
	for _, q := range r.SCIM.Requests() {
		if q.Method != http.MethodGet {
			_, path, _ := strings.Cut(q.Path, "/scim/v2")
			out = append(out, sent(q.Method, path, q.Query, q.Body))
		}
	}
	for _, q := range r.OneLogin.Requests() {
		if q.Method != http.MethodGet && strings.HasPrefix(q.Path, "/api") {
			out = append(out, sent(q.Method, q.Path, q.Query, q.Body))
		}
	}
	return out
}

func sent(method, path, query, body string) string {
	if query != "" {
		path += "?" + query
	}
	return strings.TrimSpace(method + " /" + strings.TrimPrefix(path, "/") + " " + body)
}

// printed are the writes that a plan shows.
func printed(plan *model.Plan) []string {
	var out []string
	for i := range plan.Steps {
		if q := plan.Steps[i].Request; q != nil {
			var body bytes.Buffer
			if len(q.Body) > 0 && string(q.Body) != "null" {
				_ = json.Compact(&body, q.Body) // ReadPlan has seen to it that it is JSON
			}
			out = append(out, sent(q.Method, q.Path, "", body.String()))
		}
	}
	return out
}

// press presses a button of OneLogin's console.
func (r *rig) press(ctx context.Context, path string) error { return r.ask(ctx, "console/"+path) }

// presses presses buttons of the app's page, and has OneLogin do at once what they ask for.
func (r *rig) presses(t *testing.T, buttons ...string) {
	t.Helper()
	for _, button := range buttons {
		if err := r.press(t.Context(), "apps/1001/"+button); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.ask(t.Context(), "jobs/run"); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) ask(ctx context.Context, path string) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL()+"/__sim/"+path, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answered %s", path, answer.Status)
	}
	return answer.Body.Close()
}

// sentAs are the writes that a plan shows, with the ids in place that its run got for what it created.
func sentAs(plan *model.Plan, run model.Run) []string {
	out := printed(plan)
	for i, line := range out {
		for _, step := range run.Steps {
			line = strings.ReplaceAll(line, model.RefInPath(step.ID), step.CreatedID)
			line = strings.ReplaceAll(line, string(model.RefInBody(step.ID)), `"`+step.CreatedID+`"`)
		}
		out[i] = line
	}
	return out
}
