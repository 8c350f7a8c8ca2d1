package report

import (
	"io"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// jsonRun is the documented form of a run. Keys are only ever added.
type jsonRun struct {
	Run        string   `json:"run"`
	Connection string   `json:"connection"`
	StartedAt  string   `json:"started_at"`
	EndedAt    string   `json:"ended_at,omitempty"`
	State      string   `json:"state"`
	Settled    bool     `json:"settled"`
	Checksum   string   `json:"checksum"`
	Who        string   `json:"who"`
	Host       string   `json:"host"`
	Version    string   `json:"version"`
	Reason     string   `json:"reason,omitempty"`
	Allow      []string `json:"allow,omitempty"`
	Undoes     string   `json:"undoes,omitempty"`
	UndoneBy   []string `json:"undone_by,omitempty"`
	Damage     []string `json:"damage,omitempty"`
	// NotTakenBack is what an undo left of its run.
	NotTakenBack []string      `json:"not_taken_back,omitempty"`
	Steps        []jsonRunStep `json:"steps"`
}

type jsonRunStep struct {
	ID        string        `json:"id"`
	Repair    string        `json:"repair"`
	Finding   string        `json:"finding"`
	Subject   model.Subject `json:"subject"`
	Channel   string        `json:"channel"`
	State     string        `json:"state"`
	At        string        `json:"at,omitempty"`
	Detail    string        `json:"detail,omitempty"`
	CreatedID string        `json:"created_id,omitempty"`
}

// RunsJSON writes the history in the documented form, in the order given, with names raw and without backups.
func RunsJSON(w io.Writer, runs []model.Run) error {
	return writeJSON(w, model.Map(runs, newJSONRun), "runs")
}

// RunJSON writes one run, as it stands in the list of RunsJSON.
func RunJSON(w io.Writer, r *model.Run) error { return writeJSON(w, newJSONRun(r), "runs") }

func newJSONRun(r *model.Run) jsonRun {
	out := jsonRun{
		Run: r.ID, StartedAt: rfc3339(r.StartedAt), EndedAt: rfc3339(r.EndedAt), State: string(r.State),
		Settled: r.Settled(),
		Who:     r.Who, Host: r.Host, Version: r.Version, Reason: r.Reason, UndoneBy: r.UndoneBy, Damage: r.Damage,
		Steps: make([]jsonRunStep, 0, len(r.Steps)), NotTakenBack: r.NotTakenBack(), Allow: model.Texts(r.Allow),
	}
	if r.Plan != nil {
		out.Connection, out.Checksum, out.Undoes = r.Plan.Connection, r.Plan.Checksum, r.Plan.Undoes
	}
	for i := range r.Steps {
		rec, s := &r.Steps[i], r.StepOf(i)
		out.Steps = append(out.Steps, jsonRunStep{
			ID: rec.ID, Repair: string(s.Repair), Finding: s.Finding, Channel: string(s.Channel),
			Subject: s.Subject, State: string(rec.State), At: rfc3339(rec.At), Detail: rec.Detail,
			CreatedID: rec.CreatedID,
		})
	}
	return out
}

// rfc3339 is empty for a time that is not known.
func rfc3339(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
