package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// check looks for what a plan of ours never holds, even with the right checksum.
func (p *Plan) check() error {
	seen := map[string]*Step{}
	for i := range p.Steps {
		s := &p.Steps[i]
		name := "step " + Visible(s.ID)
		switch {
		case s.ID == "":
			return fmt.Errorf("step number %d of the plan has no id%s", i+1, again)
		case seen[s.ID] != nil:
			return fmt.Errorf("the plan has two steps %s%s", Visible(s.ID), again)
		case s.Own && p.Undoes == "":
			return fmt.Errorf("%s says that it removes what an undone run made, and the plan undoes none%s", name,
				again)
		}
		for _, err := range []error{s.checkShape(), s.checkRefs(seen)} {
			if err != nil {
				return fmt.Errorf("%s %w%s", name, err, again)
			}
		}
		seen[s.ID] = s
	}
	return nil
}

// creates reports whether later steps can refer to what the step makes.
func (s *Step) creates() bool { return s.Repair == CreateUser || s.Repair == CreateGroup }

// checkRefs: whatever a step waits for or refers to has to come before it. What proves that a record was created may
// name the step itself.
func (s *Step) checkRefs(earlier map[string]*Step) error {
	for _, id := range s.After {
		if earlier[id] == nil {
			return fmt.Errorf("waits for %s, which is no earlier step", Visible(id))
		}
	}
	refs, err := s.refs()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if made := earlier[ref]; made == nil || !made.creates() {
			return fmt.Errorf("needs what %s creates, which is no earlier step that creates anything", Visible(ref))
		}
	}
	return nil
}

// refs are the steps whose records the step needs, without itself where it may name itself.
func (s *Step) refs() (refs []string, err error) {
	if s.Request != nil {
		if refs, err = s.Request.Refs(); err != nil {
			return nil, errors.New("has a request whose references cannot be read")
		}
	}
	needs, says := s.named()
	for _, ref := range needs {
		refs = append(refs, *ref)
	}
	for _, ref := range says {
		if *ref != s.ID || !s.creates() {
			refs = append(refs, *ref)
		}
	}
	return slices.DeleteFunc(refs, func(ref string) bool { return ref == "" }), nil
}

// checkShape: a step is one request or one handoff, over the channel and with the method that its repair has.
func (s *Step) checkShape() error {
	facts := s.Repair.facts()
	channel := Direct
	switch {
	case facts.name == "":
		return fmt.Errorf("has a repair that this version does not know, %q", Visible(string(s.Repair)))
	case s.Request != nil && s.Handoff != nil:
		return errors.New("has both a request and a handoff")
	case s.Request == nil && s.Handoff == nil:
		return errors.New("has neither a request nor a handoff")
	case s.Request != nil && facts.methods == nil:
		return fmt.Errorf("has a request, and %s is for a person alone", s.Repair)
	case s.Handoff != nil && facts.place == NoPlace:
		return fmt.Errorf("hands %s to a person, which is a request of ours", s.Repair)
	case s.Handoff != nil:
		channel = Console
	case facts.place != NoPlace:
		channel = Nudge
	}
	switch {
	case s.Channel != channel:
		return fmt.Errorf("goes over the channel %q, where its repair goes over %q",
			Visible(string(s.Channel)), channel)
	case s.Request == nil:
		return nil
	case s.Request.Service != facts.service:
		return fmt.Errorf("goes to the service %q, where its repair goes to %q", Visible(s.Request.Service),
			facts.service)
	case !slices.Contains(facts.methods, s.Request.Method):
		return fmt.Errorf("has the method %q, where its repair has %s", Visible(s.Request.Method),
			strings.Join(facts.methods, " or "))
	}
	return nil
}
