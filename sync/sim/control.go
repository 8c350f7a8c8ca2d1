package sim

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// control is what a person at the simulation can do besides pressing buttons in its console: bend it, look at what it
// was asked and let time pass. The product never calls it.
//
//	GET    /__sim/requests          what the services were asked       DELETE: forget it
//	GET    /__sim/faults            the faults                          POST: add one    DELETE: remove all
//	GET    /__sim/jobs              queued provisioning jobs
//	POST   /__sim/jobs/run          run them now, due or not
//	POST   /__sim/engine/freeze     keep jobs in the queue; /thaw lets them go on
//	POST   /__sim/tokens/expire     end every OneLogin token
//	GET    /__sim/knobs/onelogin    the knobs, also scim, aws and engine     PUT: change those in the body
//	POST   /__sim/console/...       the console's buttons
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /__sim/requests", func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, map[string]any{fault.OneLogin: s.OneLogin.Requests(), fault.SCIM: s.SCIM.Requests(), fault.AWS: s.AWS.Requests()})
	})
	mux.HandleFunc("DELETE /__sim/requests", func(rw http.ResponseWriter, _ *http.Request) {
		s.OneLogin.ResetRequests()
		s.SCIM.ResetRequests()
		s.AWS.ResetRequests()
		reply(rw, map[string]any{})
	})
	mux.HandleFunc("GET /__sim/faults", func(rw http.ResponseWriter, _ *http.Request) { reply(rw, s.Faults.List()) })
	mux.HandleFunc("POST /__sim/faults", s.addFault)
	mux.HandleFunc("DELETE /__sim/faults", func(rw http.ResponseWriter, _ *http.Request) {
		s.Faults.Clear()
		reply(rw, map[string]any{})
	})
	mux.HandleFunc("GET /__sim/jobs", func(rw http.ResponseWriter, _ *http.Request) { reply(rw, s.Engine.Pending()) })
	mux.HandleFunc("POST /__sim/jobs/run", func(rw http.ResponseWriter, r *http.Request) {
		n, err := s.Engine.RunPending(r.Context())
		if err != nil {
			refuse(rw, http.StatusServiceUnavailable, err)
			return
		}
		reply(rw, map[string]int{"ran": n})
	})
	for word, frozen := range map[string]bool{"freeze": true, "thaw": false} {
		mux.HandleFunc("POST /__sim/engine/"+word, func(rw http.ResponseWriter, _ *http.Request) {
			s.Engine.Freeze(frozen)
			reply(rw, map[string]bool{"frozen": frozen})
		})
	}
	mux.HandleFunc("POST /__sim/tokens/expire", func(rw http.ResponseWriter, _ *http.Request) {
		s.OneLogin.ExpireTokens()
		reply(rw, map[string]any{})
	})
	mux.HandleFunc("GET /__sim/knobs/{service}", s.showKnobs)
	mux.HandleFunc("PUT /__sim/knobs/{service}", s.turnKnobs)
	mux.Handle("POST /__sim/console/", s.OneLogin)
	return sameSite(mux)
}

// sameSite refuses a write that a web page elsewhere makes through the operator's browser: the simulation listens where
// every page can reach it.
func sameSite(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(next)
}

func (s *Server) addFault(rw http.ResponseWriter, r *http.Request) {
	var f fault.Fault
	if err := decode(r, &f); err != nil {
		refuse(rw, http.StatusBadRequest, err)
		return
	}
	if _, err := s.Faults.Add(f); err != nil {
		refuse(rw, http.StatusBadRequest, err)
		return
	}
	reply(rw, s.Faults.List())
}

func decode(r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func reply(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(v) // a client that hung up needs no answer
}

func refuse(rw http.ResponseWriter, status int, err error) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(map[string]string{"error": strings.TrimSpace(err.Error())})
}
