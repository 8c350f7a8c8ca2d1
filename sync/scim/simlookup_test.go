package scim

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestLookupsAgainstTheSimulator(t *testing.T) {
	s := simulate(t, 30, 3, upTo(func(int) int { return 2 }, 30), nil)
	hostile := `we"ird\name` + "\u202e'&+%=#"
	s.world.Lock()
	target := &s.world.Target
	target.AddGroup(&world.TargetGroup{ID: s.world.NewUUID(), DisplayName: hostile})
	someone := *target.Users[target.UserOrder[3]]
	group := target.GroupOrder[1]
	s.world.Unlock()
	c := client(t, s.url, AWS)

	for _, name := range []string{someone.UserName, strings.ToUpper(someone.UserName)} {
		if u, found, err := c.FindUser(t.Context(), name, ""); err != nil || !found || u.ID != someone.ID {
			t.Errorf("%s: %+v %v %v", name, u, found, err)
		}
	}
	if u, found, err := c.FindUser(t.Context(), "nobody@corp.example", someone.ExternalID); err != nil || !found ||
		u.ID != someone.ID {
		t.Errorf("by external id: %+v %v %v", u, found, err)
	}
	if _, found, err := c.FindUser(t.Context(), "nobody@corp.example", "ext-none"); err != nil || found {
		t.Errorf("nobody was found: %v %v", found, err)
	}
	if g, found, err := c.FindGroup(t.Context(), hostile, ""); err != nil || !found || g.Name != hostile {
		t.Errorf("the group with the hostile name: %+v %v %v", g, found, err)
	}
	if u, found, err := c.GetUser(t.Context(), someone.ID); err != nil || !found || u.UserName != someone.UserName {
		t.Errorf("%+v %v %v", u, found, err)
	}
	if _, found, err := c.GetGroup(t.Context(), "00000000-0000-4000-8000-00000000dead"); err != nil || found {
		t.Errorf("a group that is not there: %v %v", found, err)
	}
	if list, err := c.MembersOf(t.Context(), group); err != nil || len(list.IDs) != 2 || list.Unknown != "" {
		t.Errorf("%+v %v", list, err)
	}
	k := s.server.Knobs()
	k.FilterEscapes = false // how the service reads a quote in a value is not documented
	s.server.SetKnobs(k)
	if g, found, err := c.FindGroup(t.Context(), hostile, ""); err != nil || !found || g.Name != hostile {
		t.Errorf("the group with the hostile name, without escapes: %+v %v %v", g, found, err)
	}
	if _, found, err := c.FindGroup(t.Context(), hostile+"2", ""); err != nil || found {
		t.Errorf("a group that is not there: %v %v", found, err)
	}
	s.fail(t, fault.Fault{Kind: fault.Answer, Status: 404, Body: `{"message":"Not Found"}`})
	if _, found, err := c.GetGroup(t.Context(), group); err == nil {
		t.Errorf("a gateway's 404 passed for the word of the target: %v", found)
	}
}

func TestMembersOfAnOldEndpointAreUnknown(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 2 }, 3),
		func(k *simulator.Knobs) { *k = simulator.Legacy().Unlimited() })
	c := client(t, s.url, AWS)
	list, err := c.MembersOf(t.Context(), s.world.Target.GroupOrder[0])
	if err != nil || list.Unknown == "" || len(list.IDs) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestAnEmptyQuestionIsNotSent(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 2 }, 3), nil)
	c := client(t, s.url, AWS)
	before := c.Requests()
	if _, _, err := c.FindUser(t.Context(), "", ""); err == nil {
		t.Error("a search for nothing was made")
	}
	if _, _, err := c.FindGroup(t.Context(), "  ", ""); err == nil {
		t.Error("a search for a nameless group was made")
	}
	for _, id := range []string{"", ".", ".."} {
		if _, _, err := c.GetUser(t.Context(), id); err == nil {
			t.Errorf("a user with the id %q was asked for", id)
		}
	}
	if _, err := c.MembersOf(t.Context(), ""); err == nil {
		t.Error("the members of no group were asked for")
	}
	if c.Requests() != before {
		t.Error("an empty question was sent")
	}
}
