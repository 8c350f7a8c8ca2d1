package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

// TestATokensOwnDate: a token that is a JWT says itself when it ends. Doctor warns from thirty days before, and the
// board's header from seven.
func TestATokensOwnDate(t *testing.T) {
	t.Parallel()
	// given has the bench's services take a token that ends in so many days, and its configuration give it.
	given := func(days int) *lensBench {
		part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
		end := time.Now().Add(time.Duration(days)*24*time.Hour + time.Hour).Unix()
		token := part(`{"alg":"HS256"}`) + "." + part(fmt.Sprintf(`{"exp":%d}`, end)) + "." + part("signature")
		b := newLensBench(t, tenants.Options{Scenario: "clean", Seed: 3}, nil, func(text string) string {
			return strings.Replace(without("token_expires")(without("token")(text)), "dialect =",
				"token = \""+token+"\"\ndialect =", 1)
		})
		b.world.Lock()
		defer b.world.Unlock()
		b.world.Target.Tokens[0].Value = token
		return b
	}
	for days, result := range map[int]string{40: "fine", 20: "mend", 5: "mend"} {
		got, _ := doctorJSON(t, "--config", given(days).config, "--quiet")
		if check := got.check(t, "setup-token-age"); check.Result != result ||
			!strings.Contains(check.Seen, fmt.Sprintf("it ends in %d days, on ", days)) ||
			!strings.Contains(check.Seen, "(by the token's own date)") {
			t.Errorf("%d days: %+v", days, check)
		}
	}
	longTable(t)
	needTmux(t)
	for days, header := range map[int]string{8: "not see SCIM token ends", 5: "see SCIM token ends in 5 days"} {
		s := newStage(t)
		for _, line := range []string{
			"open 120x36 --config " + given(days).config, "line 1 complete", header, "press q",
		} {
			if err := s.do(line); err != nil {
				t.Fatalf("%s: %v\n%s", line, err, s.look())
			}
		}
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
				if u := src.Users[id]; app.SCIMToken != "" && u != nil && mail == "" && u.Status == 1 && u.State == 1 {
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

	off := newLensBench(t, options, nil, withoutLens)
	got, _ = doctorJSON(t, "--config", off.config, "--quiet")
	if diff := cmp.Diff([]string{"look", "look"}, results(got)); diff != "" {
		t.Errorf("without the lens (-want +got):\n%s", diff)
	}
}

const (
	samlAttributes = "https://aws.amazon.com/SAML/Attributes/"
	accessPrefix   = samlAttributes + "AccessControl:"
)

// attributeFaults is the made-up tenant in which attributes for access control have every fault, with the lens and
// without; bend changes its world.
func attributeFaults(t *testing.T, lens bool, bend func(*world.World)) *lensBench {
	t.Helper()
	var config func(string) string
	if !lens {
		config = withoutLens
	}
	b := newLensBench(t, tenants.Options{Scenario: "access-attributes", Seed: 3}, nil, config)
	if bend != nil {
		b.world.Lock()
		defer b.world.Unlock()
		bend(b.world)
	}
	return b
}

// TestDoctorNamesWhatIsWrongWithAnAttribute, each by its own name, in JSON and in text, with the lens and without, as
// AWS documents session tags; of two that differ in case only the second is wrong.
func TestDoctorNamesWhatIsWrongWithAnAttribute(t *testing.T) {
	t.Parallel()
	const (
		noKey = "has no key that AWS takes after the colon"
		noTag = "has a value that AWS takes for no tag"
	)
	want := map[string]string{ // what is wrong with each begins so
		accessPrefix + "COMPANY": "", accessPrefix + "Company": "is there twice but for case",
		accessPrefix + "Department": "", accessPrefix + "CostCenter": "", accessPrefix + "Site": "",
		accessPrefix + "AttributeName":       "still has the guide's AttributeName where the key belongs",
		samlAttributes + "PrincipalTag:Team": "is named PrincipalTag:, which is for IAM's own SAML federation",
		samlAttributes + "AccesControl:Team": "does not begin with exactly " + accessPrefix,
		accessPrefix + "aws:Team":            "has a key that begins with aws:",
		accessPrefix + "R&D":                 noKey, accessPrefix + strings.Repeat("k", 129): noKey,
		accessPrefix + "Region": noTag, accessPrefix + "Office": noTag,
		accessPrefix + "Apart": "is not included in the SAML assertion", accessPrefix + "Empty": "has no value",
	}
	for _, lens := range []bool{true, false} {
		b := attributeFaults(t, lens, nil)
		e, code := doctorJSON(t, "--config", b.config, "--quiet")
		check := e.check(t, "setup-access-attributes")
		if code != exitDrift || check.Result != "mend" || len(check.Attributes) != len(want) {
			t.Fatalf("exit %d: %+v", code, check)
		}
		text, _, _ := runCLI(t, "doctor", "--config", b.config, "--quiet")
		text = strings.Join(strings.Fields(text), " ")
		for _, a := range check.Attributes {
			begins, planted := want[a.FieldName]
			wrong := strings.Join(a.Wrong, "; ")
			if !planted || begins == "" && wrong != "" || !strings.HasPrefix(wrong, begins) {
				t.Errorf("%s: %q, want %q", a.FieldName, wrong, begins)
			}
			if said := strings.Replace(a.FieldName, samlAttributes, "…", 1) + " " + begins; begins != "" &&
				!strings.Contains(text, said) {
				t.Errorf("%q does not stand in the text:\n%s", said, text)
			}
			if a.Attribute == "department" && (len(a.WithoutValue) != 2 || len(a.UnfitValue) != 3) {
				t.Errorf("%s: no value for %q, none that AWS takes for %q", a.FieldName, a.WithoutValue, a.UnfitValue)
			}
		}
		for _, said := range []string{
			"department has no value for 2 users: ", "department " + noTag + " for 3 users: ",
		} {
			if strings.Count(text, said) != 1 {
				t.Errorf("%q does not stand in the text once:\n%s", said, text)
			}
		}
		enabled, asked := e.check(t, "setup-access-enabled"), e.check(t, "setup-access-conditions")
		if !lens {
			for _, c := range []checkSeen{enabled, asked} {
				if c.Result != "look" || !strings.Contains(c.Seen, "the AWS lens") {
					t.Errorf("without the lens: %+v", c)
				}
			}
			continue
		}
		if enabled.Result != "look" || !strings.Contains(enabled.Seen, "set on both sides: CostCenter: AWS puts the "+
			"value of its identity store in place of the assertion's") {
			t.Errorf("%+v", enabled)
		}
		if asked.Result != "mend" ||
			!strings.Contains(asked.Seen, "asked for and provided by nothing: Project by SecurityAudit") {
			t.Errorf("%+v", asked)
		}
	}
}

// TestDoctorOfAttributesThatAWSDoesNotTake: as a whole, for want of the feature at AWS or for their number.
func TestDoctorOfAttributesThatAWSDoesNotTake(t *testing.T) {
	t.Parallel()
	status := func(status, reason string) func(*world.World) {
		return func(w *world.World) { w.Target.AccessControl = &world.AccessControl{Status: status, Reason: reason} }
	}
	for name, c := range map[string]struct {
		bend             func(*world.World)
		id, result, seen string
	}{
		"never enabled": {
			func(w *world.World) { w.Target.AccessControl = nil }, "setup-access-enabled", "mend",
			"Attributes for access control is not enabled at AWS, and OneLogin sends 15 attributes",
		},
		"failed": {
			status("CREATION_FAILED", "no quota left"), "setup-access-enabled", "mend",
			"AWS could not enable it: no quota left",
		},
		"failed, asked for": {
			status("CREATION_FAILED", ""), "setup-access-conditions", "mend", "Department by PowerUserAccess",
		},
		"on its way": {
			status("CREATION_IN_PROGRESS", ""), "setup-access-enabled", "look",
			"AWS says CREATION_IN_PROGRESS of it",
		},
		"too many": {
			func(w *world.World) {
				for _, app := range w.Source.Apps {
					for n := range 50 {
						app.Parameters = append(app.Parameters, world.Parameter{
							Key: accessPrefix + "Tag" + strconv.Itoa(n), UserAttributeMappings: "company",
							IncludeInSAMLAssertion: true,
						})
					}
				}
			}, "setup-access-attributes", "mend", "56 attributes are sent, and AWS takes 50 tags at most",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := attributeFaults(t, true, c.bend)
			e, code := doctorJSON(t, "--config", b.config, "--quiet")
			if check := e.check(t, c.id); code != exitDrift || check.Result != c.result ||
				!strings.Contains(check.Seen, c.seen) {
				t.Errorf("exit %d: %+v", code, check)
			}
		})
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
