package run

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestHistoryShowsTheSpacesAroundNames, as the row did that the run was planned from.
func TestHistoryShowsTheSpacesAroundNames(t *testing.T) {
	t.Parallel()
	r := &model.Run{Plan: &model.Plan{
		Steps: []model.Step{{Repair: model.DeleteGroup, Subject: model.Subject{Name: "aws-ops "}}},
	}}
	if got, want := Description(r), "delete-group aws-ops<U+0020>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
