package scim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/transport"

	"github.com/scimdrift/scimdrift/model"
)

// sampler picks known records out of a list: the first ones that have the value, and such whose value no server spells
// otherwise.
type sampler struct {
	of   collection
	kept map[kind][]sample
}

func newSampler(of collection) *sampler { return &sampler{of, map[kind][]sample{}} }

func (s *sampler) add(id, name, externalID string) {
	s.keep(kind{of: s.of}, sample{id: id})
	s.keep(kind{s.of, nameAttribute(s.of)}, sample{id, name})
	s.keep(kind{s.of, "externalId"}, sample{id, externalID})
}

func (s *sampler) keep(k kind, one sample) {
	odd := func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }
	if k.attribute != "" && (one.value == "" || strings.ContainsFunc(one.value, odd)) {
		return
	}
	if len(s.kept[k]) < samplesKept && addressable(one.id) {
		s.kept[k] = append(s.kept[k], one)
	}
}

// addRaw adds a row as the list shows it.
func (s *sampler) addRaw(raw json.RawMessage) {
	one, ok := sampleOf(raw, s.of)
	var row struct {
		ExternalID text `json:"externalId"`
	}
	if !ok || transport.Decode(raw, &row) != nil {
		return
	}
	s.add(one.id, one.value, string(row.ExternalID))
}

// nameAttribute is the attribute by which a record is known (RFC 7643 sections 4.1.1 and 4.2).
func nameAttribute(of collection) string { return [...]string{"userName", "displayName"}[of] }

// sampleOf gives a row's id and name.
func sampleOf(raw json.RawMessage, of collection) (one sample, ok bool) {
	var row struct {
		ID          text `json:"id"`
		UserName    text `json:"userName"`
		DisplayName text `json:"displayName"`
	}
	if !isObject(raw) || transport.Decode(raw, &row) != nil || row.ID == "" {
		return sample{}, false
	}
	return sample{string(row.ID), [...]string{string(row.UserName), string(row.DisplayName)}[of]}, true
}

// setSamples makes the records of a list the known ones of its collection: what was proven before is to be proven anew.
func (s *sightings) setSamples(from *sampler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.controls.samples {
		if k.of == from.of {
			delete(s.controls.samples, k)
		}
	}
	for k := range s.controls.works {
		if k.of == from.of {
			delete(s.controls.works, k)
		}
	}
	delete(s.controls.outcomes, from.of)
	s.keepSamples(from)
}

func (s *sightings) addSamples(from *sampler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepSamples(from)
}

// Recall takes up records that an earlier program read, as those by which a no of the target is held. They may have gone since.
func (c *Client) Recall(users []model.User, groups []model.Group) {
	for _, from := range []*sampler{newSampler(ofUsers), newSampler(ofGroups)} {
		if from.of == ofUsers {
			for i := range users[:min(len(users), recalled)] {
				from.add(users[i].ID, users[i].UserName, users[i].ExternalID)
			}
		} else {
			for i := range groups[:min(len(groups), recalled)] {
				from.add(groups[i].ID, groups[i].Name, groups[i].ExternalID)
			}
		}
		c.seen.addSamples(from)
	}
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	c.seen.controls.stale = map[collection]bool{ofUsers: true, ofGroups: true}
}

// recalled is how many records are looked through for some that can be asked for.
const recalled = 100

// stale reports, once, whether the samples of a collection are those of an earlier program.
func (s *sightings) stale(of collection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.controls.stale[of]
	delete(s.controls.stale, of)
	return was
}

func (s *sightings) keepSamples(from *sampler) {
	if s.controls.samples == nil {
		s.controls = controls{samples: map[kind][]sample{}, works: map[kind]bool{}, outcomes: map[collection]outcome{}}
	}
	delete(s.controls.stale, from.of)
	maps.Copy(s.controls.samples, from.kept)
}

func (s *sightings) samples(k kind) []sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.controls.samples[k])
}

// forgetSample: a record that was written to may be gone, or called otherwise.
func (s *sightings) forgetSample(id string) {
	for k, list := range s.controls.samples {
		s.controls.samples[k] = slices.DeleteFunc(slices.Clone(list), func(one sample) bool { return one.id == id })
	}
}

func (s *sightings) proven(k kind) (works, tried bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	works, tried = s.controls.works[k]
	return works, tried
}

func (s *sightings) prove(k kind, works bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.controls.works != nil {
		s.controls.works[k] = works
	}
}

func (s *sightings) noteOutcome(of collection, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.controls.outcomes == nil {
		s.keepSamples(newSampler(of))
	}
	s.controls.outcomes[of] = outcome{time.Now(), why}
}

func (s *sightings) outcome(of collection) (was outcome, recent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, asked := s.controls.outcomes[of]
	return was, asked && time.Since(was.at) < controlGood
}
