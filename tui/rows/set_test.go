package rows

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
)

// lonely gives a comparison of one user and one group a side, on the other side absent, with one part not read.
func lonely(unread func(src *rules.Source, tgt *model.Directory)) *Set {
	var src rules.Source
	var tgt model.Directory
	for _, p := range model.SourceParts() {
		src.Coverage[p] = model.CompleteCoverage()
		tgt.Coverage[p] = model.CompleteCoverage()
	}
	src.Users = []model.User{{ID: "1", UserName: "source only", Active: true, Assigned: true}}
	tgt.Users = []model.User{{ID: "t1", UserName: "target only", Active: true, Assigned: true}}
	src.Groups = []model.Group{
		{ID: "r1", Name: "source group", Expectation: model.Expected},
		{ID: "r2", Name: "both", Expectation: model.Expected},
	}
	tgt.Groups = []model.Group{{ID: "g1", Name: "target group"}, {ID: "g2", Name: "both"}}
	src.SetMembers(make([]model.MemberList, 2))
	tgt.SetMembers(make([]model.MemberList, 2))
	unread(&src, &tgt)
	return NewSet(modeltest.Compare(src, tgt, drift.Options{Fields: model.FieldSetOf(model.Fields()...)}))
}

// TestWhatWasNotReadIsNotSettled: a row that a part not read would decide says "?" and never claims to be on one side
// only, nor to be in sync.
func TestWhatWasNotReadIsNotSettled(t *testing.T) {
	t.Parallel()
	gone := model.UnknownCoverage("HTTP 500")
	tests := []struct {
		name   string
		unread func(*rules.Source, *model.Directory)
		want   map[string]string
	}{
		{"all read", func(*rules.Source, *model.Directory) {}, map[string]string{
			"source only": "▷", "target only": "◁", "source group": "▷", "target group": "◁", "both": "=",
		}},
		{
			"target users", func(_ *rules.Source, tgt *model.Directory) { tgt.Coverage[model.PartUsers] = gone },
			map[string]string{
				"source only": "?", "target only": "◁",
			},
		},
		{
			"source users", func(src *rules.Source, _ *model.Directory) { src.Coverage[model.PartUsers] = gone },
			map[string]string{
				"source only": "▷", "target only": "?",
			},
		},
		{"whether a user is active", func(src *rules.Source, tgt *model.Directory) {
			src.Users[0].RollOnly, src.Users[0].Standing = true, "status 99"
			paired := model.User{
				ID: "2", UserName: "on both", Active: true, Assigned: true, RollOnly: true,
				Standing: "status 99",
			}
			src.Users = append(src.Users, paired)
			tgt.Users = append(tgt.Users, model.User{ID: "t2", UserName: "on both", Active: true, Assigned: true})
		}, map[string]string{"source only": "?", "on both": "?", "target only": "◁"}},
		{
			"target groups", func(_ *rules.Source, tgt *model.Directory) { tgt.Coverage[model.PartGroups] = gone },
			map[string]string{
				"source group": "?",
			},
		},
		{
			"source groups", func(src *rules.Source, _ *model.Directory) { src.Coverage[model.PartGroups] = gone },
			map[string]string{
				"target group": "?",
			},
		},
		{"target memberships", func(_ *rules.Source, tgt *model.Directory) {
			tgt.Coverage[model.PartMemberships] = gone
		}, map[string]string{"both": "?"}},
		{"one group's members", func(_ *rules.Source, tgt *model.Directory) {
			tgt.Groups[1].MembersUnknown = "HTTP 403"
		}, map[string]string{"both": "?"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := lonely(test.unread)
			got := map[string]string{}
			for _, tab := range []Tab{Groups, Users} {
				for _, r := range s.tables[tab].rows {
					got[s.Subject(r).Name] = Sign(r.Relation)
				}
			}
			for name, sign := range test.want {
				if got[name] != sign {
					t.Errorf("%q shows %q, not %q", name, got[name], sign)
				}
			}
		})
	}
}

// TestEveryRecordHasOneRow: whatever the pairs, each record that the connection is about is on exactly one row of its
// tab, and each finding on exactly one of the drift tab.
func TestEveryRecordHasOneRow(t *testing.T) {
	t.Parallel()
	s := NewSet(tenant(7, 50, 12))
	c := s.Comparison
	sizes := map[Tab][2]int{
		Users: {len(c.Source.Users), len(c.Target.Users)}, Groups: {len(c.Source.Groups), len(c.Target.Groups)},
	}
	for tab, sides := range sizes {
		seen := [2]map[int32]bool{{}, {}}
		for _, r := range s.tables[tab].rows {
			for side, at := range []int32{r.Source, r.Target} {
				if at != model.None && seen[side][at] {
					t.Errorf("record %d of side %d is on two rows of tab %d", at, side, tab)
				}
				if at != model.None {
					seen[side][at] = true
				}
			}
		}
		if len(seen[0]) != sides[0] || len(seen[1]) != sides[1] {
			t.Errorf("tab %d shows %d and %d records of %v", tab, len(seen[0]), len(seen[1]), sides)
		}
	}
	if _, drifting := s.Len(Drift); drifting != len(c.Findings) {
		t.Errorf("the drift tab has %d rows for %d findings", drifting, len(c.Findings))
	}
	for _, r := range s.tables[Drift].rows {
		if at, ok := s.Find(s.ID(r)); !ok || s.Subject(at) != s.Subject(r) {
			t.Errorf("%v finds %v", s.ID(r), at)
		}
	}
}

func TestAllFindingsOfARecord(t *testing.T) {
	t.Parallel()
	var src rules.Source
	var tgt model.Directory
	for _, p := range model.SourceParts() {
		src.Coverage[p] = model.CompleteCoverage()
		tgt.Coverage[p] = model.CompleteCoverage()
	}
	src.Users = []model.User{{
		ID: "1", ExternalID: "1", UserName: "new", DisplayName: "A", Active: true,
		Assigned: true,
	}}
	tgt.Users = []model.User{{ID: "t", ExternalID: "1", UserName: "old", DisplayName: "B", Assigned: true}}
	s := NewSet(modeltest.Compare(src, tgt, drift.Options{Fields: model.FieldSetOf(model.Fields()...)}))
	findings := s.FindingsOf(s.tables[Users].rows[0])
	if len(findings) != 3 || findings[0].Kind != model.UserInactive || findings[2].Kind != model.UserAttributes {
		t.Errorf("the user's row has %d findings: %v", len(findings), findings)
	}
	if own := s.FindingsOf(s.tables[Drift].rows[1]); len(own) != 1 || own[0].Kind != model.UserRenamed {
		t.Errorf("a finding's own row has %v", own)
	}
}
