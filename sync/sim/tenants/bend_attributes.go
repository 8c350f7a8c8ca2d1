package tenants

import (
	"math/rand/v2"
	"strings"
)

// linked is free and paired by external id, so that it stays paired whatever its names become.
func linked(p *person) bool { return p.free() && p.target.ExternalID != "" }

// renamedAtSource gives the person another e-mail, from which the userName comes; the target has not heard of it.
func renamedAtSource(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, linked)
	if p == nil {
		return false
	}
	p.user.Email = t.mail(p.user.Username + "-new")
	p.user.Username = strings.TrimSuffix(p.user.Email, "@"+domain)
	t.changed(r, p)
	f := onUser("user-renamed", "medium", p)
	f.Cause, f.Fields = "source-changed", []string{"userName", "emails"}
	t.found(f)
	return true
}

func renamedAtTarget(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, linked)
	if p == nil {
		return false
	}
	p.target.UserName = p.user.Username + "@legacy." + domain
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	f := onUser("user-renamed", "medium", p)
	f.Fields = []string{"userName"}
	t.found(f)
	return true
}

func attributesAtSource(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	t.marry(r, p)
	t.changed(r, p)
	f := onUser("user-attributes", "low", p)
	f.Confidence, f.Cause, f.Fields = certain, "source-changed", []string{"displayName", "name.familyName"}
	t.found(f)
	return true
}

func attributesAtTarget(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	p.target.DisplayName += " (external)"
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	f := onUser("user-attributes", "low", p)
	f.Confidence, f.Fields = certain, []string{"displayName"}
	t.found(f)
	return true
}

func attributesEmail(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	p.target.Email = p.user.Username + "@mail." + domain
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	f := onUser("user-attributes", "low", p)
	f.Confidence, f.Fields = certain, []string{"emails"}
	t.found(f)
	return true
}

func attributesFailed(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, (*person).free)
	if p == nil {
		return false
	}
	t.marry(r, p)
	t.changed(r, p)
	t.pushFailed(p, evUserUpdateFailed, p.user.UpdatedAt, internalError)
	p.login.State = modifyingFailed
	f := onUser("user-attributes", "low", p)
	f.Confidence, f.Cause, f.Fields = certain, pushFailure, []string{"displayName", "name.familyName"}
	t.found(f)
	return true
}

// marry adds a second family name, which differs from the first however names are compared.
func (t *Tenant) marry(r *rand.Rand, p *person) {
	family, _ := spelling(choose(r, t.family))
	p.user.LastName += "-" + family
}

// changed logs that an administrator edited the person lately.
func (t *Tenant) changed(r *rand.Rand, p *person) {
	p.user.UpdatedAt = t.daysAgo(r, 1+r.IntN(4))
	t.log(t.by(r, t.about(evUserUpdated, p.user.UpdatedAt, p.user)))
}

// duplicateUser makes a second account with the first one's personnel number, as when somebody is hired again: two
// source users then claim one target user. The second is newer, matches by fewer keys and sorts later, so that every
// sane way to choose lets the first one keep the pair.
func duplicateUser(t *Tenant, r *rand.Rand) bool {
	p := t.claim(r, func(p *person) bool { return linked(p) && p.user.ExternalID == p.target.ExternalID })
	if p == nil {
		return false
	}
	second := t.newUser(r, t.daysAgo(r, 12))
	second.UpdatedAt = second.CreatedAt
	second.FirstName, second.LastName, second.ExternalID = p.user.FirstName, p.user.LastName, p.user.ExternalID
	second.Email = t.mail(p.user.Username + "_ext")
	second.Username = strings.TrimSuffix(second.Email, "@"+domain)
	t.app().Direct[second.ID] = true
	loser := &person{user: second}
	loser.login = t.addLogin(loser, base{})
	loser.login.Status, loser.login.State = "enabling_failed", "provisioning_failed"
	t.log(t.by(r, t.about(evUserCreated, second.CreatedAt, second)))
	t.pushFailed(loser, evUserCreateFailed, second.CreatedAt, refusedDuplicate)
	f := onUser("user-duplicate", "medium", p)
	f.Cause, f.Members = "duplicate", []string{second.Email}
	t.found(f)
	return true
}
