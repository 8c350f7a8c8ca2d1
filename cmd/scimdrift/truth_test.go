package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// checked is the documented JSON, read back without the product's own types.
type checked struct {
	Schema     int
	Connection string
	ReadAt     string `json:"read_at"`
	DurationMS *int64 `json:"duration_ms"`
	Complete   bool
	Source     side
	Target     side
	Totals     map[string]int
	Findings   []found
	Notes      []string
}

type side struct {
	Kind                                 string
	Users, Groups, Memberships, Requests int
	Coverage                             map[string]string
}

type found struct {
	ID, Kind, Severity, Confidence, Summary, Cause string

	Subject struct {
		Type, Name string
		SourceID   string `json:"source_id"`
		TargetID   string `json:"target_id"`
	}
	Details struct {
		Members []string
		Fields  []struct{ Name, Source, Target string }
	}
	Evidence []struct{ At, What, By, Text string }
	Repairs  []struct{ ID, Channel string }
}

// runCLI runs one command line and gives what it printed and its exit code.
func runCLI(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram(&out, &errs)
	p.state = filepath.Join(p.state, t.Name()) // what many have left takes long to look through
	code = p.execute(t.Context(), args)
	return out.String(), errs.String(), code
}

func checkJSON(t *testing.T, args ...string) (checked, int) {
	t.Helper()
	out, errs, code := runCLI(t, append([]string{"check", "-o", "json"}, args...)...)
	var c checked
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatalf("the report is no JSON: %v\n%s\n%s", err, out, errs)
	}
	return c, code
}

// plain is a finding as the truth states it. What the truth leaves open is left out on both sides.
type plain struct {
	Kind, SubjectType, Subject, Severity, Confidence, Cause, SourceID, TargetID string
	Members, Fields                                                             []string
}

func wanted(truth tenants.Truth) map[string]plain {
	out := map[string]plain{}
	for _, f := range truth {
		if strings.HasPrefix(f.Kind, "setup-") {
			continue // these come with the set-up
		}
		p := plain{
			f.Kind, f.SubjectType, f.Subject, f.Severity, f.Confidence, f.Cause, f.SourceID, f.TargetID,
			f.Members, f.Fields,
		}
		if f.StateCause != "" {
			p.Cause = f.StateCause // the provisioning states of users with a finding are read
		}
		if p.Kind == "group-lingering" && p.Severity == "critical" {
			p.Severity = "high" // account assignments show only through the AWS lens
		}
		out[key(p)] = p
	}
	return out
}

func key(p plain) string { return p.Kind + " " + p.Subject + " " + p.TargetID }

func given(findings []found, want map[string]plain) map[string]plain {
	out := map[string]plain{}
	for _, f := range findings {
		if strings.HasPrefix(f.Kind, "setup-") {
			continue // the set-up is judged by scenario in doctor_test.go
		}
		p := plain{
			Kind: f.Kind, SubjectType: f.Subject.Type, Subject: f.Subject.Name, Severity: f.Severity,
			Confidence: f.Confidence,
			Cause:      f.Cause, SourceID: f.Subject.SourceID, TargetID: f.Subject.TargetID,
		}
		p.Members = append(p.Members, f.Details.Members...)
		for _, d := range f.Details.Fields {
			p.Fields = append(p.Fields, d.Name)
		}
		slices.Sort(p.Members)
		slices.Sort(p.Fields)
		if w, ok := want[key(p)]; ok {
			if w.Confidence == "" {
				p.Confidence = ""
			}
			if w.Cause == "" {
				p.Cause = ""
			}
			if w.SourceID == "" {
				p.SourceID = "" // the truth names the records that the finding is about
			}
			if w.Kind == "group-renamed" && w.Fields == nil {
				p.Fields = nil
			}
			if w.Kind == "group-missing" && w.Members == nil {
				p.Members = nil
			}
		}
		out[key(p)] = p
	}
	return out
}

func wantTruth(t *testing.T, c checked, truth tenants.Truth) {
	t.Helper()
	want := wanted(truth)
	if diff := cmp.Diff(want, given(c.Findings, want)); diff != "" {
		t.Errorf("findings differ from the truth (-want +got):\n%s", diff)
	}
	totals := map[string]int{}
	for _, f := range c.Findings {
		totals[f.Kind]++
	}
	if diff := cmp.Diff(totals, c.Totals); diff != "" {
		t.Errorf("totals do not count the findings:\n%s", diff)
	}
}

// TestEveryScenarioEqualsItsTruth reads one tenant of each; those of other seeds, by rules too, are read in sync/load.
func TestEveryScenarioEqualsItsTruth(t *testing.T) {
	t.Parallel()
	for _, s := range tenants.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			world := sized(s.Name)
			tenant, err := tenants.Build(world)
			if err != nil {
				t.Fatal(err)
			}
			c, code := checkJSON(t, "--demo", "--scenario", s.Name, "--seed", "1", "--users", fmt.Sprint(world.Users),
				"--groups", fmt.Sprint(world.Groups))
			wantTruth(t, c, tenant.Truth)
			wantCode := exitDrift
			if s.Name == "clean" {
				wantCode = exitOK
			}
			if code != wantCode || !c.Complete {
				t.Errorf("exit %d, complete %v; want %d, true", code, c.Complete, wantCode)
			}
			if s.Name == "clean" && len(c.Findings) != 0 {
				t.Errorf("clean has findings: %v", c.Findings)
			}
		})
	}
}

// sized is a scenario's world, as large as the scenario says. The largest is a seventh of that: what its size shows,
// the tests of sync/load show at a larger one, against the truth too.
func sized(scenario string) tenants.Options {
	if scenario == "large" {
		return tenants.Options{Scenario: scenario, Seed: 1, Users: 1500, Groups: 60}
	}
	return tenants.Options{Scenario: scenario, Seed: 1}
}
