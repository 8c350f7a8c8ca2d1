package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cli/browser"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/tui"
)

// A session answers what the board asks.
var _ tui.Outside = (*session)(nil)

func (s *session) Load(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	return s.readAndKeep(func() (*drift.Comparison, error) { return s.loader.Load(ctx, watch) })
}

// Look reads what may have changed. Where a full read would cost others their calls, OneLogin is not asked at all.
func (s *session) Look(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	return s.readAndKeep(func() (*drift.Comparison, error) {
		return s.loader.Look(ctx, watch, s.callCaution("Looking again", time.Now()).Text != "")
	})
}

func (s *session) readAndKeep(read func() (*drift.Comparison, error)) (*drift.Comparison, error) {
	var was time.Time
	if last := s.loader.Last(); last != nil {
		was = last.Source.ReadAt
	}
	c, err := read()
	s.keepComparison(c)
	if c != nil && c.Source.ReadAt.After(was) {
		s.recordReadCost(c) // an idle look says nothing of what a read costs
	}
	return c, err
}

// Summary sums up what was last known of the connection. One that cannot be read is none: all of it comes a moment
// after.
func (s *session) Summary(context.Context) *drift.Summary {
	if !s.connection.Remember {
		return nil // Known says so
	}
	known, err := s.store.Known().Get()
	if err != nil || known == nil {
		return nil
	}
	return &known.Summary
}

func (s *session) Known(ctx context.Context) (*drift.Comparison, error) {
	return s.restoreComparison(ctx)
}

// Past tells how the findings came and went. That it cannot be told takes nothing from the board.
func (s *session) Past(_ context.Context, c *drift.Comparison) drift.Past {
	trend, _ := s.trendWith(c)
	return trend.Of(c, s.stateKey())
}

// Caution says what reading everything again would cost, where that matters.
func (s *session) Caution() tui.Caution { return s.callCaution("Reading both sides", time.Now()) }

func (s *session) callCaution(what string, at time.Time) tui.Caution {
	text, verdict := s.forecast(what, at)
	return tui.Caution{Text: text, Short: verdict == model.Short}
}

func (s *session) Refresh(ctx context.Context, subject model.Subject) (*drift.Comparison, error) {
	c, err := s.loader.Refresh(ctx, subject)
	s.keepComparison(c)
	return c, err
}

// webBrowser is the one that the operator reads in.
type webBrowser struct{}

// Open starts the operator's browser, unless it would come up where nobody sees it.
func (webBrowser) Open(ctx context.Context, address string) (opened bool, err error) {
	if !browserReachable(os.Getenv) {
		return false, nil
	}
	// Some starters end only with their browser, and the board must not wait for that when it is left.
	started := make(chan error, 1)
	go func() { started <- browser.OpenURL(address) }()
	select {
	case <-ctx.Done():
		return false, fmt.Errorf("the board was left before the browser came up: %w", ctx.Err())
	case err := <-started:
		if err != nil {
			return false, fmt.Errorf("the browser could not be started: %w; follow the link by hand", err)
		}
		return true, nil
	}
}

// Requests gives the request log of both sides, in the order in which the requests ended.
func (s *session) Requests() []model.Exchange {
	var out []model.Exchange
	names := sideNames("", s.connection.Target.Dialect, "")
	for i, of := range [...]struct{ service, base string }{
		{names[model.SourceSide].Short, s.connection.OneLogin.URL},
		{names[model.TargetSide].Short, s.connection.Target.URL},
		{names[model.TargetSide].Short, ""}, // the lens signs what it asks
	} {
		for _, e := range s.recorders[i].Exchanges() {
			out = append(out, exchange(of.service, of.base, &e))
		}
	}
	slices.SortStableFunc(out, func(a, b model.Exchange) int { return a.At.Compare(b.At) })
	return out
}

func exchange(service, base string, e *transport.Event) model.Exchange {
	path := "/" + strings.TrimPrefix(e.Path, "/")
	if e.Query != "" {
		path += "?" + e.Query
	}
	return model.Exchange{
		At: e.At, Service: service, Method: e.Method, Base: strings.TrimSuffix(base, "/"), Path: path, Status: e.Status,
		Err: e.Err, Duration: e.Duration, Waited: e.Waited, Login: strings.HasSuffix(e.Path, "/oauth2/v2/token"),
	}
}

func (s *session) Budgets() (b tui.Budgets) {
	b[model.SourceSide], b[model.TargetSide] = s.source.Budget(), s.target.Budget()
	return b
}

func (s *session) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	repairer, err := s.sharedRepairer(ctx)
	if err != nil {
		return nil, err
	}
	return repairer.Plan(ctx, picks, allow)
}

func (s *session) Undo(ctx context.Context, run string, allow []model.GuardRule) (*model.Plan, error) {
	repairer, err := s.sharedRepairer(ctx)
	if err != nil {
		return nil, err
	}
	return repairer.Undo(ctx, run, allow)
}

// Run runs a plan, from the reading that the board shows unless that is old.
func (s *session) Run(
	ctx context.Context, plan *model.Plan, allow []model.GuardRule, reason string, watch func(plan.RunProgress),
) (model.Run, *drift.Comparison, error) {
	run, err := s.run(ctx, plan, repair.RunOptions{Reason: reason, Allow: allow, Watch: watch})
	return run, s.loader.Last(), err
}

// run runs a plan, and keeps what was read for it.
func (s *session) run(ctx context.Context, plan *model.Plan, o repair.RunOptions) (model.Run, error) {
	repairer, err := s.sharedRepairer(ctx)
	if err != nil {
		return model.Run{}, err
	}
	reads := s.loader.ReadsInFull() != ""
	run, err := repairer.Run(ctx, plan, o)
	s.keepComparison(s.loader.Last())
	if reads {
		s.recordReadCost(s.loader.Last())
	}
	return run, err
}

func (s *session) Settle(ctx context.Context, run string) (model.Run, error) {
	repairer, err := s.sharedRepairer(ctx)
	if err != nil {
		return model.Run{}, err
	}
	return repairer.Settle(ctx, run)
}

// History gives the runs of this connection. Where the app has to be found first and OneLogin does not answer, the runs
// go by the connection's name, because the history is wanted most when nothing works.
func (s *session) History(ctx context.Context) ([]model.Run, error) {
	repairer, err := s.sharedRepairer(ctx)
	if err == nil {
		return repairer.History()
	}
	if ctx.Err() != nil {
		return nil, err
	}
	runs, err := s.journal.Runs("")
	return runsOfConnection(runs, s.connection.Name), err
}

func (s *session) Place(app string, place model.Place) model.Location {
	return locator(s.connection.OneLogin.Console())(app, place)
}

func (s *session) Probe(ctx context.Context) (*drift.Comparison, error) {
	c, err := s.loader.Probe(ctx, s.source, s.target)
	s.keepComparison(c)
	return c, err
}

func (s *session) Cases(context.Context) ([]runbook.Entry, error) {
	return s.store.Cases()
}

func (s *session) KeepCase(_ context.Context, e runbook.Entry) error {
	return s.store.KeepCase(e)
}

func (s *session) DropCase(_ context.Context, e runbook.Entry) error {
	return s.store.DropCase(e)
}

func (s *session) Record(_ context.Context, book runbook.Book, c runbook.Case) (text, path string, err error) {
	var out strings.Builder
	at := time.Now()
	h := report.CaseHeader{
		Connection: s.connection.Name, Who: s.userName(), Host: s.hostName(), Version: version, At: at,
	}
	if err := report.CaseMarkdown(&out, book, c, h); err != nil {
		return "", "", err
	}
	path, err = s.store.RecordCase(book.Name, at, []byte(out.String()))
	return out.String(), path, err
}
