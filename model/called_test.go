package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestWhoHasNoUserNameIsNamedByWhatTheyHave(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		user model.User
		want string
	}{
		{model.User{ID: "7", UserName: "ana@x", Email: "a@x"}, "ana@x"},
		{model.User{ID: "7", UserName: " ", Email: "a@x"}, "a@x"},
		{model.User{ID: "7", DisplayName: "Ana Li", Login: "ana"}, "Ana Li"},
		{model.User{ID: "7", FamilyName: "Li", Login: "ana"}, "Li"},
		{model.User{ID: "7", Login: "ana"}, "ana"},
		{model.User{ID: "7"}, "7"},
	} {
		if got := c.user.Called(); got != c.want {
			t.Errorf("%+v is called %q, want %q", c.user, got, c.want)
		}
	}
}

// A user without userName and e-mail is a finding with a name, and no push can work before one is filled in: that is
// the cause, at any target (RFC 7643 section 4.1.1 requires a userName).
func TestNamelessRecords(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"aws", ""} {
		w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
		w.users[1].UserName, w.users[1].Email = "", ""
		w.dropTargetUser("t-1001")
		w.users[2].UserName, w.users[2].Email = "", "" // still paired, by external id
		w.tusers = append(w.tusers, model.User{ID: "t-x", Active: true},
			model.User{ID: "t-y", DisplayName: "Some Body", Active: true})
		w.tgroups = append(w.tgroups, model.Group{ID: "g-x"})
		src, tgt := w.sides(testOptions())
		tgt.Kind = kind
		c := drift.Compare(src, tgt, testOptions())
		wantIDs(t, c, []string{
			"user-unsynced/given1%20family", "user-renamed/user2@corp.example", "user-lingering/t-x",
			"user-lingering/some%20body",
			"group-unclaimed/g-x",
		})
		for i := range c.Findings {
			f := &c.Findings[i]
			if f.Kind != model.UserUnsynced && f.Kind != model.UserRenamed {
				continue
			}
			direct := slices.ContainsFunc(f.Repairs, func(o model.Option) bool { return o.Channel == model.Direct })
			if f.Cause != model.CauseMissingAttribute || direct {
				t.Errorf("%s has the cause %s and offers %v", f.ID, f.Cause, f.Repairs)
			}
			if !slices.ContainsFunc(f.Evidence,
				func(e model.Evidence) bool { return e.What == drift.EvidenceEmpty && e.Text == "userName" }) {
				t.Errorf("%s does not say what to fill in: %v", f.ID, f.Evidence)
			}
		}
	}
}
