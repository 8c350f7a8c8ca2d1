package load_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/requests"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// longTable leaves a test out of a short run, which is one under the race detector: its rows start the same
// goroutines as the tests that stay.
func longTable(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a long table; go test has it without -short")
	}
}

// bed is a tenant served over HTTP and a loader that reads it with the real adapters.
type bed struct {
	tenant *tenants.Tenant
	server *sim.Server
	source *onelogin.Client
	target *scim.Client
	// options are those of loader.
	options load.Options
	loader  *load.Loader
}

// lay serves a tenant; the knobs are those of the SCIM side. The caller calls close.
func lay(t *testing.T, f tester, tenant *tenants.Tenant, knobs simscim.Knobs) *bed {
	f.Helper()
	b := &bed{tenant: tenant}
	var err error
	b.server, err = sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true,
		OneLogin: simonelogin.Knobs{HourlyLimit: -1}, SCIM: &knobs,
	})
	if err != nil {
		f.Fatal(err)
	}
	c := tenant.World.Source.Credentials[0]
	if b.source, err = onelogin.New(onelogin.Options{
		URL: b.server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
		HTTP: transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	}); err != nil {
		f.Fatal(err)
	}
	if b.target, err = scim.New(scim.Options{
		URL:       b.server.URL() + "/" + tenant.World.Target.TenantID + "/scim/v2",
		Token:     tenant.World.Target.Tokens[0].Value,
		RateShare: scim.Unlimited,
		HTTP:      transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	}); err != nil {
		f.Fatal(err)
	}
	b.options = load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: time.Now,
	}
	b.loader = load.New(b.source, b.target, b.options)
	return b
}

func (b *bed) close() {
	b.source.Close()
	b.target.Close()
	_ = b.server.Close() // it served this test only
}

func (b *bed) load(t *testing.T, f tester) *drift.Comparison {
	f.Helper()
	c, err := b.loader.Load(t.Context(), drift.Watch{})
	if err != nil {
		f.Fatal(err)
	}
	return c
}

func complete(c *drift.Comparison) bool {
	return c.Source.Coverage.Complete(model.SourceParts()) && c.Target.Coverage.Complete(model.TargetParts())
}

// plain is a finding as the truth states it; what the truth leaves open is left out on both sides.
type plain struct {
	Kind, Subject, Severity, Confidence, Cause, SourceID, TargetID string
	Members, Fields                                                []string
}

func key(kind, subject, targetID string) string { return kind + " " + subject + " " + targetID }

// wanted is the truth without what only the AWS lens, the rules or the set-up checks show.
func wanted(truth tenants.Truth) map[string]plain {
	out := map[string]plain{}
	for _, f := range truth {
		if f.SubjectType != "user" && f.SubjectType != "group" {
			continue
		}
		p := plain{f.Kind, f.Subject, f.Severity, f.Confidence, f.Cause, f.SourceID, f.TargetID, f.Members, f.Fields}
		if p.Kind == string(model.GroupLingering) && p.Severity == model.Critical.String() {
			p.Severity = model.High.String() // account assignments are seen through the lens
		}
		out[key(p.Kind, p.Subject, p.TargetID)] = p
	}
	return out
}

func given(c *drift.Comparison, want map[string]plain) map[string]plain {
	out := map[string]plain{}
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Subject.Type != model.SubjectUser && f.Subject.Type != model.SubjectGroup {
			continue // of rules and the set-up the truth of a bend says nothing
		}
		p := plain{
			Kind: string(f.Kind), Subject: f.Subject.Name, Severity: f.Severity.String(),
			Confidence: f.Confidence.String(),
			Cause:      string(f.Cause), SourceID: f.Subject.SourceID, TargetID: f.Subject.TargetID,
			Members: slices.Clone(f.Members),
		}
		for _, d := range f.Fields {
			p.Fields = append(p.Fields, d.Name)
		}
		slices.Sort(p.Members)
		slices.Sort(p.Fields)
		id := key(p.Kind, p.Subject, p.TargetID)
		w := want[id]
		for _, open := range []struct {
			want string
			got  *string
		}{{w.Confidence, &p.Confidence}, {w.Cause, &p.Cause}, {w.SourceID, &p.SourceID}} {
			if open.want == "" {
				*open.got = ""
			}
		}
		if f.Kind == model.GroupMissing && w.Members == nil {
			p.Members = nil
		}
		if f.Kind == model.GroupRenamed && w.Fields == nil {
			p.Fields = nil
		}
		out[id] = p
	}
	return out
}

// wantTruth holds a complete comparison against the truth.
// A comparison that spent its budget of direct questions may be less certain of some of them.
func wantTruth(f tester, c *drift.Comparison, truth tenants.Truth, spent bool) {
	f.Helper()
	want := wanted(truth)
	got := given(c, want)
	for id, p := range got {
		if w, ok := want[id]; ok && spent && p.Confidence == model.Likely.String() &&
			w.Confidence == model.Certain.String() {
			p.Confidence = w.Confidence
			got[id] = p
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("findings differ from the truth (-want +got):\n%s", diff)
	}
	if !complete(c) {
		f.Errorf("not complete:\nsource %v\ntarget %v", c.Source.Coverage, c.Target.Coverage)
	}
}

// wantNothingFalse holds an incomplete comparison against the truth: it may say less, never anything else. Only the
// proof that a group was provisioned may be among what was not read.
func wantNothingFalse(f tester, c *drift.Comparison, truth tenants.Truth) {
	f.Helper()
	want := wanted(truth)
	for id, p := range given(c, want) {
		if _, ok := want[id]; !ok && p.Kind != string(model.GroupUnclaimed) {
			f.Errorf("not true: %+v\nsource %v\ntarget %v", p, c.Source.Coverage, c.Target.Coverage)
		}
	}
}

// eventQueries are the questions to the log, without the pages that follow.
func eventQueries(requests []requests.Request) (queries []string) {
	for _, r := range requests {
		if strings.HasPrefix(r.Path, "/api/1/events") && !strings.Contains(r.Query, "after_cursor") {
			queries = append(queries, r.Query)
		}
	}
	return queries
}
