package report

import (
	"bytes"
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
		{ID: model.SetupProvisioningOff, Seen: "the OneLogin app could not be read: 403", Todo: "Mend that first.", Menu: "OneLogin > the app"},
		{
			ID: model.SetupGroupsNotIncluded, Result: model.CheckMend, Seen: "the Groups parameter is not included in user provisioning: OneLogin pushes no group",
			Todo: `Open the Groups parameter, tick "Include in User Provisioning", save, and reapply the entitlement mappings.`,
			Menu: "OneLogin > Applications > the app > Parameters", Link: "https://acme.onelogin.com/apps/500001/edit/" + strings.Repeat("x", 60),
		},
		{ID: model.SetupUserNameCase, Result: model.CheckLook, Seen: "1 userName differs: \x1b[2J\u202eana\nforged", Todo: "Look."},
	}
}

func TestChecksInText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksText(&out, "prod\x07", someChecks(), false); err != nil {
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
	if err := ChecksText(&coloured, "prod", someChecks(), true); err != nil || !strings.Contains(coloured.String(), "\x1b[1;31mTo mend\x1b[0m") {
		t.Errorf("no colour: %v\n%s", err, coloured.String())
	}
}

func TestChecksInJSONAreAsDocumented(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ChecksJSON(&out, "prod", someChecks()[3:]); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"schema": 1.0, "connection": "prod", "checks": []any{map[string]any{
		"id": "setup-user-name-case", "result": "look", "seen": "1 userName differs: \x1b[2J\u202eana\nforged", "todo": "Look.", "link": "", "menu": "",
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
