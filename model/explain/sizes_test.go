package explain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/rules"
)

// TestSizes: three users of whom one is suspended and absent, two at the target, and a group that the configuration
// leaves out.
func TestSizes(t *testing.T) {
	t.Parallel()
	side := func(users ...model.User) model.Directory {
		d := model.Directory{Kind: "aws", Users: users}
		for _, p := range model.SourceParts() {
			d.Coverage[p] = model.CompleteCoverage()
		}
		return d
	}
	user := func(name string, active bool) model.User {
		u := model.User{ID: name, ExternalID: name, UserName: name, Email: name, Active: active, Assigned: true}
		if !active {
			u.Standing = model.StandingSuspended
		}
		return u
	}
	assigned := []model.User{user("a@x.example", true), user("b@x.example", true), user("c@x.example", false)}
	src := rules.Source{Directory: side(assigned...)}
	src.App.ID = "1"
	tgt := side(user("a@x.example", true), user("b@x.example", true))
	equal := tgt
	tgt.Ignored = 2
	got := explain.Sizes(drift.Compare(src, tgt, drift.Options{}), "AWS")
	want := []string{"3 ↔ 2 users: −1 suspended", "2 more groups in AWS are left out by groups.ignore"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	src.Users = src.Users[:2]
	if got := explain.Sizes(drift.Compare(src, equal, drift.Options{}), "AWS"); got != nil {
		t.Errorf("there is nothing to add up, and it says %q", got)
	}
}
