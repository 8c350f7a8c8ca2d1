package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// PlanSchema is the version of a plan's JSON.
const PlanSchema = 1

// PlanLife is how long a plan can be run after the reading that it was made from.
const PlanLife = time.Hour

// Plan is an ordered list of steps with exactly the requests that a run will send. What is printed, saved, shown on the
// screen and run is this one value. Its JSON is that of the command line.
type Plan struct {
	Schema     int    `json:"schema"`
	Connection string `json:"connection"`
	// Fingerprint tells the connection by its addresses and app, whatever it is called.
	Fingerprint string `json:"fingerprint"`
	// Checksum is over everything else in the plan; Seal sets it.
	Checksum string    `json:"checksum"`
	MadeAt   time.Time `json:"made_at"`
	// ReadAt is when both sides were read that it was made from; from then on it can be run for PlanLife.
	ReadAt time.Time `json:"read_at"`
	// Picks are what was chosen, from which a run makes the plan again; none for the way back of a run.
	Picks []Pick `json:"picks,omitempty"`
	// Complete: everything was read in full when it was made.
	Complete bool `json:"complete"`
	// Undoes is the id of the run that this plan takes back; empty for any other.
	Undoes string       `json:"undoes,omitempty"`
	Guard  GuardVerdict `json:"guard"`
	Steps  []Step       `json:"steps"`
	// Access is whose access the plan changes, by name; Forecast what it leaves of the findings, nil without steps.
	Access   []AccessChange `json:"access,omitempty"`
	Forecast *Forecast      `json:"forecast,omitempty"`
	// LeftOut are findings that were chosen and got no step, with the reason.
	LeftOut []LeftOut `json:"left_out,omitempty"`
	// Warnings are sentences on what else the plan does, such as rule edits that a reapply puts into effect.
	Warnings []string `json:"warnings,omitempty"`
}

// LeftOut is a finding without a step.
type LeftOut struct {
	Finding string `json:"finding"`
	Reason  string `json:"reason"`
}

// Step is one request, or one handoff.
type Step struct {
	// ID is s1, s2 and so on, in the order in which they run.
	ID     string     `json:"id"`
	Repair RepairName `json:"repair"`
	// Finding is the first of Findings.
	Finding    string   `json:"finding"`
	Findings   []string `json:"findings,omitempty"`
	Subject    Subject  `json:"subject"`
	Channel    Channel  `json:"channel"`
	Confidence string   `json:"confidence"`
	Takes      bool     `json:"takes"`
	Grants     bool     `json:"grants"`
	// Counts are what the guard adds up.
	Counts Counts `json:"counts"`
	// Request is nil for a handoff, Handoff for everything else.
	Request *Request `json:"request"`
	Handoff *Handoff `json:"handoff"`
	// After are the ids of steps without whose success this one is skipped.
	After []string `json:"after,omitempty"`
	// Precondition must hold just before; Confirmed when all of Afterwards does.
	Precondition []Condition `json:"precondition"`
	Afterwards   []Condition `json:"afterwards,omitempty"`
	// Group and Members are whom the step is about: whose members change, who is added or removed, who loses a group.
	Group   *GroupRef `json:"group,omitempty"`
	Members []Member  `json:"members,omitempty"`
	// BlastRadius is nil for steps that take nothing.
	BlastRadius *BlastRadius `json:"blast_radius"`
	// Own: the step removes what the undone run created and nobody has changed since: the guard does not count it.
	Own bool `json:"own,omitempty"`
	// Undoes is the id of the step of the undone run that this one takes back; empty in any other plan.
	Undoes string `json:"undoes,omitempty"`
}

// The services of a request.
const (
	ServiceTarget = "scim"
	ServiceSource = "onelogin"
	// ServiceAWS is SSO Admin, where account assignments are made and removed.
	ServiceAWS = "aws"
)

// Request is exactly what is sent, but for the credential. Ids that the plan itself creates stand as {"$id": "s3"} in
// the body and as {$id:s3} in the path.
type Request struct {
	// Service is "scim", "onelogin" or "aws".
	Service string `json:"service"`
	Method  string `json:"method"`
	// Path is escaped, with its query, and relative to the service's base URL.
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// Handoff is what a person presses in the console.
type Handoff struct {
	URL  string `json:"url"`
	Menu string `json:"menu"`
	// DeadlineS is how many seconds it is watched for.
	DeadlineS int `json:"deadline_s"`
	// BoxesOff: the boxes that ask for an approval come off first, or the press would only ask again.
	BoxesOff bool `json:"boxes_off,omitempty"`
}

// BlastRadius is who loses what. Assignments are names of accounts and permission sets; empty without the AWS lens.
type BlastRadius struct {
	// Members are userNames who lose a group; Groups the groups that a user loses.
	Members     []string `json:"members"`
	Groups      []string `json:"groups"`
	Assignments []string `json:"assignments"`
	// Unknown is why it may be more; empty if it is all.
	Unknown string `json:"unknown,omitempty"`
}

// Counts are what steps take and grant, as the guard counts it; Deletes are deletions and deactivations.
type Counts struct {
	Deletes  int `json:"deletes"`
	Removals int `json:"removals"`
	Grants   int `json:"grants"`
}

// Plus adds.
func (c Counts) Plus(o Counts) Counts {
	return Counts{c.Deletes + o.Deletes, c.Removals + o.Removals, c.Grants + o.Grants}
}

// Answer is what a service said to a write that it took.
type Answer struct {
	Status int
	// ID is the id of the record in the answer, if there is one.
	ID string
}

// WriteFate says what became of a write that got no good answer.
type WriteFate uint8

// The fates. The zero value is the one that has to be settled by reading.
const (
	// WriteUnsure: it may have happened.
	WriteUnsure WriteFate = iota
	// WriteNotSent: nothing can have reached the service.
	WriteNotSent
	// WriteRefused: the service refused it, and nothing has changed as far as it says.
	WriteRefused
	// WriteAbsent: the record is not there (404); WriteConflict: something like it is there already (409).
	WriteAbsent
	WriteConflict
	// WriteChanged: the record is not in the version that was read (412).
	WriteChanged
	// WriteThrottled: refused because of a rate limit.
	WriteThrottled
)

// WriteError is a write that got no good answer. Its text says what happened and holds no secret.
type WriteError struct {
	Fate WriteFate
	// Wait is how long a throttled writer was asked to wait.
	Wait time.Duration
	Err  error
}

func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// AccountChange is what a plan does to somebody's account at the target.
type AccountChange string

// The changes of an account; empty is none.
const (
	AccountCreated     AccountChange = "created"
	AccountActivated   AccountChange = "activated"
	AccountDeactivated AccountChange = "deactivated"
	AccountDeleted     AccountChange = "deleted"
)

// AccessChange is what a plan does to the access of one person at the target.
type AccessChange struct {
	Person string `json:"person"`
	// ID is the target's id; empty for whom the plan creates.
	ID      string        `json:"id,omitempty"`
	Account AccountChange `json:"account,omitempty"`
	// RenamedTo is the userName that the plan gives; empty where it stays.
	RenamedTo string `json:"renamed_to,omitempty"`
	// Loses and Gains are names of groups, and Keeps is in how many others the person stays.
	Loses []string `json:"loses,omitempty"`
	Gains []string `json:"gains,omitempty"`
	Keeps int      `json:"keeps"`
	// Closes and Opens are the account assignments that go and come with it, as far as the lens was asked.
	Closes []string `json:"closes,omitempty"`
	Opens  []string `json:"opens,omitempty"`
}

// Forecast is what a plan leaves of the findings: the comparison made again as if every step had its effect.
type Forecast struct {
	// Before is how many findings there are now, and Left how many there are afterwards.
	Before int `json:"before"`
	Left   int `json:"left"`
	// BySeverity is Left by the names of the severities.
	BySeverity map[string]int `json:"by_severity,omitempty"`
	// ByOneLogin is how many of those that end do so only if OneLogin does its part of console steps and nudges.
	ByOneLogin int `json:"by_onelogin,omitempty"`
	// New are the ids of findings that are there afterwards only.
	New []string `json:"new,omitempty"`
}

const makeAgainHint = "; make the plan again"

// ReadPlan reads a plan as it was printed or saved, intact, and refuses everything that no plan of ours is.
func ReadPlan(data []byte) (*Plan, error) {
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&head); err != nil {
		return nil, fmt.Errorf("this is no plan: %w; give the file that scimdrift plan --out wrote", err)
	}
	switch {
	case head.Schema == nil:
		return nil, errors.New("this is no plan: it has no schema; give the file that scimdrift plan --out wrote")
	case *head.Schema != PlanSchema:
		return nil, fmt.Errorf("the plan has schema %d, and this version knows %d only%s with this version",
			*head.Schema, PlanSchema, makeAgainHint)
	}
	p := &Plan{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("the plan is not as this version writes it: %w%s", err, makeAgainHint)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the plan in the file" + makeAgainHint)
	}
	p.Normalise()
	switch {
	case p.Checksum == "":
		return nil, errors.New("the plan has no checksum" + makeAgainHint)
	case !p.Intact():
		return nil, errors.New("the plan is not what its checksum says: it was changed after it was made" +
			makeAgainHint)
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		if (s.Channel == Console) != (s.Handoff != nil) || (s.Request != nil) != (s.Handoff == nil) {
			return nil, fmt.Errorf("step %s is not one handoff over the console, or one request over another channel%s",
				Visible(s.ID), makeAgainHint)
		}
	}
	return p, nil
}
