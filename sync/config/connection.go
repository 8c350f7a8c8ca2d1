package config

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Connection is one connection, checked. Its secrets are there once they have been fetched.
type Connection struct {
	Name   string
	Accent string

	OneLogin OneLogin
	Target   Target
	AWS      AWS

	Groups rules.GroupsConfig
	// UserNameField is the OneLogin field sent as userName; empty means the app's own mapping.
	UserNameField string
	Compare       model.FieldSet
	// Remember: what was last known of it is kept on disk.
	Remember bool
	// Guard holds read_only too.
	Guard model.Guard
	// HandoffDeadline is how long a console repair is watched; 0 means the default.
	HandoffDeadline time.Duration
	// Watch is how often the board looks again; 0 does not. Notify is for what that calls the operator: "off",
	// "critical" or "high".
	Watch  time.Duration
	Notify string
	// Plain: no colours, and questions line by line.
	Plain bool

	secret, token Secret
}

// Secrets says where the connection's secrets come from: OneLogin's, and the target's if it has one.
func (c *Connection) Secrets() []Secret {
	if c.token.Key == "" {
		return []Secret{c.secret}
	}
	return []Secret{c.secret, c.token}
}

// Fetch gets the secrets from where they are: it may run commands and ask the keyring.
func (c *Connection) Fetch(ctx context.Context, from Sources) (err error) {
	if c.OneLogin.ClientSecret, err = c.secret.Fetch(ctx, from); err != nil {
		return err
	}
	if c.token.Key != "" {
		c.Target.Token, err = c.token.Fetch(ctx, from)
	}
	if own := jwtEnd(c.Target.Token); c.Target.TokenEnds.IsZero() && !own.IsZero() {
		c.Target.TokenEnds, c.Target.TokenEndsBy = own, model.TokenDated
	}
	return err
}

// OneLogin is [connections.NAME.onelogin]: how the source is reached. AppID 0 means that AppName chooses.
type OneLogin struct {
	URL            string   `toml:"url,omitempty"`
	ConsoleURL     string   `toml:"console_url,omitempty"`
	ClientID       string   `toml:"client_id,omitempty"`
	Secret         any      `toml:"client_secret,inline,omitempty"` // as written; nil in a Connection
	AppID          int64    `toml:"app_id,omitempty"`
	AppName        string   `toml:"app_name,omitempty"`
	Skip           []string `toml:"skip,omitempty"`
	NudgeAttribute string   `toml:"nudge_attribute,omitempty"`
	RateShare      float64  `toml:"rate_share,omitempty"` // 0: the default

	ClientSecret string `toml:"-"`
}

// Console is the address of the admin console.
func (o OneLogin) Console() string { return cmp.Or(o.ConsoleURL, o.URL) }

// Simulated reports whether it is on this machine, where no real one is.
func (o OneLogin) Simulated() bool { return transport.Loopback(o.URL) }

// Skips reports whether a part is not to be read.
func (o OneLogin) Skips(part string) bool { return slices.Contains(o.Skip, part) }

// Target is [connections.NAME.target]: how the target is reached.
type Target struct {
	Dialect string `toml:"dialect,omitempty"`
	URL     string `toml:"url,omitempty"`
	Secret  any    `toml:"token,inline,omitempty"` // as written; nil in a Connection
	// Expires is a date of TOML's, or one in a string.
	Expires any `toml:"token_expires,omitempty"`
	// CAFile is a path that holds in every folder.
	CAFile    string   `toml:"ca_file,omitempty"`
	RateShare float64  `toml:"rate_share,omitempty"`
	Write     string   `toml:"write,omitempty"`
	Skip      []string `toml:"skip,omitempty"`

	Token string `toml:"-"`
	// TokenEnds is when the token ends, and TokenEndsBy what says so; zero if nothing does.
	TokenEnds   time.Time           `toml:"-"`
	TokenEndsBy model.TokenEvidence `toml:"-"`
	// caPosition is place and key of CAFile, for errors.
	caPosition string
}

// SkipGroups reports whether the target has no groups.
func (t *Target) SkipGroups() bool { return len(t.Skip) > 0 }
