// Package sim serves a simulated OneLogin and the SCIM target that it provisions on one loopback listener: for the
// demo, for practice and for every test that wants real HTTP. The product's packages are not imported, so that the
// simulation cannot share their mistakes.
package sim

import (
	"context"
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
		if aws.Mine(r) {
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
