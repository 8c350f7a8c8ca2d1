package model_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// drawJSON writes a random JSON value, in which keys may be equal, with a name somewhere in it where there is one
// left to place.
func drawJSON(t *rapid.T, name *string, depth int) string {
	word := func() string {
		w := rapid.SampledFrom([]string{
			"role", "member_of", "x", "1", "set_groups", "aws-", "",
			"{department}",
		}).Draw(t, "word")
		if *name != "" && (depth > 2 || rapid.Bool().Draw(t, "here")) {
			w = rapid.SampledFrom([]string{
				*name, strings.ToUpper(*name), " " + *name, "x;" + *name, *name + "|y,z",
				"a\n" + *name,
			}).Draw(t, "said")
			*name = ""
		}
		quoted, _ := json.Marshal(w)
		return string(quoted)
	}
	items := func(item func() string) string {
		list := make([]string, rapid.IntRange(1, 3).Draw(t, "items"))
		for i := range list {
			list[i] = item()
		}
		return strings.Join(list, ",")
	}
	switch shape := rapid.IntRange(0, 4).Draw(t, "shape"); {
	case shape == 0 && depth < 4:
		return "[" + items(func() string { return drawJSON(t, name, depth+1) }) + "]"
	case shape <= 2 && depth < 4:
		return "{" + items(func() string { return word() + ":" + drawJSON(t, name, depth+1) }) + "}"
	case shape == 3:
		return rapid.SampledFrom([]string{"7", "-1.5e3", "true", "null"}).Draw(t, "plain")
	}
	return word()
}

func TestNoGroupThatARuleNamesEverLingers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"aws-old", "Größe", "2024", "a b", "AWS Old"}).Draw(t, "name")
		left := name
		key := rapid.SampledFrom([]string{"actions", "conditions", "value", "groups", "Actions", "x"}).Draw(t, "key")
		raw := `{"id":77,"name":"r","` + key + `":` + drawJSON(t, &left, 1)
		if left != "" {
			raw += `,"more":"` + left + `"`
		}
		w := withStray(name, model.Rule{
			ID: "77", Name: "r", Enabled: rapid.Bool().Draw(t, "enabled"),
			Raw: json.RawMessage(raw + "}"),
		})
		if rapid.Bool().Draw(t, "cut") {
			w.cover[model.PartRules] = model.PartialCoverage("cut")
		}
		from := rapid.SampledFrom([]string{"auto", "rules", "roles"}).Draw(t, "from")
		if said, _, _ := ofStray(w, from); said != "" {
			t.Fatalf("%s is %s while %s names it", name, said, raw)
		}
	})
}
