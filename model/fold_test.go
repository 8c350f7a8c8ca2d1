package model_test

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/lookalike"
)

// TestFoldIsOneFormOfEveryLetter walks Unicode, ideographs aside: a folded name folds to itself, and normal form and
// capitals make no difference, alone and under a mark.
func TestFoldIsOneFormOfEveryLetter(t *testing.T) {
	t.Parallel()
	marks := []string{"", "\u0301", "\u0307", "\u030c", "\u0323\u0307", "\u0345"}
	for r := rune('!'); r <= unicode.MaxRune; r++ {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r) {
			continue
		}
		for _, mark := range marks {
			s := string(r) + mark
			folded := model.Fold(s)
			if again := model.Fold(folded); again != folded {
				t.Fatalf("Fold(%+q) is %+q, and folded again %+q", s, folded, again)
			}
			forms := []string{norm.NFD.String(s)}
			if model.Composable(forms[0]) {
				forms = append(forms, norm.NFC.String(s))
			}
			for _, other := range forms {
				if got := model.Fold(other); got != folded {
					t.Fatalf("Fold(%+q) is %+q, Fold(%+q) in another normal form %+q", s, folded, other, got)
				}
			}
			for f := unicode.SimpleFold(r); f != r && r != lookalike.IotaBelow; f = unicode.SimpleFold(f) {
				if got := model.Fold(string(f) + mark); f != lookalike.IotaBelow && got != folded {
					t.Fatalf("Fold(%+q) is %+q, with the capital changed %+q", s, folded, got)
				}
			}
		}
	}
}
