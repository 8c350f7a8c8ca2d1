package tui

import (
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/tui/style"
)

// The trend in the header goes back so far, in so many columns at most.
const (
	trendShown   = 14 * 24 * time.Hour
	trendColumns = 8
)

// trendLine draws how many findings the complete reads of the last days had, and says by how many they changed over
// all of them; empty where fewer than two reads are known.
func (a *app) trendLine() string {
	t := a.trend.Trend
	for len(t) > 0 && t[len(t)-1].At.Sub(t[0].At) > trendShown {
		t = t[1:]
	}
	if len(t) < 2 || t[len(t)-1].At.Sub(t[0].At) < time.Minute {
		return ""
	}
	from, last := t[0], t[len(t)-1]
	columns := min(len(t), trendColumns)
	values := make([]int, columns)
	for i, at := 0, 0; i < columns; i++ {
		until := from.At.Add(last.At.Sub(from.At) * time.Duration(i) / time.Duration(columns-1))
		for at+1 < len(t) && !t[at+1].At.After(until) {
			at++
		}
		values[i] = t[at].Total()
	}
	return fmt.Sprintf("%s %s %+d", style.Span(last.At.Sub(from.At)), style.Sparkline(values), last.Total()-from.Total())
}
