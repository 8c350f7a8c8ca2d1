package explain

import (
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// BudgetWarning says what a read takes of OneLogin's calls where that matters: when what is left at now, of a budget
// seen earlier, will not do or would leave OneLogin's own provisioner without. Empty where it does not.
func BudgetWarning(what string, calls int, left model.Budget, seen, now time.Time) string {
	left = left.At(seen, now)
	sentence := fmt.Sprintf("%s takes about %d of OneLogin's %d calls an hour, and %d are left", what, calls,
		left.Limit, left.Remaining)
	if !left.Reset.IsZero() {
		sentence += " until " + left.Reset.UTC().Format("15:04 UTC")
	}
	switch left.SufficiencyFor(calls) {
	case model.Short:
		return sentence + ": it will not get through"
	case model.Tight:
		return sentence + ": OneLogin's own provisioner, which shares them, may be left without"
	case model.Unreckoned, model.Enough:
	}
	return ""
}
