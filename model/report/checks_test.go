package report

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

func someChecks() []model.Check {
	return []model.Check{
		{ID: model.SetupTargetToken, Result: model.CheckFine, Seen: "the target accepts the token"},
		{
			ID: model.SetupProvisioningOff, Seen: "the OneLogin app could not be read: 403", Todo: "Mend that first.",
			Menu: "OneLogin > the app",
		},
		{
			ID: model.SetupGroupsNotIncluded, Result: model.CheckMend,
			Seen: "the Groups parameter is not included in user provisioning: OneLogin pushes no group",
			Todo: `Open the Groups parameter, tick "Include in User Provisioning", save, and reapply the entitlement ` +
				`mappings.`,
			Menu: "OneLogin > Applications > the app > Parameters",
			Link: "https://acme.onelogin.com/apps/500001/edit/" + strings.Repeat("x", 60),
		},
		{
			ID: model.SetupUserNameCase, Result: model.CheckLook, Seen: "1 userName differs: \x1b[2J\u202eana\nforged",
			Todo: "Look.",
		},
	}
}

func TestChecksInText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksText(&out, "prod\x07", someChecks(), nil); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/checks.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range out.String() {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%U got through", r)
		}
	}
	var coloured bytes.Buffer
	if err := ChecksText(&coloured, "prod", someChecks(), marked); err != nil ||
		!strings.Contains(coloured.String(), "<6<4To mend>>") {
		t.Errorf("no colour: %v\n%s", err, coloured.String())
	}
}

// marked shows the role of a text.
func marked(of Role, text string) string { return fmt.Sprintf("<%d%s>", of, text) }

func TestChecksInJSONAreAsDocumented(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksJSON(&out, "prod", someChecks()[3:]); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"schema": 1.0, "connection": "prod", "checks": []any{map[string]any{
		"id": "setup-user-name-case", "result": "look", "seen": "1 userName differs: \x1b[2J\u202eana\nforged",
		"todo": "Look.", "link": "", "menu": "",
	}}}
	if diff := cmp.Diff(any(want), parse(t, out.String())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	out.Reset()
	if err := ChecksJSON(&out, "prod", nil); err != nil || !strings.Contains(out.String(), `"checks": []`) {
		t.Errorf("no checks are no list: %v %s", err, out.String())
	}
}

func TestEveryCheckHasATitle(t *testing.T) {
	t.Parallel()
	titles := map[string]model.Kind{}
	for _, id := range model.SetupKinds() {
		title := explain.CheckTitle(id)
		if title == string(id) || titles[title] != "" {
			t.Errorf("%s is titled %q", id, title)
		}
		titles[title] = id
	}
}

func attributeCheck() model.Check {
	return model.Check{
		ID: model.SetupAccessAttributes, Result: model.CheckLook, Seen: "no value for 1 user", Todo: "Fill it.",
		Attributes: []model.AccessAttribute{
			{
				Name: "https://aws.amazon.com/SAML/Attributes/AccessControl:Team", Key: "Team", Behind: "department",
				InAssertion: model.Yes,
				Without:     []string{"ana\x1b[2J@corp.example"}, Unread: 3,
			},
			{
				Name: "AccessControl:Cost", Behind: "{a}{b}", InAssertion: model.No, Untold: "a macro",
				Wrong: []string{"is wrong"},
			},
		},
	}
}

func TestTheTableOfAttributesInText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksText(&out, "prod", []model.Check{attributeCheck()}, nil); err != nil {
		t.Fatal(err)
	}
	const want = `
      Field name           Tag key  Taken from  Flag  Sent  No value
      …AccessControl:Team  Team     department  yes   yes   1 + 3 ?
      AccessControl:Cost   none     {a}{b}      no    no    ?
      AccessControl:Cost is wrong
      department has no value for 1 user: ana<U+001B>[2J@corp.example
      department of 3 users was not read
      who has no value of {a}{b} is not known: a macro
`
	if !strings.Contains(out.String(), want) {
		t.Errorf("got\n%s\nwant%s", out.String(), want)
	}
}

func TestTheTableOfAttributesInJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksJSON(&out, "prod", []model.Check{attributeCheck()}); err != nil {
		t.Fatal(err)
	}
	got := parse(t, out.String()).(map[string]any)["checks"].([]any)[0].(map[string]any)["attributes"]
	want := []any{
		map[string]any{
			"field_name": "https://aws.amazon.com/SAML/Attributes/AccessControl:Team", "tag_key": "Team",
			"onelogin_attribute": "department",
			"flag":               "yes", "in_assertion": "yes", "without_value": []any{"ana\x1b[2J@corp.example"},
			"unfit_value": []any{}, "unread": 3.0, "wrong": []any{},
		},
		map[string]any{
			"field_name": "AccessControl:Cost", "tag_key": "", "onelogin_attribute": "{a}{b}", "flag": "no",
			"in_assertion":  "no",
			"without_value": []any{}, "unfit_value": []any{}, "unread": nil, "wrong": []any{"is wrong"},
		},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
