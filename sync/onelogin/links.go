package onelogin

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Console knows the addresses of OneLogin's admin console. They are not documented, only seen in public guides, so that
// every one comes with the words of its menu path, which lead there when an address does not.
type Console struct {
	// URL is the account's, https://SUBDOMAIN.onelogin.com. With a regional API host there are menu words only.
	URL string
}

// regionalHost are OneLogin's older API hosts, one for all accounts of a region
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
var regionalHost = regexp.MustCompile(`^api\.[a-z]+\.onelogin\.com$`)

// Regional reports whether an address is a regional API host such as https://api.eu.onelogin.com. It answers the API
// for every account of its region, each by its own credential, so that the account's own address cannot be told from
// it.
func Regional(address string) bool { return regionalHost.MatchString(transport.Hostname(address)) }

// Place leads to a page of an app. #configuration, #sso, #provisioning and #mappings are seen in public; #parameters,
// #users and #access follow them and are not confirmed: a fragment that the editor does not know leaves the operator
// at the editor, where the menu words go on. More Actions is a menu of every tab. Pages without a known address have
// no link. An empty app gives menu words only.
func (c Console) Place(app string, p model.Place) model.Location {
	const editor = "OneLogin > Applications > the app"
	at, known := map[model.Place]struct{ fragment, menu string }{
		model.PlaceApp:           {"", editor},
		model.PlaceConfiguration: {"#configuration", editor + " > Configuration"},
		model.PlaceSSO:           {"#sso", editor + " > SSO"},
		model.PlaceParameters:    {"#parameters", editor + " > Parameters"},
		model.PlaceProvisioning:  {"#provisioning", editor + " > Provisioning"},
		model.PlaceEntitlements:  {"#provisioning", editor + " > Provisioning > Entitlements > Refresh"},
		model.PlaceRules:         {"#mappings", editor + " > Rules"}, // the fragment is not the tab's label
		model.PlaceReapply:       {"", editor + " > More Actions > Reapply entitlement mappings"},
		model.PlaceSyncLogins:    {"", editor + " > More Actions > Sync logins"},
		model.PlaceApprovals:     {"#users", editor + " > Users > Pending > Approve"},
		model.PlaceLogins:        {"#users", editor + " > Users > the user"},
		model.PlaceAccess:        {"#access", editor + " > Access"},
	}[p]
	if !known {
		return model.Location{Menu: map[model.Place]string{
			model.PlaceQueue:       "OneLogin > Users > Provisioning",
			model.PlaceEvents:      "OneLogin > Activity > Events",
			model.PlaceCredentials: "OneLogin > Developers > API Credentials",
		}[p]} // the others are not OneLogin's
	}
	if app == "" || c.URL == "" || Regional(c.URL) {
		return model.Location{Menu: at.menu}
	}
	return model.Location{
		Link: strings.TrimRight(c.URL, "/") + "/apps/" + url.PathEscape(app) + "/edit/" + at.fragment, Menu: at.menu,
	}
}
