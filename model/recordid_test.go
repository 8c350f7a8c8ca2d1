package model_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

func TestOneNumberIsOneID(t *testing.T) {
	for raw, want := range map[string]string{
		`1002`: "1002", "\t1002\n": "1002", `1002.0`: "1002", `1.002e3`: "1002", `1.002E+3`: "1002", `10020e-1`: "1002",
		`"1002"`:      "1002",
		`"\u0041\/b"`: "A/b", `"\x"`: "", `"open`: "",
		strings.Repeat("9", 40): strings.Repeat("9", 40), strings.Repeat("9", 41): "",
		`9007199254740993`: "9007199254740993", `9007199254740993.00`: "9007199254740993", `0`: "0", `-0.0`: "0",
		`0e999999999`: "0", `-7`: "-7",
		// an id of letters may look like a number, and is another than 120000
		`"12e4"`: "12e4", `"0012"`: "0012", `"a/b"`: "a/b",
		`1002.5`: "", `1e-1`: "", `1e999999999`: "", `1e99999999999999999999`: "", `null`: "", `true`: "", `{}`: "",
		`[1]`: "", ``: "",
	} {
		if got := model.RecordID([]byte(raw)); got != want {
			t.Errorf("%s is %q, want %q", raw, got, want)
		}
	}
}

func TestAnySpellingOfANumberIsItsID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64().Draw(t, "n")
		shift := rapid.IntRange(0, 12).Draw(t, "shift")
		text := fmt.Sprint(n)
		spelling := rapid.SampledFrom([]string{
			text, text + "." + strings.Repeat("0", shift+1),
			text + strings.Repeat("0", shift) + fmt.Sprintf("e-%d", shift),
			text[:1] + "." + text[1:] + "0" + fmt.Sprintf("E%d", len(text)-1),
		}).Draw(t, "spelling")
		if got := model.RecordID([]byte(spelling)); got != new(big.Int).SetUint64(n).String() {
			t.Fatalf("%s is %q", spelling, got)
		}
	})
}
