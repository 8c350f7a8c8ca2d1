package load_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

// hide takes a record out of a list, as a walk may that skips a row.
func hide[T any](list *[]T, at int) T {
	record := (*list)[at]
	*list = slices.Delete(slices.Clone(*list), at, at+1)
	return record
}

func TestATargetUserWhomTheListSkipped(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.hiddenUsers = append(tgt.hiddenUsers, hide(&tgt.users, 2))
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartUsers, model.Partial)
	wantState(t, c, model.TargetSide, model.PartMemberships, model.Complete) // asked for by group: he is in the answers
	if !strings.Contains(c.Target.Coverage[model.PartUsers].Reason, "read again") {
		t.Errorf("the reason does not say what to do: %v", c.Target.Coverage[model.PartUsers])
	}
}

// Memberships that were asked for user by user know nothing of a user whom the list skipped: he is not missing
// anywhere.
func TestASkippedUserWhoseGroupsWereNeverAskedFor(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.hiddenUsers = append(tgt.hiddenUsers, hide(&tgt.users, 2))
	for id, members := range tgt.members {
		tgt.members[id] = slices.DeleteFunc(slices.Clone(members), func(u string) bool { return u == "t2" })
	}
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartUsers, model.Partial)
	wantState(t, c, model.TargetSide, model.PartMemberships, model.Partial)
	if open := c.UnsettledRecords(model.SubjectGroup); len(open) != 2 {
		t.Errorf("%+v left open, want the 2 that they should be in", open)
	}
}

func TestATargetGroupThatTheListSkipped(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.hiddenGroups = append(tgt.hiddenGroups, hide(&tgt.groups, 0))
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartGroups, model.Partial)
	wantState(t, c, model.TargetSide, model.PartMemberships, model.Partial)
	wantState(t, c, model.TargetSide, model.PartUsers, model.Complete)
}

// The app's list lacks a user whose own apps show the app: which is right nothing tells, so that nothing may be taken.
func TestASourceUserWhomTheRollSkipped(t *testing.T) {
	t.Parallel()
	for name, external := range map[string]string{
		"found by id": "2", "found by e-mail": "",
		"external id of another kind": "E-77",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			tgt.users[2].ExternalID = external
			s.known = append(s.known, hide(&s.users, 2))
			c := mustLoad(t, load.New(s, tgt, options()))
			wantKinds(t, c, "user-lingering u2@corp.example")
			if f := c.Findings[0]; f.Confidence != model.Unsure || len(f.Repairs) > 0 ||
				!strings.Contains(f.Contradicted, "own apps") {
				t.Errorf("%s, offering %v: %s", f.Confidence, f.Repairs, f.Contradicted)
			}
			if v := c.UserVerdict(c.Findings[0].Source, c.Findings[0].Target); v.Relation != model.Unsettled ||
				v.Why == "" {
				t.Errorf("the row shows %v", v)
			}
		})
	}
}

// A role lists the user whom the app's list lacks: that is enough, also where nobody can be asked.
func TestARoleThatListsALingeringUser(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	hide(&s.users, 2)
	s.lookupErr = errDown
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c, "user-lingering u2@corp.example")
	if f := c.Findings[0]; f.Confidence != model.Unsure || len(f.Repairs) > 0 ||
		!strings.Contains(f.Contradicted, "aws-all") {
		t.Errorf("%s, offering %v: %s", f.Confidence, f.Repairs, f.Contradicted)
	}
}

// The app and the list of roles both lost that a role grants the app; its own list of apps has it.
func TestARoleThatGrantsTheAppByItsOwnAppsAlone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		carried, role string
		want          string
	}{
		"found by name":         {"", "aws-even", "group-lingering aws-even"},
		"found by id":           {"72", "aws-even", "group-lingering aws-even"},
		"one of two of a group": {"", "aws-all.2", "members-extra aws-all"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			s.roles[0].Users.IDs = []string{"1", "3", "5"}
			tgt.groups[1].ExternalID, s.roles[1].Name, s.app.RoleIDs = tt.carried, tt.role, []string{"71"}
			if tt.role != "aws-even" {
				tgt.groups = tgt.groups[:1]
			} else {
				tgt.members["g71"] = []string{"t1", "t3", "t5"}
			}
			s.hiddenRoles, s.roles[1].Grants = []model.Role{s.roles[1]}, false
			o := options()
			o.Groups.Roles, o.Groups.Name = regexp.MustCompile(`^([a-z-]+)(\.\d)?$`), "$1"
			c := mustLoad(t, load.New(s, tgt, o))
			wantKinds(t, c, tt.want)
			if f := c.Findings[0]; f.Confidence != model.Unsure || len(f.Repairs) > 0 ||
				!strings.Contains(f.Contradicted, "grants the app: "+tt.role) {
				t.Errorf("%s, offering %v: %s", f.Confidence, f.Repairs, f.Contradicted)
			}
		})
	}
}

func TestALingeringUserWhoLostTheApp(t *testing.T) {
	t.Parallel()
	for name, external := range map[string]string{"known by id": "9", "known by e-mail": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			left := sourceUser(9)
			left.Assigned = false
			s.known = []model.User{left}
			stray := targetUser(9)
			stray.ExternalID = external
			tgt.users = append(tgt.users, stray)
			c := mustLoad(t, load.New(s, tgt, options()))
			wantKinds(t, c, "user-lingering u9@corp.example")
			wantState(t, c, model.SourceSide, model.PartUsers, model.Complete)
			if f := c.Findings[0]; f.Cause != model.CauseSourceUnassigned || f.Subject.SourceID != "9" ||
				f.Subject.TargetID != "t9" {
				t.Errorf("finding %+v", f)
			}
		})
	}
}

func TestALingeringUserWhomNobodyKnows(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"not found": nil, "lookups fail": errDown} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			s.lookupErr = failure
			tgt.users = append(tgt.users, targetUser(9))
			c := mustLoad(t, load.New(s, tgt, options()))
			wantKinds(t, c, "user-lingering u9@corp.example")
			if c.Findings[0].Cause != model.CauseUnknown {
				t.Errorf("cause %q out of nothing", c.Findings[0].Cause)
			}
		})
	}
}

// Lookups that fail prove nothing: what the lists say stands.
func TestFailedLookupsChangeNothing(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.hiddenUsers, tgt.lookupErr = append(tgt.hiddenUsers, hide(&tgt.users, 2)), errDown
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c, "user-unsynced u2@corp.example")
}

// The cost of lookups follows the load and not how much has drifted, at the tenth load as at the first.
func TestLookupsKeepToTheirBudget(t *testing.T) {
	t.Parallel()
	for _, drifted := range []int{1, 5, 60, 600} {
		t.Run(fmt.Sprint(drifted), func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(drifted * 2)
			s.users = s.users[:drifted] // the others linger
			tgt.users = tgt.users[drifted/2:]
			for n := range drifted {
				s.roles = append(s.roles, model.Role{
					ID: strconv.Itoa(1000 + n), Name: "AWS-" + strconv.Itoa(n), Grants: true,
					Users: model.MemberList{IDs: []string{"0"}},
				})
			}
			s.requests, tgt.requests = 10_000, 10_000 // sent long before: no part of these loads
			l := load.New(s, tgt, options())
			for i := range 10 {
				s.lookups, tgt.lookups = 0, 0
				before := [2]int{s.requests, tgt.requests}
				c := mustLoad(t, l)
				// The source loads in 5 requests and the target in 3, so that 3 % of either is less than the floor.
				if s.lookups > 25 || tgt.lookups > 60 || s.lookups+tgt.lookups == 0 {
					t.Errorf("load %d looked up with %d and %d requests", i, s.lookups, tgt.lookups)
				}
				if c.Source.Requests != s.requests-before[0] || c.Target.Requests != tgt.requests-before[1] {
					t.Errorf("load %d counts %d and %d requests", i, c.Source.Requests, c.Target.Requests)
				}
			}
		})
	}
}

// Thousands of lingering records must not keep the first of them from being explained.
func TestManyLingeringUsersAreExplainedAsFarAsTheBudgetGoes(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(1)
	for n := 1; n <= 1000; n++ {
		left := sourceUser(n)
		left.Assigned = false
		s.known = append(s.known, left)
		tgt.users = append(tgt.users, targetUser(n))
	}
	c := mustLoad(t, load.New(s, tgt, options()))
	explained := 0
	for i := range c.Findings {
		if c.Findings[i].Cause == model.CauseSourceUnassigned {
			explained++
		}
	}
	if len(c.Findings) != 1000 || explained < 294 {
		t.Errorf("%d findings, %d explained; want 1000 and at least the 294 whom six requests can ask for",
			len(c.Findings), explained)
	}
}

// Absences that an event explains wait behind those that nothing explains: those are what a skipped row looks like.
func TestUnexplainedAbsencesAreLookedUpFirst(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(40)
	for n := range 20 {
		s.users[n].GivenName = "" // required at AWS, so that the absence has its cause
	}
	last := tgt.users[39]
	tgt.users, tgt.hiddenUsers = tgt.users[20:39], []model.User{last}
	c := mustLoad(t, load.New(s, tgt, options()))
	for i := range c.Findings {
		if c.Findings[i].Subject.SourceID == "39" {
			t.Errorf("the skipped user is reported: %+v", c.Findings[i])
		}
	}
	wantState(t, c, model.TargetSide, model.PartUsers, model.Partial)
}
