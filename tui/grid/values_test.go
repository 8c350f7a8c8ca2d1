package grid

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestWhatCannotBeCompared is said in the place of the value, and counts as no difference.
func TestWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	source := &model.User{UserName: "ana", DisplayName: "Ana", Email: "ana@corp.example", Active: true, Assigned: true}
	target := &model.User{UserName: "ana", Email: "a@corp.example", EmailUnsure: true, Active: true}
	want := map[string]string{
		model.FieldDisplayName.String(): "(not readable here)",
		model.FieldEmails.String():      "a@corp.example and others, none marked",
	}
	for _, v := range userValues(source, target, model.FieldSetOf(model.FieldDisplayName)) {
		if said, is := want[v.Name]; v.Differs() || is && v.Target != said {
			t.Errorf("%s is %q at the target, and differs: %t", v.Name, v.Target, v.Differs())
		}
		delete(want, v.Name)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
}
