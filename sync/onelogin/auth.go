package onelogin

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// loginPause is the least time between two logins for a token that OneLogin refuses for the same kind of request and
// gives out again: then it is the scope that is missing, and asking again at once only spends the budget.
const loginPause = time.Minute

// login holds the token. It never revokes one: every process with the same credential shares it
// (https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2).
type login struct {
	wire    *transport.Client // its own client: the API's slots are held by those who wait for the token
	request transport.Request
	now     func() time.Time

	mu     transport.ContextMutex
	header string
	// refusedAt holds when the login gave header again though a kind of request had been answered with 401. A 401 means
	// an expired token, one that another process revoked, or a missing scope, and only the last is about one kind of
	// request: that the rules may not be read must not keep the users from a new token.
	refusedAt map[string]time.Time
}

// newLogin presents the credential as OneLogin's own SDK does, of the three ways that are documented
// (https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2).
func newLogin(wire *transport.Client, clientID, secret string) *login {
	return &login{wire: wire, now: time.Now, request: transport.Request{
		Method: http.MethodPost, Path: "/auth/oauth2/v2/token", Body: []byte(`{"grant_type":"client_credentials"}`),
		Header: http.Header{
			"Accept": {"application/json"}, "Content-Type": {"application/json"},
			"Authorization": {basicHeader(clientID, secret)},
		},
		Retry: true, // a login changes nothing
	}}
}

func basicHeader(clientID, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+":"+secret))
}

// authorize is transport.Options.Authorize: one login serves all who wait for it, and a 401 renews the token.
func (l *login) authorize(ctx context.Context, path, stale string) (string, error) {
	release, err := l.mu.Lock(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if l.header != "" && l.header != stale {
		return l.header, nil
	}
	kind, _ := Needs(path) // requests that need the same scope are of one kind
	kind = cmp.Or(kind, path)
	if at, before := l.refusedAt[kind]; before && stale == l.header && l.now().Sub(at) < loginPause {
		return stale, nil
	}
	header, err := l.requestToken(ctx)
	if err != nil {
		return "", err
	}
	if header != l.header {
		l.refusedAt = map[string]time.Time{}
	}
	if l.header = header; header == stale {
		l.refusedAt[kind] = l.now()
	}
	return header, nil
}

func (l *login) requestToken(ctx context.Context) (string, error) {
	resp, err := l.wire.Do(ctx, l.request)
	if err != nil {
		return "", explainLogin(err)
	}
	var got struct {
		AccessToken string `json:"access_token"`
	}
	if err := transport.Decode(resp.Body, &got); err != nil || got.AccessToken == "" {
		return "", errors.New("OneLogin's answer to the login holds no token; " +
			"check that url is https://SUBDOMAIN.onelogin.com")
	}
	return "Bearer " + got.AccessToken, nil
}

func explainLogin(err error) error {
	var status *transport.StatusError
	if !errors.As(err, &status) {
		return err
	}
	todo := hint(status, readAll)
	switch status.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		todo = "the login was refused: check client_id and client_secret, and that the credential still exists under " +
			"Developers > API Credentials"
	case http.StatusNotFound:
		todo = "there is no OneLogin at this address: check that url is https://SUBDOMAIN.onelogin.com"
	}
	return transport.Explain(err, "%v%s; %s", err, quoteMessage(status), todo)
}
