package onelogin

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// tokenLife is as documented.
const tokenLife = 36000 * time.Second

// token belongs to a credential pair: everybody who uses the pair gets and loses the same one.
type token struct {
	value   string
	created time.Time
}

func (t *token) expired(now time.Time) bool { return !now.Before(t.created.Add(tokenLife)) }

// issueToken serves the token endpoint, with the credential pair in basic authentication: one of three documented ways.
// https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2
func (s *Server) issueToken(c *call) answer {
	var body struct {
		GrantType string `json:"grant_type"`
	}
	id, secret, ok := c.req.BasicAuth()
	if !ok || json.Unmarshal(c.body, &body) != nil {
		return errorV1(http.StatusBadRequest, "bad request", "Content-Type or credential header is malformed")
	}
	if body.GrantType != "client_credentials" {
		return errorV1(http.StatusBadRequest, "bad request", "Invalid grant type: send client_credentials")
	}
	cred := s.credential(id)
	if cred == nil || cred.ClientSecret != secret {
		s.addEvent(world.Event{Type: world.EventAPITokenRefused, ClientID: id})
		return errorV1(http.StatusUnauthorized, "Unauthorized", "Authentication Failure")
	}
	if cred.OwnerDeleted {
		return errorV1(http.StatusInternalServerError, "Internal Server Error", "Internal Server Error")
	}
	now := s.w.Now()
	t := s.tokens[id]
	if t == nil || t.expired(now) {
		s.issued++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", id, secret, s.issued))
		t = &token{value: hex.EncodeToString(sum[:]), created: now}
		s.tokens[id] = t
		s.addEvent(world.Event{Type: world.EventAPIToken, ClientID: id})
	}
	// The object does not change while the token lives, so expires_in counts from created_at and not from now.
	return respond(http.StatusOK, map[string]any{
		"access_token": t.value, "created_at": stamp(t.created), "expires_in": int64(tokenLife / time.Second),
		"refresh_token": strings.Repeat("0", 8) + t.value[8:], "token_type": "bearer",
		"account_id": s.w.Source.AccountID,
	})
}

func (s *Server) credential(id string) *world.Credential {
	for i := range s.w.Source.Credentials {
		if s.w.Source.Credentials[i].ClientID == id {
			return &s.w.Source.Credentials[i]
		}
	}
	return nil
}

// authenticate finds the credential behind a bearer token. Four spellings are in the documentation and in the wild:
// "Bearer x", "bearer x", "bearer:x" and "Bearer:x".
func (s *Server) authenticate(c *call) *answer {
	refused := errorV2(http.StatusUnauthorized, "UnauthorizedError", "Unauthorized")
	if c.v1() {
		refused = errorV1(http.StatusUnauthorized, "Unauthorized", "Authentication Failure")
	}
	header := c.req.Header.Get("Authorization")
	if len(header) < 8 || !strings.EqualFold(header[:6], "bearer") || (header[6] != ' ' && header[6] != ':') {
		return &refused
	}
	value := strings.TrimSpace(header[7:])
	for id, t := range s.tokens {
		if t.value != value {
			continue
		}
		cred := s.credential(id)
		if cred == nil || t.expired(s.w.Now()) {
			return &refused
		}
		if cred.OwnerDeleted {
			broken := errorV1(http.StatusInternalServerError, "Internal Server Error", "Internal Server Error")
			return &broken
		}
		c.cred = cred
		return nil
	}
	return &refused
}

// ExpireTokens ends every token now, as if its time were over.
func (s *Server) ExpireTokens() {
	s.w.Lock()
	defer s.w.Unlock()
	clear(s.tokens)
}

// stamp is OneLogin's time format: ISO 8601 in UTC with milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// stampOrNull makes the zero time null.
func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// scope lists those of which a credential needs one for a call, by the table in the documentation of each. A credential
// pair has one of five, set in the console.
type scope string

const (
	readUsers   scope = "read_users manage_users read_all manage_all" // users, their apps, events, policy groups
	manageUsers scope = "manage_users manage_all"                     // writing users
	readRoles   scope = "read_users read_all manage_all"              // roles, and their users and apps
	readAll     scope = "read_all manage_all"                         // apps and their users
	manageAll   scope = "manage_all"                                  // rules, also for reading
)

func (n scope) allows(held string) bool { return slices.Contains(strings.Fields(string(n)), held) }

func (s *Server) outOfScope(c *call) answer {
	const text = "Insufficient permissions: the API credential's scope does not allow this call"
	code := s.knobs.ScopeStatus
	if code == 0 && c.v1() {
		code = http.StatusUnauthorized
	}
	code = cmp.Or(code, http.StatusForbidden)
	kind := "Forbidden"
	if code == http.StatusUnauthorized {
		kind = "Unauthorized"
	}
	if c.v1() {
		return errorV1(code, kind, text)
	}
	return errorV2(code, kind+"Error", text)
}
