// Package runbook holds the first set-up and the troubleshooting cases of the vendor's guide as procedures. What a
// step says is worked out from live data each time it is asked: nothing is ticked because somebody said so.
package runbook

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Name names a runbook.
type Name string

// The runbooks: the guide's first set-up and its four cases.
const (
	FirstSetup           Name = "first-setup"
	GroupsNotProvisioned Name = "groups-not-provisioned"
	NothingSynchronised  Name = "nothing-synchronised"
	GroupLingers         Name = "group-lingers"
	DeletedAtTarget      Name = "deleted-at-target"
)

// Book is one procedure.
type Book struct {
	Name  Name
	Title string
	// When says in a sentence when to take it.
	When string
	// OfGroup: it is about one group, which has to be chosen first.
	OfGroup bool
	Steps   []Step
	// Advice is what to do otherwise next time.
	Advice []string
}

// Step is one check, repair or handoff of a book.
type Step struct {
	ID, Title string
	// Why says what goes wrong where the step is left out.
	Why   string
	judge func(*Case) Verdict
}

// Case is one use of a book: what it is about, since when, and what is known now.
type Case struct {
	Comparison *drift.Comparison
	// Group is the name of the group in question, GroupID its id at the target at the beginning; or both empty.
	Group, GroupID string
	Begun          time.Time
	// Runs are those of the connection since then, in any order. RunsUnread: there may be others, and the steps that
	// rest on them are not known.
	Runs       []model.Run
	RunsUnread bool

	// runsUsed: the step that is judged has looked at the runs.
	runsUsed bool
}

// runs are those of the case, for a step that rests on them.
func (c *Case) runs() []model.Run {
	c.runsUsed = true
	return c.Runs
}

// Entry is what has to be kept of a case so that it can be left and resumed. Strings are raw.
type Entry struct {
	Book Name
	// Group and GroupID are as in Case.
	Group, GroupID string
	Begun          time.Time
}

// Case is the entry with what is known now.
func (e Entry) Case(c *drift.Comparison, runs []model.Run) Case {
	return Case{Comparison: c, Group: e.Group, GroupID: e.GroupID, Begun: e.Begun, Runs: runs}
}

// Same reports whether both are the same book about the same group, by name because ids change. There is one at a time.
func (e Entry) Same(o Entry) bool {
	return e.Book == o.Book && model.SameName(e.Group, o.Group)
}

// State is where a step stands.
type State uint8

// The states. Unknown comes first, so that what was not read is never taken for done.
const (
	// Unknown: what the step rests on was not read.
	Unknown State = iota
	// Open: something is to be done.
	Open
	// ByHand: no API shows it, and somebody has to look.
	ByHand
	// Blocked: it must not be done as things are; Seen says why.
	Blocked
	// Needless: there is nothing to do.
	Needless
	// Done: live data shows that it is so.
	Done
)

func (s State) String() string {
	return [...]string{"unknown", "to do", "look by hand", "blocked", "not needed", "done"}[s]
}

// Settled reports whether the operator can go on to the next step.
func (s State) Settled() bool { return s == ByHand || s == Needless || s == Done }

// Verdict is where a step stands, and what would take it further.
type Verdict struct {
	State State
	// Seen is what the data shows, Todo what to do by hand, First what has to come before the repairs. Raw.
	Seen, Todo, First string
	// Picks are the repairs that the step opens a plan for.
	Picks []model.Pick
	// Place is where something is mended or looked at by hand; NoPlace where that is nowhere.
	Place model.Place
	// Ask: no reading shows it, but a question to the services may, the one that doctor asks.
	Ask bool
}

// Find gives the runbook of that name.
func Find(name Name) (Book, bool) {
	books := Books()
	if i := slices.IndexFunc(books, func(b Book) bool { return b.Name == name }); i >= 0 {
		return books[i], true
	}
	return Book{}, false
}

// Walk judges every step of a book. A case without a comparison leaves all unknown.
func (b Book) Walk(c Case) []Verdict {
	out := make([]Verdict, len(b.Steps))
	for i := range b.Steps {
		if c.Comparison == nil {
			out[i] = Verdict{Seen: "nothing has been read yet"}
			continue
		}
		c.runsUsed = false
		out[i] = b.Steps[i].judge(&c)
		if c.runsUsed && c.RunsUnread {
			out[i] = Verdict{Seen: "what was run on this connection has not been read"}
		}
	}
	return out
}

// Next is the index of the first step that is not settled; len(verdicts) if all are.
func Next(verdicts []Verdict) int {
	if i := slices.IndexFunc(verdicts, func(v Verdict) bool { return !v.State.Settled() }); i >= 0 {
		return i
	}
	return len(verdicts)
}
