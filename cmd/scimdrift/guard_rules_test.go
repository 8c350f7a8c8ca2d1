package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestReadmeListsTheRulesOfTheGuard, and says of each whether --allow overrides it.
func TestReadmeListsTheRulesOfTheGuard(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[model.GuardRule]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\|.*\\| ([^|]+) \\|$").FindAllStringSubmatch(string(readme), -1) {
		for rule := range strings.SplitSeq(row[1], ", ") {
			said[model.GuardRule(strings.Trim(rule, "`"))] = row[2]
		}
	}
	for _, rule := range model.GuardRules() {
		want := map[bool]string{true: "`--allow`", false: "nothing"}[rule.Overridable()]
		if said[rule] != want {
			t.Errorf("of %s the table says %q, want %q", rule, said[rule], want)
		}
	}
}
