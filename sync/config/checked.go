package config

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

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
		OneLogin: s.OneLogin, Target: b.checkTarget(s.Target), AWS: b.checkLens(s.AWS, s.Target),
		Groups: b.checkGroups(s.Groups), Compare: b.compareFields(s.Users.Compare),
		Guard: b.checkGuard(s.Guard, s.ReadOnly), HandoffDeadline: b.readSpan("ui.handoff_deadline",
			f.UI.HandoffDeadline, minDeadline),
		Notify: cmp.Or(f.UI.Notify, "critical"),
		Plain:  f.UI.Plain,
		secret: b.readSecret("onelogin.client_secret", s.OneLogin.Secret),
	}
	if s.Target.Secret != nil || s.AWS == (AWS{}) {
		c.token = b.readSecret("target.token", s.Target.Secret)
	}
	c.OneLogin.Secret, c.Target.Secret = nil, nil
	b.checkOneLogin(s.OneLogin)
	b.checkOneOf("ui.notify", c.Notify, "off", "critical", "high")
	if f.UI.Watch != "off" {
		c.Watch = b.readSpan("ui.watch", f.UI.Watch, LeastWatch)
	}
	b.check(c.Groups.From != "rules" || !c.OneLogin.Skips("rules"), "groups.from",
		`is "rules", which onelogin.skip leaves out; take "rules" out of skip, or use from = "roles"`)
	// Nothing is written without a token. A second one would take the slot that its rotation needs, so that reading has
	// to do without.
	c.Guard.ReadOnly = c.Guard.ReadOnly || c.token.Key == ""
	b.checkOneOf("accent", s.Accent, accents...)
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

// checkOneOf refuses a value that is none of a few; an empty one among them is for none.
func (b *builder) checkOneOf(key, value string, known ...string) {
	words := make([]string, 0, len(known))
	for _, one := range known {
		if one != "" {
			words = append(words, strconv.Quote(one))
		}
	}
	b.check(slices.Contains(known, value), key, fmt.Sprintf("is %q; write %s", value, strings.Join(words, " or ")))
}

func (b *builder) readSecret(key string, value any) Secret {
	s, err := ReadSecret(value)
	if err != nil {
		b.check(false, key, err.Error())
	}
	s.Key = b.prefix + key
	s.position = b.file.position(s.Key)
	return s
}

func (b *builder) checkOneLogin(s OneLogin) {
	b.checkAddress("onelogin.url", s.URL)
	if s.ConsoleURL != "" {
		b.checkAddress("onelogin.console_url", s.ConsoleURL)
	}
	b.check(s.ClientID != "", "onelogin.client_id",
		"is missing; make a credential pair in OneLogin under Developers > API Credentials")
	b.check(!hasInvisible(s.ClientID), "onelogin.client_id", errInvisible.Error())
	b.check(s.AppID >= 0, "onelogin.app_id", "must be positive; take the number in the app's address in the console")
	b.check(s.AppID != 0 || s.AppName != "", "onelogin.app_id", "is missing; set it, or app_name to a pattern that "+
		"names exactly one app")
	b.check(s.RateShare >= 0 && s.RateShare <= 1, "onelogin.rate_share", "must be above 0 and at most 1; leave it out "+
		"for the default")
	for _, part := range s.Skip {
		b.checkOneOf("onelogin.skip", part, "rules", "events")
	}
}

func (b *builder) checkTarget(t Target) Target {
	b.checkAddress("target.url", t.URL)
	b.checkOneOf("target.dialect", t.Dialect, "", "aws", "generic")
	b.check(t.RateShare >= 0, "target.rate_share", "must not be below 0; leave it out for the default")
	b.checkOneOf("target.write", t.Write, "", "auto", "patch", "put")
	t.Dialect, t.Write, t.CAFile = cmp.Or(t.Dialect, "aws"), cmp.Or(t.Write, "auto"), b.file.resolvePath(t.CAFile)
	b.check(t.Dialect != "aws" || t.Write == "auto", "target.write",
		`is for targets with dialect = "generic"; remove it`)
	if t.Expires != nil {
		ends, err := parseDate(t.Expires)
		b.check(err == nil, "target.token_expires", "must be a date such as 2027-08-01")
		t.TokenEnds, t.TokenEndsBy = ends, model.TokenConfigured
	}
	for _, part := range t.Skip {
		b.checkOneOf("target.skip", part, "groups")
	}
	b.check(t.Dialect != "aws" || !t.SkipGroups(), "target.skip",
		`is for targets with dialect = "generic" that have no groups; remove it`)
	if key := b.prefix + "target.ca_file"; t.CAFile != "" {
		t.caPosition = b.file.position(key) + ": " + key
	}
	return t
}

func (b *builder) compareFields(names []string) model.FieldSet {
	if names == nil {
		return model.FieldSetOf(model.Fields()...)
	}
	var set model.FieldSet
	for _, name := range names {
		b.checkOneOf("users.compare", name, model.FieldNames()...)
		if i := slices.Index(model.FieldNames(), name); i >= 0 {
			set |= model.FieldSetOf(model.Field(i))
		}
	}
	return set
}

func (b *builder) checkAddress(key, raw string) {
	trouble := transport.AddressTrouble(raw)
	b.check(trouble == "", key, trouble)
}

// The spans that the board takes: how long a console repair is watched, and how often both sides are looked at again.
const (
	minDeadline = 10 * time.Second
	LeastWatch  = time.Minute
	maxSpan     = 24 * time.Hour
)

func (b *builder) readSpan(key, text string, least time.Duration) time.Duration {
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
	if err != nil || d < least || d > maxSpan {
		return 0, fmt.Errorf("write a time span between %s and 24h, such as \"10m\"",
			strings.Replace(least.String(), "m0s", "m", 1))
	}
	return d, nil
}
