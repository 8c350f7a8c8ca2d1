package sim

import (
	"errors"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

var errNoService = errors.New("there is no such service; use onelogin, scim, aws or engine")

func (s *Server) showKnobs(rw http.ResponseWriter, r *http.Request) {
	switch r.PathValue("service") {
	case fault.OneLogin:
		reply(rw, s.OneLogin.Knobs())
	case fault.SCIM:
		reply(rw, s.SCIM.Knobs())
	case fault.AWS:
		reply(rw, s.AWS.Knobs())
	case "engine":
		reply(rw, s.Engine.Knobs())
	default:
		refuse(rw, http.StatusNotFound, errNoService)
	}
}

// turnKnobs changes the knobs that the body names and leaves the others.
func (s *Server) turnKnobs(rw http.ResponseWriter, r *http.Request) {
	var err error
	switch r.PathValue("service") {
	case fault.OneLogin:
		k := s.OneLogin.Knobs()
		if err = decode(r, &k); err == nil {
			s.OneLogin.SetKnobs(func(old *onelogin.Knobs) { *old = k })
		}
	case fault.SCIM:
		k := s.SCIM.Knobs()
		if err = decode(r, &k); err == nil {
			s.SCIM.SetKnobs(k)
		}
	case fault.AWS:
		k := s.AWS.Knobs()
		if err = decode(r, &k); err == nil {
			s.AWS.SetKnobs(k)
		}
	case "engine":
		k := s.Engine.Knobs()
		if err = decode(r, &k); err == nil {
			s.Engine.SetKnobs(k)
		}
	default:
		refuse(rw, http.StatusNotFound, errNoService)
		return
	}
	if err != nil {
		refuse(rw, http.StatusBadRequest, err)
		return
	}
	s.showKnobs(rw, r)
}
