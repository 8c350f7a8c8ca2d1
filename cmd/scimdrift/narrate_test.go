package main

import (
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/style"
)

// TestAReadIsToldOnALine: how far a side is, what is being read of it, and until when that waits, without a bar for
// those who have the screen read to them.
func TestAReadIsToldOnALine(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(90 * time.Second)
	for plain, bar := range map[bool]string{false: "░", true: "OneLogin users"} {
		var out strings.Builder
		p := &progress{
			w: &out, sides: sideNames("", "aws", ""), plain: plain,
			state: reading.State{Fetch: reading.Begin(reading.Fetch{})},
		}
		p.update(model.Progress{
			Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 400, Expected: 812,
			WaitingUntil: until, WaitingFor: "OneLogin's rate limit",
		})
		line := strings.TrimPrefix(out.String(), style.EraseLine)
		for _, want := range []string{bar, "users: waits 1 min", until.Format(time.TimeOnly), "rate limit"} {
			if !strings.Contains(line, want) {
				t.Errorf("plain %v: no %q in %q", plain, want, line)
			}
		}
		if style.Width(line) > 79 || strings.Contains(line, "\n") || plain && strings.Contains(line, "░") {
			t.Errorf("plain %v: %q", plain, line)
		}
	}
}

// TestARunIsToldWithTheSpacesAroundNames: two groups that differ by them only are two in the narration too.
func TestARunIsToldWithTheSpacesAroundNames(t *testing.T) {
	t.Parallel()
	step := &model.Step{Repair: model.DeleteGroup, Subject: model.Subject{Name: " aws-ops"}}
	record := model.StepRecord{ID: "s1", State: model.StepConfirmed}
	if got, want := stepLine(step, record), "s1 delete-group <U+0020>aws-ops: confirmed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
