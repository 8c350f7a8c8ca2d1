package reading

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// The keys of a record are those of its ids, so that a group that was renamed meanwhile is still the one that was read.
func TestRecordKeys(t *testing.T) {
	t.Parallel()
	byID := recordKeys(&model.Subject{Type: model.SubjectGroup, Name: "a", SourceID: "1", TargetID: "2"})
	renamed := recordKeys(&model.Subject{Type: model.SubjectGroup, Name: "b", SourceID: "1", TargetID: "2"})
	if !slices.Equal(byID, renamed) || len(byID) != 2 {
		t.Errorf("%v", byID)
	}
	group := recordKeys(&model.Subject{Type: model.SubjectGroup, Name: "a"})
	if user := recordKeys(&model.Subject{Type: model.SubjectUser, Name: "a"}); slices.Equal(group, user) {
		t.Error("a user and a group are one")
	}
}
