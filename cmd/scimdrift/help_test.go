package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/tui"
)

// helped is what scimdrift help prints.
func helped(t *testing.T, args ...string) (text string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram(&out, &errs)
	code = p.execute(t.Context(), append([]string{"help"}, args...))
	return out.String() + errs.String(), code
}

// TestHelpTopics: each topic has every entry of the table that it is made of, fits 80 columns, and is in the list of
// topics.
func TestHelpTopics(t *testing.T) {
	t.Parallel()
	var rules, kinds, keys, names []string
	for _, rule := range plan.GuardRules() {
		rules = append(rules, "  "+string(rule)+"\n")
		if explain.RefusalText(rule) == "" {
			t.Errorf("nothing says what %s refuses", rule)
		}
	}
	for _, kind := range model.Kinds() {
		kinds = append(kinds, "  "+string(kind)+"\n")
		if explain.KindMeaning(kind) == "" {
			t.Errorf("nothing says what %s is", kind)
		}
	}
	for _, section := range tui.KeyMap(nil).Sections() {
		for _, act := range section.Actions {
			keys = append(keys, "["+act.ID+"]")
		}
	}
	for _, k := range config.Reference() {
		_, name := k.Split()
		names = append(names, "  "+name+"\n")
	}
	want := map[string][]string{
		"configuration": append(names, "[connections.NAME.guard]", "{ env ="),
		"exit-codes":    {"  check\n", "0: in sync.", "130: interrupted."},
		"findings":      kinds,
		"guard":         rules,
		"guide":         {"Step 2.7", "Case 4", "does, watches “The mappings are applied to everybody”"},
		"iam":           {`"Sid": "ScimdriftReads"`, `"sso:CreateAccountAssignment"`},
		"keys":          keys,
	}
	all, code := helped(t)
	for _, topic := range topics() {
		if code != exitOK || !strings.Contains(all, topic.name) {
			t.Errorf("help does not name %s", topic.name)
		}
		text, code := helped(t, topic.name)
		if code != exitOK || len(want[topic.name]) == 0 {
			t.Errorf("%s: exit code %d", topic.name, code)
		}
		words := strings.Join(strings.Fields(text), " ")
		for _, entry := range want[topic.name] {
			if !strings.Contains(text, entry) && !strings.Contains(words, entry) {
				t.Errorf("%s has no %q", topic.name, entry)
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > pageWidth+1 && topic.name != "iam" {
				t.Errorf("%s: %q is wider than %d columns", topic.name, line, pageWidth)
			}
		}
	}
}

// TestHelpNonsense: what is neither command nor topic is an error that names both lists.
func TestHelpNonsense(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nonsense"}, {"check", "nonsense"}, {"guide", "twice"}} {
		if text, code := helped(t, args...); code != exitFailed || !strings.Contains(text, "exit-codes") {
			t.Errorf("%v: %d, %q", args, code, text)
		}
	}
	if text, code := helped(t, "config", "check"); code != exitOK || !strings.Contains(text, "--secrets") {
		t.Errorf("%d, %q", code, text)
	}
}

// TestReadmeNamesTheTopicsOfTheHelp, by the table between its markers.
func TestReadmeNamesTheTopicsOfTheHelp(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(readme), "<!-- topics of the help -->\n")
	table, _, ended := strings.Cut(rest, "<!-- end of topics -->")
	var want strings.Builder
	want.WriteString("| `scimdrift help …` | |\n|---|---|\n")
	for _, topic := range topics() {
		want.WriteString("| `" + topic.name + "` | " + topic.short + " |\n")
	}
	if !begun || !ended || table != want.String() {
		t.Errorf("the README's table of topics is\n%s\nand should be\n%s", table, want.String())
	}
}
