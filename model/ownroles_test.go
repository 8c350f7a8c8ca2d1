package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// A record that names no role shows that somebody has no right to a group only where the record of one whom a role
// lists names that role: a credential, or a server, that leaves role_ids empty says no of everybody.
func TestARecordWithoutRolesNeedsAControl(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		blank  bool
		others bool // somebody else is in the role
		want   model.Confidence
	}{
		"others' records name the role":      {others: true, want: model.Certain},
		"no record names any":                {blank: true, others: true, want: model.Unsure},
		"no record names any, an empty role": {blank: true, want: model.Unsure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			gone := func(id string) bool { return id == "1000" || !c.others }
			if w.roles[0].Users.IDs = slices.DeleteFunc(w.roles[0].Users.IDs, gone); c.others &&
				len(w.roles[0].Users.IDs) == 0 {
				t.Fatal("nobody else is in the role")
			}
			opts := testOptions()
			src, tgt := w.sides(opts)
			opts.Replies = asked(src, tgt, opts).Replies
			for q, reply := range opts.Replies {
				if c.blank {
					reply.User.RoleIDs = []string{}
				}
				opts.Replies[q] = reply
			}
			comparison := drift.Compare(src, tgt, opts)
			i := slices.IndexFunc(comparison.Findings, func(f model.Finding) bool { return f.ID == tooMany })
			if i < 0 || comparison.Findings[i].Confidence != c.want {
				t.Errorf("%v at %d, want %s", ids(comparison), i, c.want)
			}
			if i >= 0 && c.blank && len(comparison.Findings[i].Repairs) > 0 {
				t.Errorf("it offers %v", comparison.Findings[i].Repairs)
			}
		})
	}
}

// Two who have each other's e-mail in the list of users would be made at the target under each other's name, if the
// record of each were asked for nothing but whether they are active.
func TestWhomTheTargetLacksIsWhoTheirOwnRecordSays(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		bend func(own *model.User)
		want model.Confidence
	}{
		"the same":         {func(*model.User) {}, model.Certain},
		"in another case":  {func(u *model.User) { u.UserName = strings.ToUpper(u.UserName) }, model.Certain},
		"another userName": {func(u *model.User) { u.UserName = "user1@corp.example" }, model.Unsure},
		"another e-mail":   {func(u *model.User) { u.Email = "user1@corp.example" }, model.Unsure},
		"another id":       {func(u *model.User) { u.ExternalID = "1001" }, model.Unsure},
		"another name":     {func(u *model.User) { u.FamilyName = "Else" }, model.Unsure},
		"not active":       {func(u *model.User) { u.Active = false }, model.Unsure},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			w.dropTargetUser("t-1000")
			opts := testOptions()
			src, tgt := w.sides(opts)
			opts.Replies = asked(src, tgt, opts).Replies
			q := model.Ask{Kind: model.AskRoles, ID: w.users[0].ID}
			reply, asked := opts.Replies[q]
			if !asked {
				t.Fatalf("the record of %s was not asked for", q.ID)
			}
			c.bend(&reply.User)
			opts.Replies[q] = reply
			comparison := drift.Compare(src, tgt, opts)
			i := slices.IndexFunc(comparison.Findings,
				func(f model.Finding) bool { return f.Kind == model.UserUnsynced })
			if i < 0 {
				t.Fatalf("no user is missing: %v", ids(comparison))
			}
			f := &comparison.Findings[i]
			creates := slices.ContainsFunc(f.Repairs, func(o model.Option) bool { return o.Repair == model.CreateUser })
			if f.Confidence != c.want || (f.Contradicted == "") != (c.want == model.Certain) ||
				creates && c.want != model.Certain {
				t.Errorf("%s, contradicted %q, offers %v", f.Confidence, f.Contradicted, f.Repairs)
			}
		})
	}
}

// One has gone and one has come, say the lists; the own record of either may say that they are the same.
func TestAnOwnRecordSpeaksForWhoeverHasItsKeys(t *testing.T) {
	t.Parallel()
	const name = "user0@corp.example"
	source, target := model.Ask{Kind: model.AskRoles, ID: "1000"}, model.Ask{Kind: model.AskTargetRecord, ID: "t-1000"}
	for what, c := range map[string]struct {
		of   model.Ask
		bend func(own *model.User)
		want model.Confidence
	}{
		"nothing else":               {source, func(*model.User) {}, model.Certain},
		"the source has its name":    {source, func(u *model.User) { u.UserName = name }, model.Unsure},
		"the source has its address": {source, func(u *model.User) { u.Email = name }, model.Unsure},
		"the target has its id":      {target, func(u *model.User) { u.ExternalID = "1000" }, model.Unsure},
		"the target has its name":    {target, func(u *model.User) { u.UserName = "New@corp.example" }, model.Unsure},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			w.users[0].UserName, w.users[0].Email, w.tusers[0].ExternalID = "new@corp.example", "new@corp.example", ""
			opts := testOptions()
			src, tgt := w.sides(opts)
			opts.Replies = asked(src, tgt, opts).Replies
			reply, asked := opts.Replies[c.of]
			if !asked {
				t.Fatalf("%v was not asked", c.of)
			}
			c.bend(&reply.User)
			opts.Replies[c.of] = reply
			for _, f := range drift.Compare(src, tgt, opts).Findings {
				if (f.Kind == model.UserUnsynced || f.Kind == model.UserLingering) && f.Confidence != c.want {
					t.Errorf("%s is %s, want %s (%s)", f.ID, f.Confidence, c.want, f.Contradicted)
				}
			}
		})
	}
}

// Of a list that an answer showed to be wrong of one user, nothing is certain of another who was not asked about.
func TestAListThatIsWrongOnceIsNotBelievedOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		denied, asked bool
		want          model.Confidence
	}{
		"borne out, nobody else asked":    {want: model.Certain},
		"denied, nobody else asked":       {denied: true, want: model.Likely},
		"denied, and the other borne out": {denied: true, asked: true, want: model.Certain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			for i := range 2 {
				w.users[i].Active, w.users[i].Standing = false, model.StandingSuspended
			}
			opts := testOptions()
			src, tgt := w.sides(opts)
			opts.Replies = asked(src, tgt, opts).Replies
			for q, reply := range opts.Replies {
				switch {
				case q.Kind == model.AskRoles && q.ID == "1000":
					reply.User.Active = c.denied
					opts.Replies[q] = reply
				case q.Kind == model.AskRoles && q.ID == "1001" && !c.asked:
					delete(opts.Replies, q)
				}
			}
			comparison := drift.Compare(src, tgt, opts)
			i := slices.IndexFunc(comparison.Findings, func(f model.Finding) bool {
				return f.Kind == model.UserStillActive && f.Subject.SourceID == "1001"
			})
			if i < 0 {
				t.Fatalf("user 1001 is not among %v", ids(comparison))
			}
			f := comparison.Findings[i]
			if v := comparison.UserVerdict(f.Source, f.Target); f.Confidence != c.want || v.Confidence != c.want {
				t.Errorf("%s is %s, its verdict %s, want %s", f.ID, f.Confidence, v.Confidence, c.want)
			}
		})
	}
}

// A role that no answer shows any more, and that the app still names, was deleted if an event says so.
func TestAGroupWhoseRoleTheAppStillNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		named, logged bool
		want          model.Confidence
	}{
		"gone everywhere":          {want: model.Certain},
		"the app still names it":   {named: true, want: model.Likely},
		"and the log says it went": {named: true, logged: true, want: model.Certain},
	} {
		w := quietWorld()
		role := w.roles[0]
		w.roles = w.roles[1:]
		if w.tgroups[0].ExternalID = role.ID; c.named {
			w.app.RoleIDs = []string{role.ID}
		}
		if c.logged {
			w.events = append(w.events, model.Event{
				ID: "1", Type: model.EventRoleDeleted, RoleID: role.ID, RoleName: role.Name,
			})
		}
		comparison := w.compare()
		i := slices.IndexFunc(comparison.Findings, func(f model.Finding) bool { return f.Kind == model.GroupLingering })
		if i < 0 || comparison.Findings[i].Confidence != c.want {
			t.Errorf("%s: %v at %d, want %s", name, ids(comparison), i, c.want)
		}
	}
}

// Answers are kept, and others may be reading them.
func TestAComparisonLeavesAnswersAsTheyAre(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.unassign(0)
	opts := testOptions()
	src, tgt := w.sides(opts)
	opts.Replies = asked(src, tgt, opts).Replies
	q := model.Ask{Kind: model.AskUser, ID: w.users[0].ID}
	reply, asked := opts.Replies[q]
	if !asked {
		t.Fatalf("whether %s has the app was not asked", q.ID)
	}
	reply.User.RoleIDs = []string{"9", "8"}
	opts.Replies[q] = reply
	if drift.Compare(src, tgt, opts); !slices.Equal(reply.User.RoleIDs, []string{"9", "8"}) {
		t.Errorf("the answer became %v", reply.User.RoleIDs)
	}
}

// A list may leave external ids out. An own record that has the id of the user of the pair bears the pair out, and one
// that has another's does not.
func TestAnExternalIDThatTheListLeavesOut(t *testing.T) {
	t.Parallel()
	for own, want := range map[string]model.Confidence{"": model.Certain, "1000": model.Certain, "1001": model.Unsure} {
		w := quietWorld()
		w.users[0].Active = false
		for i := range w.tusers {
			w.tusers[i].ExternalID = ""
		}
		opts := testOptions()
		src, tgt := w.sides(opts)
		opts.Replies = asked(src, tgt, opts).Replies
		q := model.Ask{Kind: model.AskTargetRecord, ID: "t-1000"}
		reply, asked := opts.Replies[q]
		reply.User.ExternalID = own
		opts.Replies[q] = reply
		f := finding(drift.Compare(src, tgt, opts), t, "user-still-active/user0@corp.example")
		if !asked || f.Confidence != want {
			t.Errorf("with the external id %q it is %s, contradicted %q", own, f.Confidence, f.Contradicted)
		}
	}
}
