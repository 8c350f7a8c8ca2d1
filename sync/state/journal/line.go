package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// lineVersion is that of the lines. A line of another version is not read: it may mean something else.
const lineVersion = 1

// The kinds of lines, in the order in which a run writes them. A settling appends outcomes and an end.
const (
	lineHead    = "head"
	lineIntent  = "intent"
	lineOutcome = "outcome"
	lineEnd     = "end"
)

// line is one line of a journal. Which fields are set depends on its kind.
type line struct {
	V    int       `json:"v"`
	Kind string    `json:"kind"`
	At   time.Time `json:"at"`

	// Of a head.
	Run         string            `json:"run,omitempty"`
	Connection  string            `json:"connection,omitempty"`
	Fingerprint string            `json:"fingerprint,omitempty"`
	Who         string            `json:"who,omitempty"`
	Host        string            `json:"host,omitempty"`
	PID         int               `json:"pid,omitempty"`
	Version     string            `json:"version,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Allow       []model.GuardRule `json:"allow,omitempty"`
	Plan        *model.Plan       `json:"plan,omitempty"`

	// Of an intent and an outcome.
	Step      string          `json:"step,omitempty"`
	Backup    []model.Backup  `json:"backup,omitempty"`
	State     model.StepState `json:"state,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	CreatedID string          `json:"created_id,omitempty"`
	Found     bool            `json:"found,omitempty"`
	Settled   bool            `json:"settled,omitempty"`
	Beyond    model.Beyond    `json:"beyond,omitzero"`

	// Of an end.
	Ended model.RunState `json:"ended,omitempty"`
}

// encode gives lines as they stand in the file, each with its newline. Raw records keep their letters; only the space
// between their tokens goes.
func encode(lines ...line) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i := range lines {
		lines[i].V = lineVersion
		lines[i].At = lines[i].At.UTC()
		if err := e.Encode(&lines[i]); err != nil {
			return nil, fmt.Errorf("a journal record cannot be written as JSON (%w); nothing was sent, report it "+
				"with the plan", err)
		}
	}
	return b.Bytes(), nil
}

// errNewer marks a line that a newer scimdrift wrote.
var errNewer = errors.New("it is of another version of scimdrift; use that one")

// decode reads one line without its newline. Its errors hold none of the line's content.
func decode(raw []byte) (line, error) {
	var l line
	if err := json.Unmarshal(raw, &l); err != nil {
		return line{}, errors.New("it is damaged")
	}
	if l.V != lineVersion {
		return line{}, errNewer
	}
	known := false
	switch l.Kind {
	case lineHead:
		var text struct {
			Plan json.RawMessage `json:"plan"`
		}
		known = l.Run != "" && l.Plan != nil && json.Unmarshal(raw, &text) == nil
		if known && !model.Sealed(text.Plan) {
			return line{}, errors.New("the plan in it is not what its checksum says: it was edited; put it back")
		}
	case lineIntent:
		known = l.Step != ""
	case lineOutcome:
		known = l.Step != "" && isOutcome(l.Step, l.State) == nil
	case lineEnd:
		known = isEnding(l.Ended) == nil
	}
	if !known {
		return line{}, errors.New("it is no line of a journal")
	}
	return l, nil
}

// isOutcome refuses a state in which no step ends.
func isOutcome(id string, s model.StepState) error {
	if slices.Contains([]model.StepState{
		model.StepConfirmed, model.StepUnconfirmed, model.StepFailed, model.StepSkipped, model.StepCancelled,
		model.StepInDoubt,
	}, s) {
		return nil
	}
	return fmt.Errorf("%q is no outcome of step %s; report this", s, model.Visible(id))
}

// isEnding refuses a state in which no run ends.
func isEnding(s model.RunState) error {
	if slices.Contains([]model.RunState{model.RunDone, model.RunIncomplete, model.RunCancelled}, s) {
		return nil
	}
	return fmt.Errorf("%q is no end of a run; report this", s)
}
