// Package onelogin reads a OneLogin account: one app, the users it is assigned to, the roles, the app's rules and the
// events. It takes nothing for granted that OneLogin does not promise: every list says how much of it was read.
//
// OneLogin has no public API to sync, refresh, reapply, approve or retry provisioning, so this package has none either.
// All that it ever writes is a nudge: one custom attribute of one user, so that OneLogin looks at that user again.
package onelogin

import (
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// hourlyCalls is the documented limit, shared by every API client of the account
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
const hourlyCalls = 5000

// concurrency stays below what OneLogin has been seen to answer with 502
// (https://github.com/onelogin/terraform-provider-onelogin/issues/219).
const concurrency = 6

// Options say which app of which account is read, and as whom.
type Options struct {
	// URL is https://SUBDOMAIN.onelogin.com.
	URL                    string
	ClientID, ClientSecret string
	// AppID is the app; if it is 0, AppName is a glob, without regard to case, that must fit exactly one app's name.
	AppID   int64
	AppName string
	// RateShare is the part of the hourly limit to use, also in a burst; 0 means 0.5, and transport.Unlimited no limit.
	RateShare float64
	// UserNameField is the OneLogin user field that is sent as userName; empty means the app's own mapping, else email.
	UserNameField string
	// WithRules: users and roles are read with what the rules ask for, and the rules with the entitlement cache.
	WithRules bool
	// NudgeAttribute is the shortname of the custom user attribute that a nudge sets; without it there is no nudge.
	NudgeAttribute string

	// HTTP carries what the adapter has no opinion on: observers, recorder, retries, time-outs, and further secrets to
	// mask, such as the token of the target, which OneLogin's log may quote.
	HTTP transport.Options
}

// Client reads one app's side of a OneLogin account. It is safe for many goroutines.
type Client struct {
	opts Options
	api  *transport.Client
	auth *transport.Client

	appMu transport.ContextMutex // guards what follows
	appID string
	app   *model.App

	rules atomic.Pointer[ruleSet] // nil before they are known

	controls controls
}

// New makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	switch {
	case o.ClientID == "" || o.ClientSecret == "":
		return nil, errors.New("the OneLogin credential is incomplete; set client_id and client_secret")
	case o.AppID == 0 && o.AppName == "":
		return nil, errors.New("no OneLogin app is named; set app_id or app_name")
	case o.AppID < 0:
		return nil, fmt.Errorf("app_id %d is no app; take the number from the app's address in the console", o.AppID)
	case o.RateShare < 0 || o.RateShare > 1 && o.RateShare != transport.Unlimited:
		return nil, fmt.Errorf("rate_share %v is out of range; set it above 0 and up to 1", o.RateShare)
	case o.RateShare == 0:
		o.RateShare = 0.5
	}
	c := &Client{opts: o}
	if o.AppID != 0 {
		c.appID = strconv.FormatInt(o.AppID, 10)
	}
	basic := basicHeader(o.ClientID, o.ClientSecret)
	wire := o.HTTP
	wire.BaseURL, wire.Concurrency, wire.Transient = o.URL, concurrency, isRateLimited
	wire.Secrets = append([]string{o.ClientID, o.ClientSecret, basic[len("Basic "):]}, o.HTTP.Secrets...)
	if o.RateShare <= 1 {
		wire.Rate, wire.Burst = hourlyCalls*o.RateShare/3600, max(1, int(hourlyCalls*o.RateShare))
	}
	var err error
	if c.auth, err = transport.New(wire); err != nil {
		return nil, fmt.Errorf("the OneLogin url: %w", err)
	}
	wire.Authorize = newLogin(c.auth, o.ClientID, o.ClientSecret).authorize
	if c.api, err = transport.New(wire); err != nil {
		return nil, fmt.Errorf("the OneLogin url: %w", err)
	}
	return c, nil
}

// Close drops idle connections. The token is not revoked, because other processes may share it.
func (c *Client) Close() {
	c.api.Close()
	c.auth.Close()
}

// Budget is what OneLogin said last about the account's hourly limit.
func (c *Client) Budget() model.Budget { return c.api.Budget() }

// Requests is how many requests were sent so far, logins and retries included.
func (c *Client) Requests() int { return c.api.Requests() + c.auth.Requests() }

// progress is told how many records of a list have been read and how many are expected, 0 if that is not known. It is
// called from several goroutines, one at a time, and must return quickly; nil is fine.
type progress = func(done, expected int)
