package config

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	// caAt is place and key of CAFile, for errors.
	caAt string
}

// SkipGroups reports whether the target has no groups.
func (t *Target) SkipGroups() bool { return len(t.Skip) > 0 }

// The accents: the 16 colours that every terminal names for itself.
var accents = []string{ //nolint:gochecknoglobals // a constant list
	"", "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
	"bright-green",
	"bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
}

// Connection checks one connection and fetches its secrets. An empty name is the default.
func (f *File) Connection(ctx context.Context, name string, from Sources) (Connection, error) {
	c, err := f.Checked(name)
	if err == nil {
		err = c.Fetch(ctx, from)
	}
	return c, err
}

// Checked checks one connection and fetches no secret. An empty name is the default. The error has a line for each key
// that is wrong; what is right is in the connection, so that one which cannot be opened can be listed.
func (f *File) Checked(name string) (Connection, error) {
	name, err := f.Choose(name)
	if err != nil {
		return Connection{}, err
	}
	s := f.Connections[name]
	b := builder{file: f, prefix: "connections." + name + "."}
	c := Connection{
		Name: name, Accent: s.Accent, Remember: s.Remember == nil || *s.Remember, UserNameField: s.Users.UserName,
		OneLogin: s.OneLogin, Target: b.target(s.Target), AWS: b.lens(s.AWS, s.Target),
		Groups: b.groups(s.Groups), Compare: b.compare(s.Users.Compare),
		Guard: b.guard(s.Guard, s.ReadOnly), HandoffDeadline: b.span("ui.handoff_deadline",
			f.UI.HandoffDeadline, leastDeadline),
		Notify: cmp.Or(f.UI.Notify, "critical"),
		Plain:  f.UI.Plain,
		secret: b.secret("onelogin.client_secret", s.OneLogin.Secret),
	}
	if s.Target.Secret != nil || s.AWS == (AWS{}) {
		c.token = b.secret("target.token", s.Target.Secret)
	}
	c.OneLogin.Secret, c.Target.Secret = nil, nil
	b.oneLogin(s.OneLogin)
	b.oneOf("ui.notify", c.Notify, "off", "critical", "high")
	if f.UI.Watch != "off" {
		c.Watch = b.span("ui.watch", f.UI.Watch, LeastWatch)
	}
	b.check(c.Groups.From != "rules" || !c.OneLogin.Skips("rules"), "groups.from",
		`is "rules", which onelogin.skip leaves out; take "rules" out of skip, or use from = "roles"`)
	// Nothing is written without a token. A second one would take the slot that its rotation needs, so that reading has
	// to do without.
	c.Guard.ReadOnly = c.Guard.ReadOnly || c.token.Key == ""
	b.oneOf("accent", s.Accent, accents...)
	if f.exposed && (!transport.Loopback(c.OneLogin.URL) || !transport.Loopback(c.Target.URL)) {
		for _, secret := range c.Secrets() {
			b.check(!secret.InFile(), strings.TrimPrefix(secret.Key, b.prefix),
				"stands in a file that others can read; run: chmod 600 "+f.path)
		}
	}
	return c, errors.Join(b.errs...)
}

type builder struct {
	file   *File
	prefix string
	errs   []error
}

// check notes what is wrong with a key of the connection, or of [ui], unless it is right.
func (b *builder) check(ok bool, key, text string) {
	if ok {
		return
	}
	if !strings.HasPrefix(key, "ui.") {
		key = b.prefix + key
	}
	b.errs = append(b.errs, b.file.Wrong(key, text))
}

// oneOf refuses a value that is none of a few; an empty one among them is for none.
func (b *builder) oneOf(key, value string, known ...string) {
	words := make([]string, 0, len(known))
	for _, one := range known {
		if one != "" {
			words = append(words, strconv.Quote(one))
		}
	}
	b.check(slices.Contains(known, value), key, fmt.Sprintf("is %q; write %s", value, strings.Join(words, " or ")))
}

func (b *builder) secret(key string, value any) Secret {
	s, err := ReadSecret(value)
	if err != nil {
		b.check(false, key, err.Error())
	}
	s.Key = b.prefix + key
	s.at = b.file.at(s.Key)
	return s
}

func (b *builder) oneLogin(s OneLogin) {
	b.address("onelogin.url", s.URL)
	if s.ConsoleURL != "" {
		b.address("onelogin.console_url", s.ConsoleURL)
	}
	b.check(s.ClientID != "", "onelogin.client_id",
		"is missing; make a credential pair in OneLogin under Developers > API Credentials")
	b.check(!stray(s.ClientID), "onelogin.client_id", errStray.Error())
	b.check(s.AppID >= 0, "onelogin.app_id", "must be positive; take the number in the app's address in the console")
	b.check(s.AppID != 0 || s.AppName != "", "onelogin.app_id", "is missing; set it, or app_name to a pattern that "+
		"names exactly one app")
	b.check(s.RateShare >= 0 && s.RateShare <= 1, "onelogin.rate_share", "must be above 0 and at most 1; leave it out "+
		"for the default")
	for _, part := range s.Skip {
		b.oneOf("onelogin.skip", part, "rules", "events")
	}
}

func (b *builder) target(t Target) Target {
	b.address("target.url", t.URL)
	b.oneOf("target.dialect", t.Dialect, "", "aws", "generic")
	b.check(t.RateShare >= 0, "target.rate_share", "must not be below 0; leave it out for the default")
	b.oneOf("target.write", t.Write, "", "auto", "patch", "put")
	t.Dialect, t.Write, t.CAFile = cmp.Or(t.Dialect, "aws"), cmp.Or(t.Write, "auto"), b.file.beside(t.CAFile)
	b.check(t.Dialect != "aws" || t.Write == "auto", "target.write",
		`is for targets with dialect = "generic"; remove it`)
	if t.Expires != nil {
		ends, err := dated(t.Expires)
		b.check(err == nil, "target.token_expires", "must be a date such as 2027-08-01")
		t.TokenEnds, t.TokenEndsBy = ends, model.TokenConfigured
	}
	for _, part := range t.Skip {
		b.oneOf("target.skip", part, "groups")
	}
	b.check(t.Dialect != "aws" || !t.SkipGroups(), "target.skip",
		`is for targets with dialect = "generic" that have no groups; remove it`)
	if key := b.prefix + "target.ca_file"; t.CAFile != "" {
		t.caAt = b.file.at(key) + ": " + key
	}
	return t
}

func (b *builder) groups(s GroupsSection) rules.GroupsConfig {
	g := rules.GroupsConfig{From: cmp.Or(s.From, "auto"), Name: s.Name, Ignore: s.Ignore}
	b.oneOf("groups.from", g.From, "auto", "rules", "roles")
	b.check(g.From != "roles" || s.Roles != "", "groups.roles",
		`is needed with from = "roles": the pattern of the roles that become groups`)
	if s.Roles != "" {
		pattern, err := regexp.Compile(s.Roles)
		if err != nil {
			b.check(false, "groups.roles", fmt.Sprintf("is no regular expression (RE2): %v", err))
		}
		g.Roles = pattern
	}
	b.expansion(s.Name, g.Roles)
	b.globs("groups.ignore", s.Ignore)
	return g
}

func (b *builder) globs(key string, globs []string) {
	for _, glob := range globs {
		_, err := path.Match(glob, "")
		b.check(err == nil, key, fmt.Sprintf("holds %q, which is no glob", glob))
	}
}

// references finds what a name expands: $1, ${1}, $team, ${team}; and $$, which is a dollar sign.
var references = regexp.MustCompile(`\$(?:\$|([\pL\pN_]+)|\{([\pL\pN_]+)\})`)

// expansion refuses a name that refers to what the pattern does not capture. It would expand to nothing, no role would
// yield a group, and every group at the target would look as if it should go.
func (b *builder) expansion(name string, pattern *regexp.Regexp) {
	if name != "" && pattern == nil {
		b.check(false, "groups.name", "is an expansion of what groups.roles matches; set groups.roles too")
		return
	}
	for _, match := range references.FindAllStringSubmatch(name, -1) {
		group := match[1] + match[2]
		number, err := strconv.Atoi(group)
		captured := err == nil && number <= pattern.NumSubexp() || slices.Contains(pattern.SubexpNames(), group)
		b.check(group == "" || captured, "groups.name",
			fmt.Sprintf("refers to %s, which groups.roles does not capture; put parentheses around that part of the "+
				"pattern", match[0]))
	}
}

func (b *builder) compare(names []string) model.FieldSet {
	if names == nil {
		return model.FieldSetOf(model.Fields()...)
	}
	var set model.FieldSet
	for _, name := range names {
		b.oneOf("users.compare", name, model.FieldNames()...)
		if i := slices.Index(model.FieldNames(), name); i >= 0 {
			set |= model.FieldSetOf(model.Field(i))
		}
	}
	return set
}

func (b *builder) address(key, raw string) {
	trouble := transport.AddressTrouble(raw)
	b.check(trouble == "", key, trouble)
}

// guard fills in the defaults. A limit of 0 is one: nothing of the kind goes through without --allow.
func (b *builder) guard(s GuardSection, readOnly bool) model.Guard {
	g := model.DefaultGuard()
	g.ReadOnly, g.ProtectGroups, g.ProtectUsers = readOnly, s.ProtectGroups, s.ProtectUsers
	for _, limit := range []struct {
		key  string
		set  *int
		into *int
	}{
		{"guard.max_deletes", s.MaxDeletes, &g.MaxDeletes},
		{"guard.max_removals", s.MaxRemovals, &g.MaxRemovals},
		{"guard.max_grants", s.MaxGrants, &g.MaxGrants},
		{"guard.max_delete_percent", s.MaxDeletePercent, &g.MaxPercent},
	} {
		if limit.set != nil {
			b.check(*limit.set >= 0, limit.key, "must not be below 0; 0 lets nothing through, and without the key "+
				"the default holds")
			*limit.into = *limit.set
		}
	}
	b.check(g.MaxPercent <= 100, "guard.max_delete_percent", "must be at most 100")
	b.protected("guard.protect_groups", s.ProtectGroups)
	b.protected("guard.protect_users", s.ProtectUsers)
	return g
}

// protected refuses a glob that protects nobody: an empty one is a slip, and it would look like protection.
func (b *builder) protected(key string, globs []string) {
	b.globs(key, globs)
	for _, glob := range globs {
		b.check(strings.TrimSpace(glob) != "", key,
			"holds an empty glob, which protects nothing; write a name, or take it out")
	}
}

// The spans that the board takes: how long a console repair is watched, and how often both sides are looked at again.
const (
	leastDeadline = 10 * time.Second
	LeastWatch    = time.Minute
	mostOfSpans   = 24 * time.Hour
)

func (b *builder) span(key, text string, least time.Duration) time.Duration {
	if text == "" {
		return 0
	}
	d, err := ParseSpan(text, least)
	if err != nil {
		b.check(false, key, fmt.Sprintf("is %q; %v", text, err))
	}
	return d
}

// ParseSpan reads a time span between the least that is given and a day.
func ParseSpan(text string, least time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > mostOfSpans {
		return 0, fmt.Errorf("write a time span between %s and 24h, such as \"10m\"",
			strings.Replace(least.String(), "m0s", "m", 1))
	}
	return d, nil
}
