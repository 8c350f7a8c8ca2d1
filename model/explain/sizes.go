package explain

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Sizes says how the sizes of both sides add up, one phrase for each part that differs: "61 ↔ 59 users: −4 missing +2
// lingering", what only OneLogin has after a minus, what only the target has after a plus. Ignored groups, which no
// size counts, are named behind them. It is empty where there is nothing to add up.
func Sizes(c *drift.Comparison, target string) []string {
	var out []string
	for _, b := range c.Balances() {
		if text := balanceText(&b); text != "" {
			out = append(out, text)
		}
	}
	if n := c.Target.Ignored; n > 0 {
		out = append(out, model.Counted(n, "more group in "+target+" is", "more groups in "+target+" are")+
			" left out by groups.ignore")
	}
	return out
}

func balanceText(b *drift.Balance) string {
	if len(b.OnlySource) == 0 && len(b.OnlyTarget) == 0 {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s ↔ %s %s:", model.Number(b.Source), model.Number(b.Target), b.Part)
	for _, s := range b.OnlySource {
		fmt.Fprintf(&out, " −%s %s", model.Number(s.N), s.Why)
	}
	for _, s := range b.OnlyTarget {
		fmt.Fprintf(&out, " +%s %s", model.Number(s.N), s.Why)
	}
	return out.String()
}
