package model_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func src(id, ext, name, email string) model.User {
	return model.User{ID: id, ExternalID: ext, UserName: name, Email: email, Active: true, Assigned: true}
}

func tgt(id, ext, name, email string) model.User {
	return model.User{ID: id, ExternalID: ext, UserName: name, Email: email, Active: true, Assigned: true}
}

func TestUsersPairByTheStrongestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		source []model.User
		target []model.User
		want   []int32     // target of each source user
		basis  drift.Basis // of the first
		losers int         // of the first's contest
		tied   bool
	}{
		{
			"external id beats another's userName",
			[]model.User{src("1", "1", "a@x", "a@x")},
			[]model.User{tgt("t1", "", "a@x", ""), tgt("t2", "1", "old@x", "")},
			[]int32{1},
			drift.BasisExternalID, 1, false,
		},
		{
			"userName without regard to case",
			[]model.User{src("1", "1", "Ana@X ", "")},
			[]model.User{tgt("t1", "", "ana@x", "")},
			[]int32{0},
			drift.BasisUserName, 0, false,
		},
		{
			"an external id that matches nothing is no evidence against",
			[]model.User{src("1", "1", "a@x", "a@x")},
			[]model.User{tgt("t1", "999", "a@x", "")},
			[]int32{0},
			drift.BasisUserName, 0, false,
		},
		{
			"e-mail last",
			[]model.User{src("1", "1", "a", "a@x")},
			[]model.User{tgt("t1", "", "b", "A@X")},
			[]int32{0},
			drift.BasisEmail, 0, false,
		},
		{
			"blank keys match nothing",
			[]model.User{src("1", "", "a", "")},
			[]model.User{tgt("t1", "", "b", "")},
			[]int32{model.None},
			drift.NoBasis, 0, false,
		},
		{
			"two sources with one external id: the lower id wins, tied",
			[]model.User{src("10", "7", "b@x", ""), src("9", "7", "a@x", "")},
			[]model.User{tgt("t1", "7", "c@x", "")},
			[]int32{model.None, 0},
			drift.NoBasis, 0, false,
		},
		{
			"two targets with one userName are a tie",
			[]model.User{src("1", "1", "a@x", "")},
			[]model.User{tgt("t2", "", "a@x", ""), tgt("t1", "", "A@x", "")},
			[]int32{1},
			drift.BasisUserName, 1, true,
		},
		{
			"the winner of a tie has the userName of another pair, which is tied too",
			[]model.User{src("1", "1", "a@x", ""), src("2", "2", "b@x", "")},
			[]model.User{tgt("t1", "2", "a@x", ""), tgt("t2", "2", "b@x", ""), tgt("t3", "", "A@x", "")},
			[]int32{2, 0},
			drift.BasisUserName, 1, true,
		},
		{
			"the winner of a tie has the userName of another user, whose pair is tied too",
			[]model.User{src("3", "3", "a@x", ""), src("1", "7", "A@x", ""), src("2", "7", "b@x", "")},
			[]model.User{tgt("t1", "7", "c@x", ""), tgt("t2", "", "a@x", "")},
			[]int32{1, 0, model.None},
			drift.BasisUserName, 1, true,
		},
		{
			"an unassigned user does not take a record from an assigned one",
			[]model.User{{ID: "1", ExternalID: "7", UserName: "gone@x"}, src("2", "2", "a@x", "")},
			[]model.User{tgt("t1", "7", "a@x", "")},
			[]int32{model.None, 0},
			drift.NoBasis, 0, false,
		},
		{
			"a zero-width character makes another name, which only looks alike",
			[]model.User{src("1", "1", "a@x", "")},
			[]model.User{tgt("t1", "", "a\u200b@x", "")},
			[]int32{0},
			drift.BasisLookAlike, 0, false,
		},
		{
			"several that look alike are tied",
			[]model.User{src("1", "1", "a@x", "")},
			[]model.User{tgt("t1", "", "a\u00a0@x", ""), tgt("t2", "", "а@x", ""), tgt("t3", "", "a@x\u3000", "")},
			[]int32{1},
			drift.BasisLookAlike, 1, true,
		},
		{
			"who is not assigned takes no look-alike from one who is",
			[]model.User{{ID: "1", ExternalID: "7", UserName: "gone@x"}, src("2", "2", "a@x", "")},
			[]model.User{tgt("t1", "7", "а@x", "")},
			[]int32{model.None, 0},
			drift.NoBasis, 0, false,
		},
		{
			"l and 1 differ for all to see",
			[]model.User{src("1", "1", "a1@x", "")},
			[]model.User{tgt("t1", "", "al@x", "")},
			[]int32{model.None},
			drift.NoBasis, 0, false,
		},
	} {
		p := drift.PairUsers(c.source, c.target)
		if !slices.Equal(p.ToTarget, c.want) || p.Basis[0] != c.basis {
			t.Errorf("%s: paired %v by %v, want %v by %v", c.name, p.ToTarget, p.Basis[0], c.want, c.basis)
		}
		losers := 0
		if contest := p.Contests[0]; contest != nil {
			losers = len(contest.Sources) + len(contest.Targets)
		}
		if losers != c.losers || p.IsTied(0) != c.tied {
			t.Errorf("%s: %d losers, tied %v; want %d, %v", c.name, losers, p.IsTied(0), c.losers, c.tied)
		}
	}
}

func TestGroupsPairByRoleIDOnlyWhereThreePairsProveIt(t *testing.T) {
	t.Parallel()
	for proven := range 5 {
		var source, target []model.Group
		for i := range proven {
			name := string(rune('a' + i))
			source = append(source, model.Group{ID: name, Name: name, RoleIDs: []string{name + "1", name + "2"}})
			target = append(target, model.Group{ID: "t" + name, Name: name, ExternalID: name + "2"})
		}
		source = append(source, model.Group{ID: "z", Name: "new", RoleIDs: []string{"z"}})
		target = append(target, model.Group{ID: "tz", Name: "old", ExternalID: "z"})
		p := drift.PairGroups(source, target)
		if got, want := p.ToTarget[proven] != model.None, proven >= drift.ProvenIDs; got != want {
			t.Errorf("with %d name pairs that carry role ids: paired %v, want %v", proven, got, want)
		}
	}
}

// Where two groups carry ids of one group's roles, the first of these has it, in whatever order the target lists them.
func TestTheFirstRoleOfAGroupPairsIt(t *testing.T) {
	t.Parallel()
	source := []model.Group{{ID: "z", Name: "new", RoleIDs: []string{"z1", "z2"}}}
	target := []model.Group{
		{ID: "t1", Name: "second", ExternalID: "z2"},
		{ID: "t3", Name: "first", ExternalID: "z1"},
		{ID: "t2", Name: "first too", ExternalID: "z1"},
	}
	for _, name := range []string{"a", "b", "c"} {
		source = append(source, model.Group{ID: name, Name: name, RoleIDs: []string{name + "1"}})
		target = append(target, model.Group{ID: "t" + name, Name: name, ExternalID: name + "1"})
	}
	for range target {
		target = append(target[1:], target[0])
		p := drift.PairGroups(source, target)
		if at := p.ToTarget[0]; at == model.None || target[at].ID != "t2" || p.Contests[0] == nil {
			t.Errorf("paired with %d of %v, contested by %v", at, target, p.Contests[0])
		}
	}
}

func TestFoldJoinsNormalFormCaseAndASCIISpaceOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"ANA", "ana", true},
		{" ana\t", "ana", true},
		{"ana\u00a0", "ana", false}, // no ASCII space: the services keep it
		{"ana\u3000", "ana", false},
		{"ana\u0085", "ana", false},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", true},
		{"Straße", "STRASSE", false},
		{"ana", "an a", false},
		{"ana", "an\u200ba", false},
		{"ana", "аna", false},  // a Cyrillic letter
		{"é", "e\u0301", true}, // one text in two normal forms
		{"É", "e\u0301", true},
		{"J\u030c", "\u01f0", true}, // only the small letter has a composed form
		{"İ", "i\u0307", true},
		{"\u212a", "k", true}, // KELVIN SIGN is K in NFC
		{"\u017f", "s", true}, // simple folding of the long s
		{"αι", "ᾳ", false},    // full folding only
		{"ß", "ẞ", true},
		{"\xff", "\xfe", false}, // bytes that are no text are not made equal
	} {
		if model.SameName(c.a, c.b) != c.same {
			t.Errorf("SameName(%q, %q) is not %v", c.a, c.b, c.same)
		}
	}
}
