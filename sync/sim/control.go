package sim

import (
	"encoding/json"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// control is what a person at the simulation can do besides pressing buttons in its console. The product never calls
// it.
//
//	POST   /__sim/faults       add one        DELETE: remove all
//	POST   /__sim/jobs/run     run the queued provisioning jobs now, due or not
//	POST   /__sim/console/...  the console's buttons
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /__sim/faults", s.addFault)
	mux.HandleFunc("DELETE /__sim/faults", func(rw http.ResponseWriter, _ *http.Request) {
		s.Faults.Clear()
		reply(rw, http.StatusOK, map[string]any{})
	})
	mux.HandleFunc("POST /__sim/jobs/run", func(rw http.ResponseWriter, r *http.Request) {
		n, err := s.Engine.RunPending(r.Context())
		if err != nil {
			refuse(rw, http.StatusServiceUnavailable, err)
			return
		}
		reply(rw, http.StatusOK, map[string]int{"ran": n})
	})
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
	d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 1<<20))
	d.DisallowUnknownFields()
	err := d.Decode(&f)
	if err == nil {
		_, err = s.Faults.Add(f)
	}
	if err != nil {
		refuse(rw, http.StatusBadRequest, err)
		return
	}
	reply(rw, http.StatusOK, s.Faults.List())
}

func reply(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(v) // a client that hung up needs no answer
}

func refuse(rw http.ResponseWriter, status int, err error) {
	reply(rw, status, map[string]string{"error": err.Error()})
}
