package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// TestARunbookFindsTheOldAssignments: with the lens, what was assigned to a group that is gone is named, and the case
// not finished. The case and its record are kept in the state folder, for their owner only.
func TestARunbookFindsTheOldAssignments(t *testing.T) {
	t.Parallel()
	b := newLensBench(t, drifted(), nil, nil)
	f := b.orphaned()
	p := newProgram(t.Output(), t.Output())
	p.flags.config, p.state = b.config, b.state
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	c, err := s.Load(t.Context(), drift.Watch{Part: func(model.Progress) {}, Interim: func(*drift.Comparison) {}})
	if err != nil {
		t.Fatal(err)
	}
	book, _ := runbook.Find(runbook.DeletedAtTarget)
	e := runbook.Entry{Book: book.Name, Group: f.Subject.Name, GroupID: f.Subject.TargetID, Begun: time.Now()}
	last := len(book.Steps) - 1
	probed, err := s.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for by, c := range map[string]*drift.Comparison{"the board's reading": c, "the question": probed} {
		v := book.Walk(e.Case(c, nil))[last]
		if v.State != runbook.Open || !strings.Contains(v.Seen, "account assignment") ||
			strings.Contains(v.Seen, f.Subject.TargetID) || !strings.Contains(v.Todo, "nobody can tell") ||
			s.Place(c.Source.App.ID, v.Place).Menu == "" {
			t.Errorf("by %s it is %s: %s", by, v.State, v.Seen)
		}
	}

	if err := s.KeepCase(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if kept, err := s.Cases(t.Context()); err != nil || len(kept) != 1 || !kept[0].Same(e) ||
		!kept[0].Begun.Equal(e.Begun) {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	text, path, err := s.Record(t.Context(), book, e.Case(c, nil))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	written, _ := os.ReadFile(path)
	if err != nil || info.Mode().Perm() != 0o600 || string(written) != text ||
		!strings.HasPrefix(path, filepath.Join(b.state, "records")) {
		t.Errorf("%s, %v: %s", path, err, written)
	}
	if !strings.Contains(text, "Not finished") || !strings.Contains(text, "on the id that it had before") {
		t.Errorf("the record says:\n%s", text)
	}
	if err := s.DropCase(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if kept, err := s.Cases(t.Context()); err != nil || len(kept) > 0 {
		t.Errorf("after dropping it %+v is kept, %v", kept, err)
	}
}
