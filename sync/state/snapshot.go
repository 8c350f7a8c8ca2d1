package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/setup"
)

// SnapshotSchema is the version of the file of a snapshot.
const SnapshotSchema = 4

// Snapshot is both sides as they were read, with what they were compared by, as a file that can be opened again
// without either service. Names are raw.
type Snapshot struct {
	Schema int `json:"scimdrift_snapshot"`
	// Connection is the name of the connection; Fingerprint tells it by its addresses and app.
	Connection  string `json:"connection"`
	Fingerprint string `json:"fingerprint"`
	// Version is that of the scimdrift which saved it.
	Version string    `json:"version"`
	SavedAt time.Time `json:"saved_at"`
	// Options are those of the comparison. Locate is nil and may be set.
	Options drift.Options `json:"options"`

	model.Reading //nolint:embeddedstructfieldcheck // a file begins with what it is of
}

// Compare compares both sides again: to the same findings, as long as the same version of scimdrift does it.
func (s *Snapshot) Compare() *drift.Comparison {
	return setup.CompareReading(&s.Reading, nil, s.Options)
}

// Save writes the snapshot. Of the app only those settings are kept that a comparison looks at: see
// model.App.MarshalJSON.
func (s *Snapshot) Save(w io.Writer) error {
	out := *s
	out.Schema, out.SavedAt = SnapshotSchema, s.SavedAt.UTC()
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("the snapshot cannot be written (%w); make room or choose another place", err)
	}
	return nil
}

// ReadSnapshot reads what Save wrote. Anything else is an error that says what is wrong with it: a snapshot is read
// in full or not at all.
func ReadSnapshot(r io.Reader) (*Snapshot, error) {
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
	case is.Schema != SnapshotSchema:
		return nil, fmt.Errorf("this snapshot is of version %d and this scimdrift reads version %d; open it with "+
			"the one that saved it", is.Schema, SnapshotSchema)
	}
	var s Snapshot
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("the snapshot does not read as it should (%w); save it again", err)
	}
	return &s, nil
}
