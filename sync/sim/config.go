package sim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Connection completes the configuration that connects to the simulation.
type Connection struct {
	// From is "auto" (empty means that), "rules" or "roles", and Roles the pattern of [connections.NAME.groups].
	From, Roles string
	// NudgeAttribute is the custom attribute that a nudge may write; empty leaves nudges out.
	NudgeAttribute string
	// Lens adds [connections.sim.aws]. Any credentials will do, also made-up ones.
	Lens bool
}

func (s *Server) targetURL() string { return s.url + "/" + s.world.Target.TenantID + "/scim/v2" }

// Config is the configuration file that connects to this simulation. Its secrets are literal, which is allowed for
// loopback only.
func (s *Server) Config() string {
	s.world.Lock()
	defer s.world.Unlock()
	c := s.opts.Connection
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	text := func(key, value string) {
		if value != "" {
			quoted, _ := json.Marshal(value) // a string always marshals, and TOML takes every escape of JSON
			line("%s = %s", key, quoted)
		}
	}
	line("default_connection = \"sim\"\n\n[connections.sim.onelogin]")
	text("url", s.url)
	if pairs := s.world.Source.Credentials; len(pairs) > 0 {
		text("client_id", pairs[0].ClientID)
		text("client_secret", pairs[0].ClientSecret)
	}
	line("app_id = %d", s.opts.AppID)
	text("nudge_attribute", c.NudgeAttribute)
	line("\n[connections.sim.target]\ndialect = \"aws\"")
	text("url", s.targetURL())
	for _, t := range s.world.Target.Tokens[:min(1, len(s.world.Target.Tokens))] {
		text("token", t.Value)
		if !t.Expires.IsZero() {
			line("token_expires = %s", t.Expires.UTC().Format(time.DateOnly))
		}
	}
	if c.Lens {
		line("\n[connections.sim.aws]")
		text("region", s.world.Target.Region)
		text("identity_store_id", s.world.Target.IdentityStoreID)
		text("instance_arn", s.world.Target.InstanceARN)
		text("endpoint", s.url)
	}
	line("\n[connections.sim.groups]")
	text("from", cmp.Or(c.From, "auto"))
	text("roles", c.Roles)
	return b.String()
}
