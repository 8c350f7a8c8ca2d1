package drift

import (
	"maps"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// TrendKept is how long complete reads stay in a trend.
const TrendKept = 90 * 24 * time.Hour

// trendStep is how close complete reads with the same findings may stand before one of them stands for both.
const trendStep = time.Hour

// Trend is how findings came and went over complete reads, the oldest first, by a hash of their ids: it names nobody.
type Trend []TrendPoint

// TrendPoint is one complete read: how many findings it had by severity, and which came and went since the last.
type TrendPoint struct {
	At       time.Time      `json:"at"`
	Findings map[string]int `json:"findings"`
	New      []string       `json:"new,omitempty"`
	Gone     []string       `json:"gone,omitempty"`
}

// Add gives the trend with a further complete read, without what is too old. salt is the connection's own.
func (t Trend) Add(at time.Time, c *Comparison, salt string) Trend {
	before, point := t.openSince(), TrendPoint{At: at, Findings: c.Health().Findings}
	for i := range c.Findings {
		id := trendID(salt, c.Findings[i].ID)
		if _, known := before[id]; !known {
			point.New = append(point.New, id)
		}
		delete(before, id)
	}
	slices.Sort(point.New)
	point.Gone = model.NoneIfEmpty(slices.Sorted(maps.Keys(before)))
	out := slices.Clone(t)
	if n := len(out); n > 1 && len(point.New)+len(point.Gone)+len(out[n-1].New)+len(out[n-1].Gone) == 0 &&
		at.Sub(out[n-2].At) <= trendStep {
		out = out[:n-1]
	}
	out = append(out, point)
	for len(out) > 1 && at.Sub(out[0].At) > TrendKept {
		out = out.dropFirst()
	}
	return out
}

// dropFirst makes the second read the first: what was there and has not gone is new with it.
func (t Trend) dropFirst() Trend {
	out := slices.Clone(t[1:])
	first := &out[0]
	stays := slices.DeleteFunc(slices.Clone(t[0].New), func(id string) bool { return slices.Contains(first.Gone, id) })
	first.New = append(stays, first.New...)
	slices.Sort(first.New)
	first.Gone = nil
	return out
}

// openSince are the findings of the last read, with when each was there first.
func (t Trend) openSince() map[string]time.Time {
	since := map[string]time.Time{}
	for i := range t {
		for _, id := range t[i].New {
			since[id] = t[i].At
		}
		for _, id := range t[i].Gone {
			delete(since, id)
		}
	}
	return since
}

// Past is what a trend tells of one comparison.
type Past struct {
	Trend Trend
	// First is when a read found each finding first, by its id, since when it is there without a break. Those that
	// the last read of the trend does not have are left out.
	First map[string]time.Time
}

// Of tells what the trend knows of a comparison's findings.
func (t Trend) Of(c *Comparison, salt string) Past {
	past, open := Past{Trend: t, First: map[string]time.Time{}}, t.openSince()
	for i := range c.Findings {
		if at, is := open[trendID(salt, c.Findings[i].ID)]; is {
			past.First[c.Findings[i].ID] = at
		}
	}
	return past
}

// Total is how many findings the read had.
func (p *TrendPoint) Total() (n int) {
	for _, some := range p.Findings {
		n += some
	}
	return n
}

func trendID(salt, id string) string {
	const enough = 16
	return model.Fingerprint(salt, id)[:enough]
}
