package journal_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

const (
	dir = "/state/journal"
	fp  = "0123abcd"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// open gives a store whose clock goes on by a second at each look.
func open(files state.FS, seed uint64) *journal.Store {
	at := now.Add(time.Duration(seed) * time.Hour)
	return journal.Open(files, dir, func() time.Time { at = at.Add(time.Second); return at })
}

func file(id string) string { return filepath.Join(dir, fp, id+".jsonl") }

// planOf is a plan with steps of these ids, each of which deletes one and grants two.
func planOf(steps ...string) *model.Plan {
	p := &model.Plan{
		Schema: model.PlanSchema, Connection: "prod", Fingerprint: fp, MadeAt: now,
		Complete: true,
	}
	for _, id := range steps {
		p.Steps = append(p.Steps, model.Step{
			ID: id, Repair: model.DeleteGroup, Channel: model.Direct, Takes: true,
			Counts:  model.Counts{Deletes: 1, Grants: 2},
			Subject: model.Subject{Type: model.SubjectGroup, Name: "aws\x1b[31m-" + id, TargetID: "g-" + id},
			Request: &model.Request{
				Service: model.ServiceTarget, Method: "DELETE", Path: "Groups/g-" + id,
				Headers: map[string]string{"Content-Type": "application/scim+json"},
				Body:    json.RawMessage(`{"a":"<b>&"}`),
			},
		})
	}
	return p
}

func head(p *model.Plan) journal.Head {
	if p != nil {
		p.Seal()
	}
	return journal.Head{
		Connection: "prod", Fingerprint: fp, Plan: p, Who: "ana", Host: "bastion", Version: "1.2.3", Reason: "INC-7",
		Allow: []model.GuardRule{model.RuleMaxDeletes},
	}
}

func begin(t *testing.T, s *journal.Store, p *model.Plan) *journal.Writer {
	t.Helper()
	w, err := s.Begin(head(p))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func stepIDs(r model.Run) (ids []string) {
	for _, s := range r.Steps {
		ids = append(ids, s.ID)
	}
	return ids
}
