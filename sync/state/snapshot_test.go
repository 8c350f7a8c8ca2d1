package state_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
	"github.com/scimdrift/scimdrift/sync/transport"
)

var at = time.Date(2026, 11, 23, 8, 0, 0, 123456789, time.UTC)

// read serves a tenant over HTTP and reads it with the real adapters.
func read(t *testing.T, tenant *tenants.Tenant, from string) (*drift.Comparison, state.Snapshot) {
	t.Helper()
	knobs := simscim.Current().Unlimited()
	server, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true,
		OneLogin: simonelogin.Knobs{HourlyLimit: -1}, SCIM: &knobs,
	})
	must(t, err)
	defer server.Close()
	c, target := tenant.World.Source.Credentials[0], tenant.World.Target
	src, err := onelogin.New(onelogin.Options{
		URL: server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
	})
	must(t, err)
	defer src.Close()
	tgt, err := scim.New(scim.Options{
		URL: server.URL() + "/" + target.TenantID + "/scim/v2", Token: target.Tokens[0].Value,
		RateShare: scim.Unlimited,
		HTTP:      transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	})
	must(t, err)
	defer tgt.Close()
	opts := drift.Options{
		Groups: rules.GroupsConfig{
			From: from, Roles: regexp.MustCompile(tenants.RolesPattern), Ignore: []string{"AWSControlTower*"},
		},
		Fields: model.FieldSetOf(model.Fields()...), Nudge: true,
		Facts: model.Facts{TargetURL: server.URL() + "/" + target.TenantID + "/scim/v2", Source: model.Service{
			Answered: true, Refusals: []model.Refusal{{What: "app rules", Scope: "Read all", Status: 403}},
		}},
	}
	loader := load.New(src, tgt, load.Options{
		Options: opts, TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: time.Now, Logins: src,
		Observer: load.NewObserver(opts.Facts, func(string) (string, string) { return "", "" }),
	})
	got, err := loader.Load(t.Context(), drift.Watch{})
	must(t, err)
	reading, _, _ := loader.Kept()
	return got, snapshot(reading, opts)
}

func snapshot(r model.Reading, o drift.Options) state.Snapshot {
	return state.Snapshot{
		Schema: state.SnapshotSchema, Connection: "prod", Fingerprint: "0123", Version: "1.2.3",
		SavedAt: at, Options: o, Reading: r,
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func save(t *testing.T, s state.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, s.Save(&b))
	return b.Bytes()
}

// kept keeps a reading and gives it back.
func kept(t *testing.T, r model.Reading) model.Reading {
	t.Helper()
	store := state.Open(statetest.New(1), "/state", "0123")
	must(t, store.KeepReading(state.Kept{Reading: r, Groups: "digest"}))
	got, err := store.Reading()
	must(t, err)
	if got == nil || got.Groups != "digest" {
		t.Fatal("nothing is kept")
	}
	return got.Reading
}

// TestASnapshotGivesTheSameFindings saves and opens tenants of every scenario, and bent in every way.
func TestASnapshotGivesTheSameFindings(t *testing.T) {
	cases := map[string]*tenants.Tenant{}
	for i, s := range tenants.Scenarios() {
		tenant, err := tenants.Build(tenants.Options{
			Scenario: s.Name, Seed: uint64(i), Users: min(s.Users, 80),
			Groups: min(s.Groups, 24),
		})
		must(t, err)
		cases[s.Name] = tenant
	}
	for i, bend := range tenants.Drifts() {
		tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: uint64(i) + 100, Users: 60, Groups: 10})
		must(t, err)
		bend.Apply(tenant, rand.New(rand.NewPCG(uint64(i), 1)))
		cases["bend "+strconv.Itoa(i)] = tenant
	}
	findings := 0
	for name, tenant := range cases {
		for _, from := range []string{"auto", "roles"} {
			want, snap := read(t, tenant, from)
			content := save(t, snap)
			for _, secret := range []string{
				tenant.World.Source.Credentials[0].ClientSecret, tenant.World.Target.Tokens[0].Value, "Bearer",
				"uthorization",
			} {
				if bytes.Contains(content, []byte(secret)) {
					t.Errorf("%s: the snapshot holds %q", name, secret)
				}
			}
			s, err := state.ReadSnapshot(bytes.NewReader(content))
			must(t, err)
			again := kept(t, snap.Reading)
			for n := range 4 { // comparing changes nothing in it
				got := s.Compare()
				if n%2 == 1 {
					got = setup.CompareReading(&again, nil, snap.Options)
				}
				if diff := cmp.Diff(want.Findings, got.Findings, cmpopts.EquateEmpty(),
					cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
					t.Fatalf("%s, %s: findings differ (-want +got):\n%s", name, from, diff)
				}
				if diff := cmp.Diff(want.Checks, got.Checks); diff != "" {
					t.Fatalf("%s, %s: checks differ (-want +got):\n%s", name, from, diff)
				}
				if diff := cmp.Diff([]any{want.UnsettledByReason(), want.Users, want.Groups},
					[]any{got.UnsettledByReason(), got.Users, got.Groups}, cmpopts.EquateEmpty(),
					cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
					t.Fatalf("%s, %s: pairs differ (-want +got):\n%s", name, from, diff)
				}
			}
			if again := save(t, *s); !bytes.Equal(content, again) {
				t.Errorf("%s, %s: saved again it is another file", name, from)
			}
			findings += len(want.Findings)
		}
	}
	if findings < 100 {
		t.Errorf("only %d findings were compared", findings)
	}
}

// filler sets every field there is to something else.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = at.Add(time.Duration(f.n) * time.Second)
		return
	case *json.RawMessage:
		*x = json.RawMessage(`{"n":` + strconv.Itoa(f.n) + `}`)
		return
	case **regexp.Regexp:
		*x = regexp.MustCompile("^aws-" + strconv.Itoa(f.n))
		return
	case *model.Tri:
		*x = model.Tri(1 + f.n%2)
		return
	case *model.FieldSet:
		*x = model.FieldSetOf(model.FieldEmails)
		return
	case *model.Coverages, *model.Replies:
		return // the caller's
	case *model.PartTimes:
		*x = model.AllAt(at.Add(time.Duration(f.n) * time.Second))
		return
	case *model.Group: // what a target's has
		*x = model.Group{
			ID: "g", ExternalID: "7", Name: "a\x1b", CreatedBy: "scim", MembersUnknown: "lost",
			MembersHidden: true,
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		f.fill(value)
		v.SetMapIndex(reflect.ValueOf("k"), value)
	case reflect.String:
		v.SetString("<x\x00é\u202e" + strconv.Itoa(f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Func:
	default:
		panic("a kind of field that the test does not know: " + v.Type().String())
	}
}

// TestEveryFieldIsKept fails when a field is added to a record and not to what is kept of it.
func TestEveryFieldIsKept(t *testing.T) {
	var f filler
	var want model.Reading
	var opts drift.Options
	f.fill(reflect.ValueOf(&want).Elem())
	f.fill(reflect.ValueOf(&opts).Elem())
	opts.Locate, opts.Facts = nil, model.Facts{} // the reading has the facts
	var answer model.Reply
	f.fill(reflect.ValueOf(&answer).Elem())
	want.Replies = model.Replies{
		{Kind: model.AskRole, ID: "1", ExternalID: "x"}: answer,
		// no roles, which is not unknown
		{Kind: model.AskUser, ID: "1"}: {User: model.User{RoleIDs: []string{}}},
		{Kind: model.AskUser, ID: "2"}: {},
	}
	states := []model.Coverage{
		model.CompleteCoverage(), model.PartialCoverage("cut: twice"), model.UnknownCoverage("refused"),
		model.SkippedCoverage(),
		{},
	}
	for i, p := range model.SourceParts() {
		want.Source.Coverage[p], want.Target.Coverage[p] = states[i], states[len(states)-1-i]
	}
	want.Source.Users[1].Attributes.Names = want.Source.Users[0].Attributes.Names
	want.Target.Members[0].IDs = []string{want.Target.Users[1].ID, "a stranger", want.Target.Users[0].ID}
	want.Target.Members[1].IDs = []string{}

	snap := snapshot(want, opts)
	s, err := state.ReadSnapshot(bytes.NewReader(save(t, snap)))
	must(t, err)
	for i := range want.Source.App.Parameters {
		if p := &want.Source.App.Parameters[i]; p.InAssertion != model.Yes {
			p.Value = "(not kept)"
		}
		want.Source.App.Parameters[i].Defaults, want.Source.App.Parameters[i].Values = nil, nil
	}
	pattern := cmp.Comparer(func(a, b *regexp.Regexp) bool { return a.String() == b.String() })
	clock := cmp.Comparer(time.Time.Equal)
	if diff := cmp.Diff(snapshot(want, opts), *s, pattern, clock); diff != "" {
		t.Errorf("the snapshot differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, kept(t, snap.Reading), clock); diff != "" {
		t.Errorf("what is kept differs (-want +got):\n%s", diff)
	}
}

func TestNothingAbsentBecomesSomething(t *testing.T) {
	none := model.Reading{}
	empty := model.Reading{
		Source: model.SourceReading{
			SideReading: model.SideReading{Users: []model.User{}}, App: model.App{RoleIDs: []string{}},
			Entitlements: []string{}, Logins: map[string]model.Login{},
			Roles: []model.Role{{Users: model.MemberList{IDs: []string{}}}, {}},
		},
		Target: model.TargetReading{
			SideReading: model.SideReading{Users: []model.User{{RoleIDs: []string{}}, {}}}, Groups: []model.Group{},
			Members:     []model.MemberList{{IDs: []string{}, Dangling: []string{}}, {}},
			Assignments: map[string]model.Assigned{},
		},
	}
	for _, want := range []model.Reading{none, empty} {
		s, err := state.ReadSnapshot(bytes.NewReader(save(t, snapshot(want, drift.Options{}))))
		must(t, err)
		if diff := cmp.Diff(want, s.Reading); diff != "" {
			t.Errorf("the snapshot differs (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, kept(t, want)); diff != "" {
			t.Errorf("what is kept differs (-want +got):\n%s", diff)
		}
	}
}

func TestTheAppsSecretsStayOut(t *testing.T) {
	r := model.Reading{Source: model.SourceReading{App: model.App{
		ID: "1",
		Parameters: []model.Parameter{
			{Key: "api", Value: "hunter2"},
			{Key: "apart", Value: "hunter2", InAssertion: model.No},
			{Key: "group_api", Value: "hunter2", Defaults: []string{"hunter2"}, Values: []string{"hunter2"}},
			{Key: "sent", Value: "everybody's", InAssertion: model.Yes},
			{Key: "x", Label: "Groups", Value: "hunter2", Defaults: []string{"a"}, Values: []string{"b"}},
		},
	}}}
	disk := statetest.New(1)
	must(t, state.Open(disk, "/state", "0123").KeepReading(state.Kept{Reading: r}))
	reading, err := disk.ReadFile("/state/0123/reading")
	must(t, err)
	for name, content := range map[string][]byte{
		"snapshot": save(t, snapshot(r, drift.Options{})),
		"reading":  reading,
	} {
		if bytes.Contains(content, []byte("hunter2")) {
			t.Errorf("a secret of the app is in the %s: %s", name, content)
		}
		if !bytes.Contains(content, []byte("everybody's")) {
			t.Errorf("what is in the assertion is not in the %s: %s", name, content)
		}
		if !bytes.Contains(content, []byte(`"defaults":["a"],"values":["b"]`)) {
			t.Errorf("the default groups are not in the %s: %s", name, content)
		}
	}
}

func TestWhatIsNoSnapshot(t *testing.T) {
	var r model.Reading
	r.Source.Coverage[model.PartUsers] = model.CompleteCoverage()
	good := string(save(t, snapshot(r, drift.Options{})))
	for name, c := range map[string]struct{ content, want string }{
		"empty":        {"", "no snapshot"},
		"another file": {`{"schema":1}`, "make one with scimdrift snapshot save"},
		"text":         {"hello", "no snapshot"},
		"cut short":    {good[:len(good)/2], "cut short"},
		"two of them":  {good + good, "damaged"},
		"newer": {
			strings.Replace(good, `"scimdrift_snapshot":4`, `"scimdrift_snapshot":5`, 1),
			"open it with the one that saved it",
		},
		"an unknown key": {strings.Replace(good, `"connection"`, `"more":1,"connection"`, 1), "unknown field"},
		"older": {
			strings.Replace(good, `"scimdrift_snapshot":4`, `"scimdrift_snapshot":2`, 1),
			"open it with the one that saved it",
		},
		"wrong coverage":  {strings.Replace(good, `"users":"complete"`, `"users":"good"`, 1), `"good" is no coverage`},
		"a strange part":  {strings.Replace(good, `"users":"complete"`, `"shoes":"complete"`, 1), `no part "shoes"`},
		"a bad pattern":   {strings.Replace(good, `"roles":null`, `"roles":"("`, 1), "error parsing regexp"},
		"a strange field": {strings.Replace(good, `"fields":[]`, `"fields":["shoe size"]`, 1), "shoe size"},
	} {
		if c.content == good {
			t.Fatal(name, ": the test changes nothing")
		}
		if s, err := state.ReadSnapshot(strings.NewReader(c.content)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}
