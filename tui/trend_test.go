package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// The header draws how the findings came and went over the reads of the last 14 days, and a finding that no event dates
// is as old as the first read that found it, at least.
func TestTrend(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	undated := -1
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Since().IsZero() && f.Severity >= model.High {
			undated = i
			break
		}
	}
	if undated < 0 {
		t.Fatal("every finding is dated")
	}
	id := c.Findings[undated].ID
	point := func(days, high int) drift.TrendPoint {
		return drift.TrendPoint{At: noon().AddDate(0, 0, -days), Findings: map[string]int{"high": high, "low": 1}}
	}
	for _, want := range []struct {
		name         string
		trend        drift.Trend
		header, cell string
		sentence     string
	}{
		{
			"days",
			drift.Trend{point(30, 90), point(14, 2), point(7, 6), point(0, 9)},
			"14 days ▁▅█ +7", ">14 d",
			"First seen 9 Nov 12:00 UTC, 14 days ago.",
		},
		{"fewer by now", drift.Trend{point(3, 9), point(0, 3)}, "3 days █▁ -6", ">14 d", "First seen 9 Nov"},
		{"one read", drift.Trend{point(14, 2)}, "", "", ""},
		{"nothing kept", nil, "", "", ""},
	} {
		t.Run(want.name, func(t *testing.T) {
			t.Parallel()
			past := drift.Past{Trend: want.trend}
			if want.trend != nil {
				past.First = map[string]time.Time{id: point(14, 0).At}
			}
			a := board(t, c, 200, 50, func(o *Options) { o.Select = id })
			a.startRead(nil)
			a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c), past: past})
			frame := a.View().Content
			if got := strings.Contains(a.screenLines()[0], "▁"); got != (want.header != "") ||
				!strings.Contains(a.screenLines()[0], want.header) {
				t.Errorf("the header is %q, want %q in it", a.screenLines()[0], want.header)
			}
			if want.cell != "" && !strings.Contains(frame, want.cell) || want.cell == "" &&
				strings.Contains(frame, ">14 d") {
				t.Errorf("want the age %q:\n%s", want.cell, frame)
			}
			if !strings.Contains(single(frame), want.sentence) || want.sentence == "" &&
				strings.Contains(frame, "First seen") {
				t.Errorf("want %q:\n%s", want.sentence, frame)
			}
		})
	}
}

// How old it is what shows matters more than how many findings there once were.
func TestTrendGivesWayToTheAge(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	trend := drift.Trend{
		{At: noon().AddDate(0, 0, -9), Findings: map[string]int{"high": 2}},
		{At: noon(), Findings: map[string]int{"high": 9}},
	}
	for width := 60; width <= 200; width++ {
		a := board(t, c, width, 24)
		a.startRead(nil)
		a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c), past: drift.Past{Trend: trend}})
		if header := a.screenLines()[0]; width >= 70 && !strings.Contains(header, "read 30 s ago") ||
			strings.Contains(header, "▁") && !strings.Contains(header, "read 30 s ago") {
			t.Fatalf("%d columns: %q does not say how old it is", width, header)
		}
	}
}
