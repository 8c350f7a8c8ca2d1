package onelogin

import (
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Event types of API calls themselves.
const (
	eventBadRequest   = 400
	eventUnauthorized = 401
	eventIndex        = 501
	eventShow         = 502
	eventOther        = 503
	eventAppUpdated   = 1302
	noEvent           = 0 // the handler makes its own
)

// addEvent puts an event at the end of the log.
func (s *Server) addEvent(e world.Event) {
	e.ID, e.At = s.w.NextID(), s.w.Now()
	s.w.Source.Events = append(s.w.Source.Events, e)
}

// makeNoise leaves the event that an API call makes of itself: its type, or the next number when the call failed (that
// is how the types from 9014 on are paired). A client has to tell these from real history by its own client id.
func (s *Server) makeNoise(c *call, event, status int) {
	if s.knobs.NoNoise || event == noEvent {
		return
	}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		event = eventUnauthorized
	case status >= http.StatusBadRequest && (event > 9000 || event == eventAppUpdated):
		event++
	case status >= http.StatusBadRequest:
		event = eventBadRequest
	}
	s.addEvent(world.Event{Type: event, ClientID: c.cred.ClientID, Notes: c.req.Method + " " + c.req.URL.Path})
	events := s.w.Source.Events
	s.noise[events[len(events)-1].ID] = true
	if len(s.noise) > or(s.knobs.NoiseCap, 2000) {
		s.quieten()
	}
}

// quieten drops the older half of the noise, so that a long test does not grow without end.
func (s *Server) quieten() {
	drop := len(s.noise) / 2
	kept := make([]world.Event, 0, len(s.w.Source.Events))
	for _, e := range s.w.Source.Events {
		if drop > 0 && s.noise[e.ID] {
			delete(s.noise, e.ID)
			drop--
			continue
		}
		kept = append(kept, e)
	}
	s.w.Source.Events = kept
}
