package onelogin

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Console knows the addresses of OneLogin's admin console. They are not documented, only seen in public guides, so that
// every one comes with the words of its menu path, which lead there when an address does not.
type Console struct {
	// URL is the account's, https://SUBDOMAIN.onelogin.com. A regional API host has no console: with one there are menu
	// words only.
	URL string
}

// regional are OneLogin's older API hosts, one for all accounts of a region
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
var regional = regexp.MustCompile(`(?i)^api\.[a-z]+\.onelogin\.com$`)

// Regional reports whether an address is a regional API host such as https://api.eu.onelogin.com. It answers the API
// for every account of its region, each by its own credential, so that the account's own address cannot be told from
// it.
func Regional(address string) bool {
	u, err := url.Parse(address)
	return err == nil && regional.MatchString(u.Hostname())
}

// Place leads to a page of an app. #configuration, #sso, #provisioning and #mappings are seen in public; #parameters,
// #users and #access follow them and are not confirmed: a fragment that the editor does not know leaves the operator
// at the editor, where the menu words go on. More Actions is a menu of every tab. Pages without a known address have
// no link. An empty app gives menu words only.
func (c Console) Place(app string, p model.Place) model.Location {
	switch p {
	case model.PlaceApp:
		return c.editor(app, "", "OneLogin > Applications > the app")
	case model.PlaceConfiguration:
		return c.editor(app, "#configuration", "OneLogin > Applications > the app > Configuration")
	case model.PlaceSSO:
		return c.editor(app, "#sso", "OneLogin > Applications > the app > SSO")
	case model.PlaceParameters:
		return c.editor(app, "#parameters", "OneLogin > Applications > the app > Parameters")
	case model.PlaceProvisioning:
		return c.editor(app, "#provisioning", "OneLogin > Applications > the app > Provisioning")
	case model.PlaceEntitlements:
		return c.editor(app, "#provisioning", "OneLogin > Applications > the app > Provisioning > Entitlements > "+
			"Refresh")
	case model.PlaceRules: // the tab is labelled Rules, its fragment says mappings
		return c.editor(app, "#mappings", "OneLogin > Applications > the app > Rules")
	case model.PlaceReapply:
		return c.editor(app, "", "OneLogin > Applications > the app > More Actions > Reapply entitlement mappings")
	case model.PlaceSyncLogins:
		return c.editor(app, "", "OneLogin > Applications > the app > More Actions > Sync logins")
	case model.PlaceApprovals:
		return c.editor(app, "#users", "OneLogin > Applications > the app > Users > Pending > Approve")
	case model.PlaceLogins:
		return c.editor(app, "#users", "OneLogin > Applications > the app > Users > the user")
	case model.PlaceAccess:
		return c.editor(app, "#access", "OneLogin > Applications > the app > Access")
	case model.PlaceQueue:
		return model.Location{Menu: "OneLogin > Users > Provisioning"}
	case model.PlaceEvents:
		return model.Location{Menu: "OneLogin > Activity > Events"}
	case model.PlaceCredentials:
		return model.Location{Menu: "OneLogin > Developers > API Credentials"}
	case model.PlaceTarget, model.PlaceAssignments, model.PlaceAccessControl, model.NoPlace: // not OneLogin's
	}
	return model.Location{}
}

func (c Console) editor(app, fragment, menu string) model.Location {
	if app == "" || c.URL == "" || Regional(c.URL) {
		return model.Location{Menu: menu}
	}
	return model.Location{
		Link: strings.TrimRight(c.URL, "/") + "/apps/" + url.PathEscape(app) + "/edit/" + fragment, Menu: menu,
	}
}
