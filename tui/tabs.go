package tui

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// tabLine holds the tabs with their counts, and the sum of what is wrong.
func (a *app) tabLine() string {
	var line strings.Builder
	for _, t := range a.tabSpans() {
		style := paint.Style("")
		if t.tab == a.tab {
			style = a.theme.Chosen
		}
		line.WriteString(" " + style.On(t.text))
	}
	return paint.Between(line.String(), a.totals(a.width-paint.Width(line.String())-2)+" ", a.width)
}

// tabSpan is where a tab stands in its line, for the mouse.
type tabSpan struct {
	tab      rows.Tab
	text     string
	from, to int
}

func (a *app) tabSpans() []tabSpan {
	spans := make([]tabSpan, 0, rows.TabCount)
	x := 1
	for t := range rows.TabCount {
		text := " " + t.String() + " "
		if a.set != nil {
			all, drifting := a.set.Len(t)
			if t == rows.Drift {
				all = drifting
			}
			count := paint.Number(all)
			if t == rows.Drift && drifting == 0 && len(a.gaps()) > 0 {
				count = "?" // what was not read may hold any number
			}
			text = " " + t.String() + " " + count + " "
		}
		if t == a.tab && a.opts.NoColor {
			text = "[" + strings.TrimSpace(text) + "]"
		}
		spans = append(spans, tabSpan{t, text, x, x + paint.Width(text)})
		x += paint.Width(text) + 1
	}
	return spans
}

// totals counts the findings by severity, the worst first, as far as there is room.
func (a *app) totals(room int) string {
	if a.set == nil {
		return ""
	}
	total := len(a.set.Comparison.Findings)
	if total == 0 {
		switch {
		case len(a.gaps()) > 0:
			return "no drift in what was read"
		case a.interim:
			return "no drift so far"
		}
		return a.theme.Good.On("no drift: both sides agree")
	}
	out := paint.Count(total, "finding") + ":"
	sep := " "
	for s := model.Critical; ; s-- {
		if n := a.set.Severities[s]; n > 0 {
			next := out + sep + a.severity(s).On(paint.Number(n)+" "+s.String())
			if paint.Width(next) > room {
				break
			}
			out, sep = next, ", "
		}
		if s == model.Info {
			break
		}
	}
	return paint.Cut(out, room)
}
