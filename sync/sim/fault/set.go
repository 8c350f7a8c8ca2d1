package fault

import (
	"net/http"
	"regexp"
	"sync"
	"time"
)

// Set holds the faults in force. Its zero value is ready and has none; it is safe for concurrent use.
type Set struct {
	mu     sync.Mutex
	faults []*armed
}

type armed struct {
	Fault

	path *regexp.Regexp
}

// Add puts faults in force, behind those that are. If one of them is wrong none is added, and the error says what to
// write in its place.
func (s *Set) Add(faults ...Fault) error {
	fresh := make([]*armed, 0, len(faults))
	for _, f := range faults {
		path, err := f.check()
		if err != nil {
			return err
		}
		fresh = append(fresh, &armed{f, path})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fresh...)
	return nil
}

// Clear takes all faults off.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// List returns the faults with their counts, in order.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, f.Fault)
	}
	return list
}

// strike counts the request at the faults that match it and returns the first one that is due, with the waits of the
// slow ones before it. A fault behind the one that strikes does not see the request.
func (s *Set) strike(service string, r *http.Request) (due *Fault, wait time.Duration) {
	uri := r.URL.RequestURI()
	if service == AWS {
		uri = "/" + r.Header.Get("X-Amz-Target") // all of its requests have one path
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Service != "" && f.Service != service || f.Method != "" && f.Method != r.Method ||
			!f.path.MatchString(uri) {
			continue
		}
		f.Seen++
		if f.Seen <= f.After || f.Times > 0 && f.Hits >= f.Times {
			continue
		}
		f.Hits++
		wait += time.Duration(f.DelayMS) * time.Millisecond
		if f.Kind != Slow {
			hit := f.Fault
			return &hit, wait
		}
	}
	return nil, wait
}
