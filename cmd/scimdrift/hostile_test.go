package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// hostile are names that a stranger could choose; every one is allowed by one service or the other.
func hostile() []string {
	return []string{
		"\x1b[31mred\x1b[0m", "title\x1b]0;owned\x07", "line\nfeed\r\nforged  critical", "tab\tbed",
		"\u202eesrever\u202c", "\u2066isolated\u2069",
		"zero\u200bwidth", "=cmd|' /C calc'!A0", "| pipe | table |", "<img src=x onerror=alert(1)>",
		"[link](https://example.com)",
		"`code`", "ﷺ wide 漢字 🧑‍🚀", strings.Repeat("long", 250), "\u009b31mC1", "quote\"s, comma", "percent%41",
		"back\\slash", "\u0301mark",
	}
}

func TestHostileNamesAreRawInJSONAndHarmlessElsewhere(t *testing.T) {
	t.Parallel()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	w := tenant.World
	w.Lock()
	for i, name := range hostile() {
		w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: name, ExternalID: "x" + string(rune('a'+i))})
		u := &world.TargetUser{
			ID: w.NewUUID(), UserName: name + "@x", DisplayName: name, GivenName: name,
			FamilyName: name, Active: true,
		}
		w.Target.AddUser(u)
	}
	w.Unlock()
	path := serve(t, tenant, &faulty{})

	c, code := checkJSON(t, "--config", path)
	if code != exitDrift {
		t.Errorf("exit %d", code)
	}
	for _, name := range hostile() {
		for _, want := range []string{name, name + "@x"} {
			if !slices.ContainsFunc(c.Findings, func(f found) bool { return f.Subject.Name == want }) {
				t.Errorf("%q is not raw in the JSON", want)
			}
		}
	}
	ids := map[string]bool{}
	for _, f := range c.Findings {
		if ids[f.ID] {
			t.Errorf("two findings have the id %q", f.ID)
		}
		ids[f.ID] = true
	}
	for _, form := range []string{"text", "markdown", "csv"} {
		out, _, _ := runCLI(t, "check", "--config", path, "-o", form)
		for line := range strings.SplitSeq(out, "\n") {
			if visible := model.Visible(line); visible != line { // a joiner within an emoji is text
				t.Errorf("%s lets through what %q spells out", form, visible)
			}
			if strings.HasPrefix(line, "forged") || form == "csv" && strings.HasPrefix(line, "=") {
				t.Errorf("%s has a forged line: %q", form, line)
			}
		}
		if form == "markdown" && (strings.Contains(out, "<img") || strings.Contains(out, "](http")) {
			t.Error("Markdown lets markup through")
		}
	}
}
