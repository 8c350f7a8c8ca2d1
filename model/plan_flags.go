package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	methodPatch = "PATCH"
	methodPut   = "PUT"
)

// checkFlags: what a step says of itself must be what its repair and its request come to, because the guard, the
// confirmation and the reader of the plan go by it.
func (s *Step) checkFlags() error {
	takes := (&Step{Repair: s.Repair}).takes()
	if s.Repair == UpdateUser && s.Request != nil {
		takes = len(s.Request.written("userName")) > 0
		if s.Request.Method != methodPatch {
			takes = !s.keepsName() // a whole record always holds the name, whether it changes or not
		}
	}
	grants := (&Step{Repair: s.Repair}).grants()
	switch {
	case s.Takes != takes:
		return fmt.Errorf("says %q: %t, which %s contradicts", "takes", s.Takes, s.Repair)
	case s.Grants != grants:
		return fmt.Errorf("says %q: %t, which %s contradicts", "grants", s.Grants, s.Repair)
	case s.Counts.Deletes < 0 || s.Counts.Removals < 0 || s.Counts.Grants < 0:
		return errors.New("counts less than nothing")
	case !s.Own && s.tally() != s.Counts:
		return fmt.Errorf("counts less than %s comes to", s.Repair)
	}
	return s.checkActive()
}

// checkActive: no other repair may switch a user on or off under its name.
func (s *Step) checkActive() error {
	switch {
	case s.Request == nil:
		return nil
	case s.Request.Method == methodPut && s.Channel == Direct:
		return s.checkWhole()
	case s.Request.Method != methodPatch:
		return nil
	}
	values := s.Request.written("active")
	switch s.Repair {
	case ActivateUser, DeactivateUser:
		want := s.Repair == ActivateUser
		if len(values) == 0 || slices.ContainsFunc(values, func(v any) bool { return v != want }) {
			return fmt.Errorf("does not set active to %t, as %s does", want, s.Repair)
		}
	default:
		if len(values) > 0 {
			return fmt.Errorf("switches a user on or off under the name of %s", s.Repair)
		}
	}
	return nil
}

// written gives what a SCIM PATCH (RFC 7644, section 3.5.2) writes to an attribute, with a path or without one.
func (r Request) written(attribute string) (values []any) {
	var patch struct {
		Operations []struct {
			Path  string `json:"path"`
			Value any    `json:"value"`
		} `json:"Operations"` //nolint:tagliatelle // the wire's own spelling
	}
	if json.Unmarshal(r.Body, &patch) != nil {
		return nil
	}
	for _, op := range patch.Operations {
		path := op.Path[strings.LastIndex(op.Path, ":")+1:] // a path may carry the schema before the attribute
		if SameName(path, attribute) {
			values = append(values, op.Value)
		}
		if fields, is := op.Value.(map[string]any); is && op.Path == "" {
			values = append(values, fieldsNamed(fields, attribute)...)
		}
	}
	return values
}

// fieldsNamed: names of attributes do not depend on case (RFC 7643, section 2.1), so that a record can hold one twice.
func fieldsNamed(record map[string]any, attribute string) (values []any) {
	for name, v := range record {
		if SameName(name, attribute) {
			values = append(values, v)
		}
	}
	return values
}
