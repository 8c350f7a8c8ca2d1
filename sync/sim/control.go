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
