package tenants

import "math/rand/v2"

func stillActiveSuspended(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	at := t.daysAgo(r, 1+r.IntN(4))
	p.user.Status, p.user.UpdatedAt = statusSuspended, at
	t.log(t.by(r, t.about(evUserSuspended, at, p.user)))
	f := onUser("user-still-active", "critical", p)
	f.Confidence, f.Cause = certain, "source-suspended"
	t.found(f)
	return true
}

func stillActiveUnlicensed(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	p.user.State = stateUnlicensed
	f := onUser("user-still-active", "critical", p)
	f.Confidence = certain
	t.found(f)
	return true
}

func inactiveUnexplained(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	p.target.Active, p.target.Modified = false, t.daysAgo(r, 1+r.IntN(9))
	f := onUser("user-inactive", "high", p)
	f.Confidence = certain
	t.found(f)
	return true
}

// inactiveFailed was suspended and came back, but the push of the second change failed.
func inactiveFailed(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	left, back := t.daysAgo(r, 20), t.daysAgo(r, 2)
	t.log(t.by(r, t.about(evUserSuspended, left, p.user)))
	t.pushed(p, evUserSuspendedInApp, left)
	t.log(t.by(r, t.about(evUserReactivated, back, p.user)))
	t.pushFailed(p, evUserReactivateFailed, back, displayName(p.user)+" could not be reactivated in "+appName)
	p.user.UpdatedAt = back
	p.target.Active, p.target.Modified = false, left
	p.login.Status, p.login.State = "enabling_failed", modifyingFailed
	f := onUser("user-inactive", "high", p)
	f.Confidence, f.Cause = certain, pushFailure
	t.found(f)
	return true
}

// claim picks a person for one bend alone.
func (t *Tenant) claim(r *rand.Rand, fits func(*person) bool) *person {
	p := t.pick(r, fits)
	if p != nil {
		p.claimed = true
	}
	return p
}
