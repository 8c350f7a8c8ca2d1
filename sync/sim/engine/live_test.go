package engine_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestABackgroundEngineRunsWhatIsDueOnly(t *testing.T) {
	s := newStage(t, 2)
	reached := make(chan string, 100)
	h := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		reached <- r.Method
		rw.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(h.Close)
	s.change(func() {
		s.app().SCIMBaseURL = h.URL
		s.e.UserChanged(101, false) // due after the delay, which this world's clock never reaches
	})
	s.e.Start(t.Context())
	s.change(func() { s.e.UserChanged(102, true) })
	if got := <-reached; got != http.MethodGet {
		t.Errorf("the target was asked with %s", got)
	}
	s.e.Close()
	s.e.Close()
	if jobs := s.e.Pending(); len(jobs) != 1 || jobs[0].User != 101 {
		t.Errorf("left in the queue: %v", jobs)
	}
}

func TestCloseInterruptsARequest(t *testing.T) {
	s := newStage(t, 1)
	reached, release := make(chan struct{}), make(chan struct{})
	h := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	t.Cleanup(h.Close)
	t.Cleanup(func() { close(release) })
	s.change(func() {
		s.app().SCIMBaseURL = h.URL
		s.e.UserChanged(101, true)
	})
	s.e.Start(t.Context())
	<-reached
	s.e.Close()
	if l := s.login(101); l.State != "provisioning_failed" {
		t.Errorf("login %+v; an interrupted push must not look finished", l)
	}
}

func TestJobsAreAnnounced(t *testing.T) {
	s := newStage(t, 1)
	s.change(func() { s.e.Press(engine.Reapply, appID, 0) })
	s.change(func() {
		events := s.w.Source.Events
		if len(events) != 1 || events[0].Type != 216 || events[0].AppID != appID || events[0].AppName != "AWS" {
			t.Errorf("events %+v, want JOB_IN_QUEUE", events)
		}
		s.e.UserChanged(101, false)
	})
	s.run()
	last := world.Event{}
	s.change(func() {
		for _, e := range s.w.Source.Events {
			if e.Type == 248 {
				last = e
			}
		}
	})
	if last.UserID != 101 || last.UserName != "Given F101" {
		t.Errorf("USER_MAPPINGS_SUCCEEDED is %+v", last)
	}
}

func TestAPutAsksNothingWithAQuestionMark(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	seen := []string{}
	h := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.RequestURI)
		_, _ = rw.Write([]byte(`{"id":"x","userName":"old"}`))
	}))
	t.Cleanup(h.Close)
	s.change(func() { s.app().SCIMBaseURL = h.URL })
	s.nudge()
	if want := "PUT /Users/" + s.login(101).RemoteID + "?"; len(seen) < 2 || seen[1] != want {
		t.Errorf("requests %v, want %s", seen, want)
	}
}
