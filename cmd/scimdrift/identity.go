package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

func sourceName(c config.Connection) string {
	if c.OneLogin.AppID != 0 {
		return fmt.Sprintf("app %d", c.OneLogin.AppID)
	}
	return "app " + c.OneLogin.AppName
}

func (s *session) targetName() string {
	return s.orInDemo(targetName(s.connection.Target.URL), "simulated")
}

// targetName is the region of an AWS endpoint, else the host.
func targetName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "no address" // what was typed may hold what should not be shown
	}
	return cmp.Or(config.RegionOf(address), u.Host)
}

// fingerprint tells the connection apart by its addresses and app. A demo listens on another port each time and is told
// by what its tenant is made of, so that a plan of one demo can be run by the next.
func (s *session) fingerprint(ctx context.Context) (string, error) {
	if id := s.connection.OneLogin.AppID; id != 0 || s.sim != nil {
		return s.fingerprintOf(strconv.FormatInt(id, 10)), nil
	}
	if c := s.loader.Last(); c != nil && c.Source.App.ID != "" {
		return s.fingerprintOf(c.Source.App.ID), nil
	}
	app, err := s.source.App(ctx)
	if err != nil {
		return "", fmt.Errorf("the app of connection %s: %w", s.connection.Name, err)
	}
	return s.fingerprintOf(app.ID), nil
}

func (s *session) fingerprintOf(app string) string {
	if s.sim != nil {
		return s.tenant.fingerprint()
	}
	return s.connection.Fingerprint(app)
}

// fingerprint tells a built-in tenant by what it is made of, however much of that was left to the scenario.
func (f *tenantFlags) fingerprint() string {
	o := f.Options
	if filled, err := o.Filled(); err == nil {
		o = filled
	}
	return model.Fingerprint("demo", o.Scenario, strconv.Itoa(o.Users), strconv.Itoa(o.Groups),
		strconv.FormatUint(o.Seed, 10))
}

// userName is the user whom the journal names; the system may know none. A demo is made up, and its pictures name
// nobody.
func (s *session) userName() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return s.orInDemo(name, "you")
}

// hostName is the machine that the journal names; empty in a demo, and where it has no name.
func (s *session) hostName() string {
	name, _ := os.Hostname() // as far as the system knows one
	return s.orInDemo(name, "")
}

// orInDemo is how something is called, or how in a demo.
func (s *session) orInDemo(name, demo string) string {
	if s.sim != nil {
		return demo
	}
	return name
}
