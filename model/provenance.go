package model

import (
	"slices"
	"time"
)

// Provenance is what shows that a group of the target, by its id, was made or kept up for one that OneLogin should
// push. The target's record does not say so without an external id.
type Provenance struct {
	ID string `json:"id"`
	// Name is the raw name that it had, and RoleIDs are the roles that yielded it; none where that is not known.
	Name    string    `json:"name"`
	RoleIDs []string  `json:"role_ids,omitempty"`
	At      time.Time `json:"at"`
	// Run is the run that made it; empty where an earlier reading had it on both sides with a member in common.
	Run string `json:"run,omitempty"`
}

// Evidence words it.
func (p *Provenance) Evidence() Evidence {
	if p.Run != "" {
		return Evidence{
			At: p.At, What: "made for a group of OneLogin's", Text: p.Name,
			Where: "the journal of run " + p.Run,
		}
	}
	return Evidence{
		At: p.At, What: "OneLogin yielded it, with members in common", Text: p.Name, Where: "an earlier reading",
	}
}

// MadeByRuns are the groups that runs made because OneLogin should have pushed them, or gave back after they had been
// deleted as OneLogin's. What was given back to somebody else is not among them: it is whose it was.
func MadeByRuns(runs []Run) (out []Provenance) {
	for r := range runs {
		for s, rec := range runs[r].Confirmed() {
			out = append(out, MadeByStep(runs[r].ID, s, rec)...)
		}
	}
	return out
}

// MadeByStep is the group that one step of a run made, if it made any such.
func MadeByStep(run string, s *Step, rec *StepRecord) []Provenance {
	ours := slices.Contains([]Kind{GroupMissing, GroupLingering}, KindOf(s.Finding))
	if s.Repair != CreateGroup || s.Group == nil || rec.CreatedID == "" || !ours {
		return nil
	}
	return []Provenance{{ID: rec.CreatedID, Name: s.Group.Name, At: rec.At, Run: run}}
}
