package model_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// TestATrendKnowsSinceWhen: whatever comes and goes, each finding of the last read is there since the first of the
// reads that all have it, as far as the trend goes back, and what was not in the last read is there since never.
func TestATrendKnowsSinceWhen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var trend drift.Trend
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		since := map[string]time.Time{}
		ids := []string{"a", "b", "c", "d"}
		for range rapid.IntRange(1, 30).Draw(t, "reads") {
			now = now.Add(time.Duration(rapid.IntRange(1, 40*24*60).Draw(t, "minutes")) * time.Minute)
			var c drift.Comparison
			c.Source.ReadAt = now
			open := rapid.SliceOfDistinct(rapid.SampledFrom(ids), func(id string) string { return id }).Draw(t, "open")
			for _, id := range open {
				c.Findings = append(c.Findings, model.Finding{ID: id, Severity: model.High})
			}
			trend = trend.Add(now, &c, "salt")
			for _, id := range ids {
				switch _, was := since[id]; {
				case !slices.Contains(open, id):
					delete(since, id)
				case !was:
					since[id] = now
				}
			}
			if last := trend[len(trend)-1]; last.Findings["high"] != len(open) || !last.At.Equal(now) {
				t.Fatalf("the last read is %+v", last)
			}
			if now.Sub(trend[0].At) > drift.TrendKept {
				t.Fatalf("it goes back to %s", trend[0].At)
			}
		}
		for _, id := range ids {
			want, is := since[id]
			if is && want.Before(trend[0].At) {
				want = trend[0].At
			}
			asked := drift.Comparison{Findings: []model.Finding{{ID: id}}}
			if got := trend.Of(&asked, "salt").First[id]; !got.Equal(want) {
				t.Fatalf("%s is there since %s, want %s: %+v", id, got, want, trend)
			}
			if len(trend.Of(&asked, "another").First) > 0 {
				t.Fatal("the hashes are those of every connection")
			}
		}
	})
}

// TestATrendStaysShort where nothing comes or goes.
func TestATrendStaysShort(t *testing.T) {
	t.Parallel()
	c := drift.Comparison{Findings: []model.Finding{{ID: "a"}}}
	var trend drift.Trend
	for n := range 10 * 24 * 12 {
		trend = trend.Add(time.Unix(0, 0).Add(time.Duration(n)*5*time.Minute), &c, "")
	}
	if len(trend) > 10*24+2 {
		t.Errorf("%d lines", len(trend))
	}
}
