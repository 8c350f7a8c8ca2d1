package onelogin

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const defaultTokenLife = 36000 * time.Second

// token belongs to a credential pair: everybody who uses the pair gets and loses the same one.
type token struct {
	value   string
	created time.Time
	life    time.Duration
}

func (t *token) expired(now time.Time) bool { return !now.Before(t.created.Add(t.life)) }

// headerCredentials is the form without a scheme word, which clients send with and without blanks.
var headerCredentials = regexp.MustCompile(`(?i)^client_id:\s*([^,\s]+)\s*,\s*client_secret:\s*(\S+)$`)

// issueToken serves both token endpoints; the v1 path wraps the same object.
// https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2
func (s *Server) issueToken(c *call) answer {
	id, secret, grant, bad := credentials(c)
	if bad != nil {
		return *bad
	}
	if grant != "client_credentials" {
		return wrapped(http.StatusBadRequest, "bad request", "Invalid grant type: send client_credentials")
	}
	cred := s.credential(id)
	if cred == nil || cred.ClientSecret != secret {
		s.addEvent(world.Event{Type: 522, ClientID: id})
		return wrapped(http.StatusUnauthorized, "Unauthorized", "Authentication Failure")
	}
	if cred.OwnerDeleted {
		return wrapped(http.StatusInternalServerError, "Internal Server Error", "Internal Server Error")
	}
	now := s.w.Now()
	t := s.tokens[id]
	if t == nil || t.expired(now) {
		life := s.knobs.TokenLife
		if life == 0 {
			life = defaultTokenLife
		}
		s.issued++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", id, secret, s.issued))
		t = &token{value: hex.EncodeToString(sum[:]), created: now, life: life}
		s.tokens[id] = t
		s.addEvent(world.Event{Type: 515, ClientID: id})
	}
	// The object does not change while the token lives, so expires_in counts from created_at and not from now.
	object := map[string]any{
		"access_token": t.value, "created_at": stamp(t.created), "expires_in": int64(t.life / time.Second),
		"refresh_token": strings.Repeat("0", 8) + t.value[8:], "token_type": "bearer", "account_id": s.w.Source.AccountID,
	}
	if strings.HasPrefix(c.req.URL.Path, "/auth/oauth2/v2/") {
		return respond(http.StatusOK, object)
	}
	return respond(http.StatusOK, map[string]any{"status": success(), "data": []any{object}})
}

// revokeToken ends a token for everybody who shares its credential pair.
func (s *Server) revokeToken(c *call) answer {
	id, secret, _, bad := credentials(c)
	if bad != nil {
		return *bad
	}
	cred := s.credential(id)
	if cred == nil || cred.ClientSecret != secret {
		return wrapped(http.StatusUnauthorized, "Unauthorized", "Authentication Failure")
	}
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || body.AccessToken == "" {
		return wrapped(http.StatusBadRequest, "bad request", "access_token is missing: send it in a JSON body")
	}
	if t := s.tokens[id]; t != nil && t.value == body.AccessToken {
		delete(s.tokens, id)
	}
	return respond(http.StatusOK, map[string]any{"status": success()})
}

// credentials reads a credential pair and grant type in any of the three documented presentations.
func credentials(c *call) (id, secret, grant string, bad *answer) {
	malformed := wrapped(http.StatusBadRequest, "bad request", "Content-Type or credential header is malformed")
	var body struct {
		GrantType string `json:"grant_type"`
	}
	form := url.Values{}
	if strings.HasPrefix(c.req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		f, err := url.ParseQuery(string(c.body))
		if err != nil {
			return "", "", "", &malformed
		}
		form, body.GrantType = f, f.Get("grant_type")
	} else if len(c.body) > 0 {
		if err := json.Unmarshal(c.body, &body); err != nil {
			return "", "", "", &malformed
		}
	}
	header := c.req.Header.Get("Authorization")
	switch {
	case header == "" && form.Get("client_id") != "":
		return form.Get("client_id"), form.Get("client_secret"), body.GrantType, nil
	case len(header) > 6 && strings.EqualFold(header[:6], "basic "):
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(header[6:]))
		name, pass, ok := strings.Cut(string(raw), ":")
		if err != nil || !ok {
			return "", "", "", &malformed
		}
		return name, pass, body.GrantType, nil
	}
	m := headerCredentials.FindStringSubmatch(header)
	if m == nil {
		return "", "", "", &malformed
	}
	return m[1], m[2], body.GrantType, nil
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
	refused := named(http.StatusUnauthorized, "UnauthorizedError", "Unauthorized")
	if c.v1() {
		refused = wrapped(http.StatusUnauthorized, "Unauthorized", "Authentication Failure")
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
			broken := wrapped(http.StatusInternalServerError, "Internal Server Error", "Internal Server Error")
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
