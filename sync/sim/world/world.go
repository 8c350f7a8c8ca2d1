// Package world holds the state of both simulated services: what OneLogin knows (Source) and what the
// SCIM target holds (Target). The servers, the provisioning engine and the tenant generator share one
// World; nothing of the product imports it.
package world

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// World is one tenant of each service. Lock it around every access; the servers do one request under one lock,
// so a request sees one consistent state, as far as the real services' answers do.
type World struct {
	sync.Mutex

	Source Source
	Target Target

	now func() time.Time
	rng *rand.Rand
	ids int64
}

// New makes an empty world. The seed decides every id that is made later; now is the clock (nil: time.Now).
func New(seed uint64, now func() time.Time) *World {
	if now == nil {
		now = time.Now
	}
	return &World{
		now: now, rng: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), ids: 1000,
		Source: Source{
			Users: map[int64]*User{}, Roles: map[int64]*Role{}, Apps: map[int64]*App{}, Logins: map[LoginKey]*Login{},
		},
		Target: Target{
			Users: map[string]*TargetUser{}, Groups: map[string]*TargetGroup{}, Accounts: map[string]string{},
			PermissionSets: map[string]string{}, Policies: map[string]Policies{},
		},
	}
}

// Now is the world's clock, in UTC.
func (w *World) Now() time.Time { return w.now().UTC() }

// NextID gives the next OneLogin number (users, roles, logins, events share the sequence). Call it under the lock.
func (w *World) NextID() int64 {
	w.ids++
	return w.ids
}

// NewUUID gives a random lower-case UUID from the seeded source. Call it under the lock.
func (w *World) NewUUID() string {
	a, b := w.rng.Uint64(), w.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		uint32(a>>32), uint16(a>>16), uint16(a)&0xfff, uint16(b>>48)&0x3fff|0x8000, b&0xffffffffffff)
}
