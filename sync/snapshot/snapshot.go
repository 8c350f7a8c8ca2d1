// Package snapshot keeps directories on disk: what is remembered of the last complete read of a connection, and whole
// comparisons as files that can be opened again without either service. Neither holds a secret.
package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Schema is the version of the file.
const Schema = 1

// Head says what a snapshot is of.
type Head struct {
	// Connection is the name of the connection; Fingerprint tells it by its addresses and app.
	Connection, Fingerprint string
	// Version is that of the scimdrift which saved it.
	Version string
	SavedAt time.Time
}

// Snapshot is both sides as they were read, with what they were compared by.
type Snapshot struct {
	Head

	Source model.Source
	Target model.Directory
	// Options are those of the comparison, Facts included. Locate is nil and may be set.
	Options model.Options
	// Notes are those of the comparison.
	Notes []string
}

// Compare compares both sides again: to the same findings, as long as the same version of scimdrift does it.
func (s *Snapshot) Compare() *model.Comparison {
	c := model.Compare(model.Expect(s.Source, s.Options.Groups), s.Target, s.Options)
	c.Notes = s.Notes
	return c
}

// Save writes the records of a comparison, and the options that it was made with. Of the app only those settings are kept
// that a comparison looks at: the fixed values of its parameters and its configuration may hold credentials.
func Save(w io.Writer, h Head, c *model.Comparison, o model.Options) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	err := e.Encode(file{
		Schema: Schema, Connection: h.Connection, Fingerprint: h.Fingerprint, Version: h.Version, SavedAt: h.SavedAt.UTC(),
		Options: optionsOut(&o), Source: sourceOut(&c.Source), Target: targetOut(&c.Target), Notes: c.Notes,
		Replies: repliesOut(c.Replies),
	})
	if err != nil {
		return fmt.Errorf("the snapshot cannot be written (%w); make room or choose another place", err)
	}
	return nil
}

// Open reads what Save wrote. Anything else is an error that says what is wrong with it: a snapshot is read in full or not
// at all.
func Open(r io.Reader) (*Snapshot, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("the snapshot cannot be read (%w); make the file readable", err)
	}
	var is struct {
		Schema int `json:"scimdrift_snapshot"`
	}
	switch err := json.Unmarshal(content, &is); {
	case err != nil:
		return nil, fmt.Errorf("this is no snapshot, or it is cut short or damaged (%w); save it again", err)
	case is.Schema == 0:
		return nil, errors.New("this is no snapshot; make one with scimdrift snapshot save")
	case is.Schema != Schema:
		return nil, fmt.Errorf("this snapshot is of version %d and this scimdrift reads version %d; open it with the one that saved it", is.Schema, Schema)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("the snapshot does not read as it should (%w); save it again", err)
	}
	s, err := f.in()
	if err != nil {
		return nil, fmt.Errorf("the snapshot does not read as it should: %w; save it again", err)
	}
	return s, nil
}

// file is a snapshot as it stands in its file. Names are raw.
type file struct {
	Schema      int       `json:"scimdrift_snapshot"`
	Connection  string    `json:"connection"`
	Fingerprint string    `json:"fingerprint"`
	Version     string    `json:"version"`
	SavedAt     time.Time `json:"saved_at"`
	Options     options   `json:"options"`
	Source      source    `json:"source"`
	Target      target    `json:"target"`
	Notes       []string  `json:"notes,omitempty"`
	// Replies are the direct questions that the load asked: without them nothing would be as certain as it was.
	Replies []reply `json:"replies,omitempty"`
}

func (f *file) in() (*Snapshot, error) {
	s := &Snapshot{
		Head:  Head{Connection: f.Connection, Fingerprint: f.Fingerprint, Version: f.Version, SavedAt: f.SavedAt},
		Notes: f.Notes,
	}
	var err error
	if s.Options, err = f.Options.in(); err != nil {
		return nil, err
	}
	if len(f.Replies) > 0 {
		s.Options.Replies = make(model.Replies, len(f.Replies))
	}
	for _, r := range f.Replies {
		s.Options.Replies[model.Ask(r.Ask)] = r.Reply.in()
	}
	if s.Source, err = f.Source.in(); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if s.Target, err = f.Target.in(); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	return s, nil
}
