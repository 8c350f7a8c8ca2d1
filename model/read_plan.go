package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const again = "; make the plan again"

// ReadPlan reads a plan as it was printed or saved, and refuses everything that no plan of ours is. What it gives is
// intact.
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
			*head.Schema, PlanSchema, again)
	}
	p := &Plan{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("the plan is not as this version writes it: %w%s", err, again)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the plan in the file" + again)
	}
	p.Tidy()
	switch {
	case p.Checksum == "":
		return nil, errors.New("the plan has no checksum" + again)
	case !p.Intact():
		return nil, errors.New("the plan is not what its checksum says: it was changed after it was made" + again)
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		if (s.Channel == Console) != (s.Handoff != nil) || (s.Request != nil) != (s.Handoff == nil) {
			return nil, fmt.Errorf("step %s is not one handoff over the console, or one request over another channel%s",
				Visible(s.ID), again)
		}
	}
	return p, nil
}
