package onelogin

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func TestEveryPlaceHasMenuWords(t *testing.T) {
	t.Parallel()
	c := Console{URL: "https://acme.onelogin.com/"}
	for p := model.PlaceApp; p < model.PlaceTarget; p++ {
		l := c.Place("500001", p)
		if !strings.HasPrefix(l.Menu, "OneLogin > ") {
			t.Errorf("place %d has the words %q", p, l.Menu)
		}
		if l.Link != "" && !strings.HasPrefix(l.Link, "https://acme.onelogin.com/apps/500001/edit/") {
			t.Errorf("place %d has the link %q", p, l.Link)
		}
		if l := (Console{URL: "https://acme.onelogin.com"}).Place("", p); l.Link != "" || l.Menu == "" {
			t.Errorf("without an app, place %d leads to %+v", p, l)
		}
	}
	for _, p := range []model.Place{model.NoPlace, model.PlaceTarget, model.PlaceAssignments} {
		if l := c.Place("500001", p); l != (model.Location{}) {
			t.Errorf("place %d is not OneLogin's, and leads to %+v", p, l)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	c := Console{URL: "https://acme.onelogin.com"}
	for place, want := range map[model.Place]string{
		model.PlaceRules: "/apps/5/edit/#mappings", model.PlaceEntitlements: "/apps/5/edit/#provisioning",
		model.PlaceConfiguration: "/apps/5/edit/#configuration", model.PlaceParameters: "/apps/5/edit/#parameters",
		model.PlaceSSO:       "/apps/5/edit/#sso",
		model.PlaceApprovals: "/apps/5/edit/#users", model.PlaceAccess: "/apps/5/edit/#access",
		model.PlaceReapply: "/apps/5/edit/",
	} {
		if got := c.Place("5", place).Link; got != c.URL+want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := c.Place("5/../6?x#y", model.PlaceApp).Link; got != c.URL+"/apps/5%2F..%2F6%3Fx%23y/edit/" {
		t.Errorf("an odd id leads to %s", got)
	}
}

// A regional host serves the API only: a link into it would lead nowhere.
func TestARegionalHostHasNoConsole(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://api.us.onelogin.com": true, "https://API.EU.onelogin.com/": true,
		"https://api.us.onelogin.com:443": true,
		"https://acme.onelogin.com":       false, "https://api.onelogin.com": false,
		"https://api.us.onelogin.com.example": false,
		"https://api-us.onelogin.com":         false, "http://127.0.0.1:80": false, "": false, "::": false,
	} {
		if got := Regional(address); got != want {
			t.Errorf("%q is regional: %v", address, got)
		}
		link := Console{URL: address}.Place("5", model.PlaceRules).Link
		if wantLink := !want && address != ""; (link != "") != wantLink {
			t.Errorf("%q leads to %q", address, link)
		}
	}
	l := Console{URL: "https://api.us.onelogin.com"}.Place("5", model.PlaceReapply)
	if l.Link != "" || !strings.Contains(l.Menu, "Reapply") {
		t.Errorf("the words are lost with the link: %+v", l)
	}
}

// TestConsoleRepairsHaveALocation: each leads to the words of its button, on the page that has it.
func TestConsoleRepairsHaveALocation(t *testing.T) {
	t.Parallel()
	c := Console{URL: "https://acme.onelogin.com"}
	var f model.Finding
	for repair, words := range map[model.RepairName]string{
		model.RefreshEntitlements: "Entitlements > Refresh",
		model.ReapplyMappings: "More Actions > Reapply entitlement " +
			"mappings",
		model.SyncLogins: "More Actions > Sync logins", model.ApprovePending: "Pending > Approve",
		model.OpenRules: "Rules", model.OpenApp: "the app",
	} {
		if l := c.Place("5", f.Place(repair)); !strings.HasSuffix(l.Menu, words) || l.Link == "" {
			t.Errorf("%s: %+v", repair, l)
		}
	}
	if p := f.Place(model.DeleteGroup); p != model.NoPlace {
		t.Errorf("OneLogin has no button that deletes a group, and it leads to place %d", p)
	}
	for cause, tab := range map[model.Cause]string{
		model.CauseGroupsNotIncluded: "#parameters", model.CauseTokenRejected: "#configuration",
		model.CauseProvisioningOff: "#provisioning",
	} {
		of := model.Finding{Cause: cause}
		if l := c.Place("5", of.Place(model.OpenApp)); !strings.HasSuffix(l.Link, tab) {
			t.Errorf("%s is mended at %s, want its tab %s", cause, l.Link, tab)
		}
	}
}
