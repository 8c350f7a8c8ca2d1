package explain

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Sizes says how the sizes of both sides add up, one phrase for each part that differs: "61 ↔ 59 users: in OneLogin
// only 2 suspended". Ignored groups, which no size counts, are named behind them. It is empty where there is nothing to
// add up.
func Sizes(c *model.Comparison, target string) []string {
	var out []string
	for _, b := range c.Balances() {
		if text := balance(&b, target); text != "" {
			out = append(out, text)
		}
	}
	switch n := c.Target.Ignored; {
	case n == 1:
		out = append(out, "1 more group in "+target+" is left out by groups.ignore")
	case n > 1:
		out = append(out, fmt.Sprintf("%d more groups in %s are left out by groups.ignore", n, target))
	}
	return out
}

func balance(b *model.Balance, target string) string {
	if len(b.OnlySource) == 0 && len(b.OnlyTarget) == 0 {
		return ""
	}
	var only []string
	for _, side := range []struct {
		name   string
		shares []model.Share
	}{{"OneLogin", b.OnlySource}, {target, b.OnlyTarget}} {
		if len(side.shares) == 0 {
			continue
		}
		words := make([]string, len(side.shares))
		for i, s := range side.shares {
			words[i] = fmt.Sprintf("%d %s", s.N, s.Why)
		}
		only = append(only, "in "+side.name+" only "+strings.Join(words, ", "))
	}
	return fmt.Sprintf("%d ↔ %d %s: %s", b.Source, b.Target, b.Part, strings.Join(only, "; "))
}
