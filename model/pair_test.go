package model

import (
	"slices"
	"testing"
)

func src(id, ext, name, email string) User {
	return User{ID: id, ExternalID: ext, UserName: name, Email: email, Active: true, Assigned: true}
}

func tgt(id, ext, name, email string) User {
	return User{ID: id, ExternalID: ext, UserName: name, Email: email, Active: true, Assigned: true}
}

func TestUsersPairByTheStrongestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		source []User
		target []User
		want   []int32 // target of each source user
		basis  Basis   // of the first
		losers int     // of the first's contest
		tied   bool
	}{
		{
			"external id beats another's userName",
			[]User{src("1", "1", "a@x", "a@x")},
			[]User{tgt("t1", "", "a@x", ""), tgt("t2", "1", "old@x", "")},
			[]int32{1},
			BasisExternalID, 1, false,
		},
		{"userName without regard to case", []User{src("1", "1", "Ana@X ", "")}, []User{tgt("t1", "", "ana@x", "")}, []int32{0}, BasisUserName, 0, false},
		{
			"an external id that matches nothing is no evidence against",
			[]User{src("1", "1", "a@x", "a@x")},
			[]User{tgt("t1", "999", "a@x", "")},
			[]int32{0},
			BasisUserName, 0, false,
		},
		{"e-mail last", []User{src("1", "1", "a", "a@x")}, []User{tgt("t1", "", "b", "A@X")}, []int32{0}, BasisEmail, 0, false},
		{"blank keys match nothing", []User{src("1", "", "a", "")}, []User{tgt("t1", "", "b", "")}, []int32{None}, NoBasis, 0, false},
		{
			"two sources with one external id: the lower id wins, tied",
			[]User{src("10", "7", "b@x", ""), src("9", "7", "a@x", "")},
			[]User{tgt("t1", "7", "c@x", "")},
			[]int32{None, 0},
			NoBasis, 0, false,
		},
		{
			"two targets with one userName are a tie",
			[]User{src("1", "1", "a@x", "")},
			[]User{tgt("t2", "", "a@x", ""), tgt("t1", "", "A@x", "")},
			[]int32{1},
			BasisUserName, 1, true,
		},
		{
			"an unassigned user does not take a record from an assigned one",
			[]User{{ID: "1", ExternalID: "7", UserName: "gone@x"}, src("2", "2", "a@x", "")},
			[]User{tgt("t1", "7", "a@x", "")},
			[]int32{None, 0},
			NoBasis, 0, false,
		},
		{
			"a zero-width character makes another name, which only looks alike",
			[]User{src("1", "1", "a@x", "")},
			[]User{tgt("t1", "", "a\u200b@x", "")},
			[]int32{0},
			BasisLookAlike, 0, false,
		},
		{
			"several that look alike are tied",
			[]User{src("1", "1", "a@x", "")},
			[]User{tgt("t1", "", "a\u00a0@x", ""), tgt("t2", "", "а@x", ""), tgt("t3", "", "a@x\u3000", "")},
			[]int32{1},
			BasisLookAlike, 1, true,
		},
		{
			"who is not assigned takes no look-alike from one who is",
			[]User{{ID: "1", ExternalID: "7", UserName: "gone@x"}, src("2", "2", "a@x", "")},
			[]User{tgt("t1", "7", "а@x", "")},
			[]int32{None, 0},
			NoBasis, 0, false,
		},
		{
			"l and 1 differ for all to see",
			[]User{src("1", "1", "a1@x", "")},
			[]User{tgt("t1", "", "al@x", "")},
			[]int32{None},
			NoBasis, 0, false,
		},
	} {
		p := PairUsers(c.source, c.target)
		if !slices.Equal(p.ToTarget, c.want) || p.Basis[0] != c.basis {
			t.Errorf("%s: paired %v by %v, want %v by %v", c.name, p.ToTarget, p.Basis[0], c.want, c.basis)
		}
		losers := 0
		if contest := p.Contests[0]; contest != nil {
			losers = len(contest.Sources) + len(contest.Targets)
		}
		if losers != c.losers || p.tied(0) != c.tied {
			t.Errorf("%s: %d losers, tied %v; want %d, %v", c.name, losers, p.tied(0), c.losers, c.tied)
		}
	}
}

func TestGroupsPairByRoleIDOnlyWhereThreePairsProveIt(t *testing.T) {
	t.Parallel()
	for proven := range 5 {
		var source, target []Group
		for i := range proven {
			name := string(rune('a' + i))
			source = append(source, Group{ID: name, Name: name, RoleIDs: []string{name + "1", name + "2"}})
			target = append(target, Group{ID: "t" + name, Name: name, ExternalID: name + "2"})
		}
		source = append(source, Group{ID: "z", Name: "new", RoleIDs: []string{"z"}})
		target = append(target, Group{ID: "tz", Name: "old", ExternalID: "z"})
		p := PairGroups(source, target)
		if got, want := p.ToTarget[proven] != None, proven >= provenIDs; got != want {
			t.Errorf("with %d name pairs that carry role ids: paired %v, want %v", proven, got, want)
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
		if SameName(c.a, c.b) != c.same {
			t.Errorf("SameName(%q, %q) is not %v", c.a, c.b, c.same)
		}
	}
}
