package scim

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// authorised checks the tenant and the token. Wrong tenant, wrong token and expired token are one and the same 401
// (developer guide: UnauthorizedException on every page). A deleted token is one that is not in the list any more.
func authorised(header, tenant string, t *world.Target, now time.Time) bool {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" || tenant != t.TenantID {
		return false
	}
	for i, live := range t.Tokens {
		if i == 2 {
			break // a directory has two tokens at most (user guide "Rotate an access token")
		}
		if subtle.ConstantTimeCompare([]byte(token), []byte(live.Value)) == 1 && (live.Expires.IsZero() || now.Before(live.Expires)) {
			return true
		}
	}
	return false
}

// acceptable refuses a body of another media type than the two that are known to work.
func acceptable(r *http.Request) error {
	text := r.Header.Get("Content-Type")
	if r.ContentLength == 0 || text == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(text)
	if err != nil || media != "application/json" && media != "application/scim+json" {
		return invalid("Unsupported content type %s", text)
	}
	return nil
}
