// Package sim serves a simulated OneLogin and the SCIM target that it provisions on one loopback listener: for the
// demo, for practice and for every test that wants real HTTP. The product's packages are not imported, so that the
// simulation cannot share their mistakes.
package sim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Options say what to serve and how.
type Options struct {
	// World is both tenants' state; it must not be nil. The server sets the SCIM base URL of the app that it serves.
	World *world.World
	// AppID is the app that provisions the target.
	AppID int64
	// Connection completes what Config prints; its zero value reads groups from the app's rules.
	Connection Connection
	// Latency is added to every request, those of the provisioning engine included.
	Latency time.Duration
	// OneLogin are the choices of OneLogin, SCIM those of the target (nil is scim.Current), AWS those of the target's
	// other APIs.
	OneLogin onelogin.Knobs
	SCIM     *scim.Knobs
	AWS      aws.Knobs
	// Manual leaves provisioning jobs in the queue until RunPending or /__sim/jobs/run; without it they run when they
	// are due.
	Manual bool
}

// Server is a running simulation. Its parts are exported so that tests can turn their knobs and read their logs.
type Server struct {
	OneLogin *onelogin.Server
	SCIM     *scim.Server
	AWS      *aws.Server
	Engine   *engine.Engine
	Faults   *fault.Set

	world *world.World
	opts  Options
	url   string
	http  *http.Server
	done  chan error
}

// Start listens on a free loopback port and serves until Close, or until ctx ends. It fails when the world
// has no such app.
func Start(ctx context.Context, opts Options) (*Server, error) {
	app := opts.World.Source.Apps[opts.AppID]
	if app == nil {
		return nil, fmt.Errorf("the world has no app %d to provision with", opts.AppID)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the simulation cannot listen on loopback: %w", err)
	}
	s := &Server{
		world: opts.World, opts: opts, url: "http://" + listener.Addr().String(), done: make(chan error, 1),
		Faults: &fault.Set{},
	}
	opts.World.Lock()
	app.SCIMBaseURL = s.targetURL()
	opts.World.Unlock()
	s.Engine = engine.New(opts.World)
	s.OneLogin = onelogin.New(opts.World, opts.OneLogin, s.Engine)
	knobs := scim.Current()
	if opts.SCIM != nil {
		knobs = *opts.SCIM
	}
	s.SCIM = scim.New(opts.World, knobs)
	s.AWS = aws.New(opts.World, opts.AWS)
	s.http = &http.Server{Handler: s.delayed(s.handler()), ReadHeaderTimeout: 10 * time.Second}
	go func() { s.done <- s.http.Serve(listener) }()
	if !opts.Manual {
		s.Engine.Start(ctx)
	}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

// handler sends each path to its service: what names an operation of AWS's own APIs, OneLogin's own paths, the
// control page, and the rest to SCIM.
func (s *Server) handler() http.Handler {
	oneLogin := s.Faults.Wrap(fault.OneLogin, s.OneLogin)
	target := s.Faults.Wrap(fault.SCIM, s.SCIM)
	others := s.Faults.Wrap(fault.AWS, s.AWS)
	control := s.control()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if aws.Handles(r) {
			others.ServeHTTP(rw, r)
			return
		}
		switch first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); first {
		case "auth", "api":
			oneLogin.ServeHTTP(rw, r)
		case "apps": // the console is what repairs a broken tenant, so no fault reaches it
			s.OneLogin.ServeHTTP(rw, r)
		case "__sim":
			control.ServeHTTP(rw, r)
		default:
			target.ServeHTTP(rw, r)
		}
	})
}

func (s *Server) delayed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if fault.Pause(r.Context(), s.opts.Latency) == nil {
			next.ServeHTTP(rw, r)
		}
	})
}

// URL is the base of everything, such as http://127.0.0.1:8181, without a slash at the end.
func (s *Server) URL() string { return s.url }

// Close stops the engine and the listener and waits for both. Closing twice is harmless.
func (s *Server) Close() error {
	err := s.http.Close()
	s.Engine.Close()
	if served, ok := <-s.done; ok {
		close(s.done)
		if !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}
	return err
}

// control is what a person at the simulation can do besides pressing buttons in its console. The product never calls
// it.
//
//	POST   /__sim/faults       add one        DELETE: remove all
//	POST   /__sim/jobs/run     run the queued provisioning jobs now, due or not
//	POST   /__sim/console/...  the console's buttons
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /__sim/faults", func(rw http.ResponseWriter, r *http.Request) {
		var f fault.Fault
		d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 1<<20))
		d.DisallowUnknownFields()
		err := d.Decode(&f)
		if err == nil {
			err = s.Faults.Add(f)
		}
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("DELETE /__sim/faults", func(http.ResponseWriter, *http.Request) { s.Faults.Clear() })
	mux.HandleFunc("POST /__sim/jobs/run", func(rw http.ResponseWriter, r *http.Request) {
		if err := s.Engine.RunPending(r.Context()); err != nil {
			http.Error(rw, err.Error(), http.StatusServiceUnavailable)
		}
	})
	mux.Handle("POST /__sim/console/", s.OneLogin)
	// The simulation listens where every page that the operator's browser shows can reach it.
	return http.NewCrossOriginProtection().Handler(mux)
}

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
