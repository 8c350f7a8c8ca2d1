package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// TestDoctorTellsWhenTheTokenEnds: from thirty days before; the token stands in no file of the state folder, and is
// known again.
func TestDoctorTellsWhenTheTokenEnds(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC()
	ends := func(days int) func(string) string {
		return func(text string) string {
			return strings.Replace(without("token_expires")(text), "dialect =",
				"token_expires = "+day.AddDate(0, 0, days).Format(time.DateOnly)+"\ndialect =", 1)
		}
	}
	for name, c := range map[string]struct {
		bend         func(string) string
		result, seen string
	}{
		"far":                {ends(40), "fine", "target.token_expires"},
		"soon":               {ends(20), "mend", "it ends in 19 days"},
		"said by nothing":    {without("token_expires"), "look", "at the latest"},
		"over, but accepted": {ends(-3), "look", "accepts it still"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, tenants.Options{Scenario: "clean", Seed: 3}, nil, c.bend)
			got, _ := doctorJSON(t, "--config", b.config, "--quiet")
			if check := got.check(t, "setup-token-age"); check.Result != c.result ||
				!strings.Contains(check.Seen, c.seen) {
				t.Errorf("%+v", check)
			}
		})
	}
}

// TestDoctorShowsWhoLacksAnAttribute, with the lens on and off, and says what it does not know.
func TestDoctorShowsWhoLacksAnAttribute(t *testing.T) {
	t.Parallel()
	options := tenants.Options{Scenario: "clean", Seed: 3}
	empty := func(b *lensBench) (mail string) {
		b.world.Lock()
		defer b.world.Unlock()
		src := &b.world.Source
		for _, app := range src.Apps {
			for id := range src.Assigned(app.ID) {
				if u := src.Users[id]; app.SCIMToken != "" && u != nil && mail == "" && u.Status == 1 {
					u.Department, mail = "", u.Email
				}
			}
		}
		return mail
	}
	on := newLensBench(t, options, nil, nil)
	mail := empty(on)
	got, code := doctorJSON(t, "--config", on.config, "--quiet")
	table := got.check(t, "setup-access-attributes")
	if code != exitOK || table.Result != "look" || len(table.Attributes) != 2 {
		t.Fatalf("exit %d: %+v", code, table)
	}
	for _, a := range table.Attributes {
		want := []string{}
		if a.TagKey == "Department" {
			want = []string{mail}
		}
		if diff := cmp.Diff(want, a.WithoutValue); diff != "" || a.Flag != "yes" || a.InAssertion != "yes" ||
			a.Unread == nil || *a.Unread != 0 {
			t.Errorf("%+v (-want +got):\n%s", a, diff)
		}
	}
	results := func(e examined) []string {
		return []string{e.check(t, "setup-access-enabled").Result, e.check(t, "setup-access-conditions").Result}
	}
	if diff := cmp.Diff([]string{"fine", "fine"}, results(got)); diff != "" {
		t.Errorf("with the lens (-want +got):\n%s", diff)
	}

	on.world.Lock()
	on.world.Target.AccessControl = &world.AccessControl{
		Status:     "ENABLED",
		Attributes: []world.AccessAttribute{{Key: "department", Sources: []string{"${path:enterprise.department}"}}},
	}
	on.world.Unlock()
	got, code = doctorJSON(t, "--config", on.config, "--quiet")
	if diff := cmp.Diff([]string{"look", "mend"}, results(got)); diff != "" || code != exitDrift {
		t.Errorf("both sides set a key, and nothing provides CostCenter: exit %d (-want +got):\n%s", code, diff)
	}
	if said := got.check(t, "setup-access-conditions").Seen; !strings.Contains(said, "CostCenter by ") {
		t.Error(said)
	}

	denied := []string{"sso:DescribeInstanceAccessControlAttributeConfiguration", "sso:GetInlinePolicyForPermissionSet"}
	on.AWS.SetKnobs(simaws.Knobs{Deny: denied})
	got, _ = doctorJSON(t, "--config", on.config, "--quiet")
	for i, id := range []string{"setup-access-enabled", "setup-access-conditions"} {
		if check := got.check(t, id); check.Result != "unknown" || !strings.Contains(check.Seen, denied[i]) {
			t.Errorf("%s: %+v", id, check)
		}
	}
	if check := got.check(t, "setup-dangling-assignments"); check.Result != "fine" {
		t.Errorf("what was denied took more with it: %+v", check)
	}

	off := newLensBench(t, options, nil, func(text string) string {
		head, rest, _ := strings.Cut(text, "[connections.sim.aws]")
		_, groups, _ := strings.Cut(rest, "[connections.sim.groups]")
		return head + "[connections.sim.groups]" + groups
	})
	got, _ = doctorJSON(t, "--config", off.config, "--quiet")
	if diff := cmp.Diff([]string{"look", "look"}, results(got)); diff != "" {
		t.Errorf("without the lens (-want +got):\n%s", diff)
	}
}

// TestDoctorNamesWhatIsWrongWithAnAttribute, each by its own name, as AWS documents session tags; of two that differ in
// case only the second is wrong.
func TestDoctorNamesWhatIsWrongWithAnAttribute(t *testing.T) {
	t.Parallel()
	const prefix = "https://aws.amazon.com/SAML/Attributes/AccessControl:"
	faults := []struct {
		name, value, wrong string
		left               bool
	}{
		{name: prefix + "TEAM"},
		{name: prefix + "Team", wrong: "is there twice but for case"},
		{name: prefix + "AttributeName", wrong: "still has the guide's AttributeName where the key belongs"},
		{name: "https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team", wrong: "is named PrincipalTag:"},
		{name: "https://aws.amazon.com/SAML/Attributes/AccesControl:Team", wrong: "does not begin with exactly " +
			prefix},
		{name: prefix + "Aws:Team", wrong: "begins with aws:"},
		{name: prefix + "R&D", wrong: "has no key that AWS takes"},
		{name: prefix + strings.Repeat("k", 129), wrong: "has no key that AWS takes"},
		{name: prefix + "Valued", value: "aws:ops", wrong: "has a value that AWS takes for no tag"},
		{name: prefix + "Long", value: strings.Repeat("v", 257), wrong: "has a value that AWS takes for no tag"},
		{name: prefix + "Left", left: true, wrong: "is not included in the SAML assertion"},
	}
	tenant := build(t, "clean")
	app := tenant.World.Source.Apps[tenant.AppID]
	for _, f := range faults {
		p := world.Parameter{
			Key: f.name, Label: "x", UserAttributeMappings: "department",
			IncludeInSAMLAssertion: !f.left,
		}
		if f.value != "" {
			text, err := json.Marshal(f.value)
			if err != nil {
				t.Fatal(err)
			}
			p.UserAttributeMappings, p.Values = "", text
		}
		app.Parameters = append(app.Parameters, p)
	}
	got, code := doctorJSON(t, "--config", serve(t, tenant, &faulty{}))
	check := got.check(t, "setup-access-attributes")
	if code != exitDrift || check.Result != "mend" {
		t.Fatalf("exit %d: %+v", code, check)
	}
	for _, f := range faults {
		i := slices.IndexFunc(check.Attributes, func(a attributeSeen) bool { return a.FieldName == f.name })
		if i < 0 {
			t.Errorf("%s is not in the table", f.name)
			continue
		}
		wrong := strings.Join(check.Attributes[i].Wrong, "; ")
		if f.wrong == "" && wrong != "" || !strings.Contains(wrong, f.wrong) {
			t.Errorf("%s: %q, want %q", f.name, wrong, f.wrong)
		}
	}
}

// TestATokenIsRememberedByAMark: the second read finds the first one's day, and the token is nowhere on disk.
func TestATokenIsRememberedByAMark(t *testing.T) {
	t.Parallel()
	b := newLensBench(t, tenants.Options{Scenario: "clean", Seed: 3}, nil, without("token_expires"))
	out, code := b.command(t.Context(), nil, "doctor", "-o", "json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, out)
	}
	files, err := filepath.Glob(filepath.Join(b.state, "*", "token.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	var kept struct {
		Token struct {
			Seen []struct{ First time.Time }
		}
	}
	text, err := os.ReadFile(files[0])
	if err != nil || json.Unmarshal(text, &kept) != nil || len(kept.Token.Seen) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	b.world.Lock()
	token := b.world.Target.Tokens[0].Value
	b.world.Unlock()
	if strings.Contains(string(text), token[:20]) {
		t.Error("the token is on disk")
	}
	earlier := kept.Token.Seen[0].First.AddDate(0, 0, -100)
	aged := strings.Replace(string(text), kept.Token.Seen[0].First.Format(time.RFC3339Nano),
		earlier.Format(time.RFC3339Nano), 1)
	if aged == string(text) {
		t.Fatalf("the day is not where it was: %s", text)
	}
	if err := os.WriteFile(files[0], []byte(aged), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ = b.command(t.Context(), nil, "doctor", "-o", "json")
	var e examined
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if check := e.check(t, "setup-token-age"); !strings.Contains(check.Seen, "100 days ago") ||
		slices.Contains(e.mends(), "setup-token-age") {
		t.Errorf("%+v", check)
	}
}
