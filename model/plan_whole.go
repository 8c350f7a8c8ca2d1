package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// body is the record that a PUT writes.
func (r Request) body() map[string]any {
	var record map[string]any
	if json.Unmarshal(r.Body, &record) != nil {
		return nil
	}
	return record
}

// precondition gives the first statement of a fact, and of a field if one is named.
func (s *Step) precondition(fact Fact, field string) *Statement {
	for i := range s.Precondition {
		if p := &s.Precondition[i]; p.Fact == fact && (field == "" || p.Field == field) {
			return p
		}
	}
	return nil
}

// keepsName reports whether a whole user is written under the name that he has.
func (s *Step) keepsName() bool {
	is, name := s.precondition(UserIs, ""), fieldsNamed(s.Request.body(), fieldUserName)
	return is != nil && len(name) == 1 && name[0] == is.Name
}

// checkWhole: what a PUT leaves out is lost, so that it must hold what its preconditions say is there, but for what its repair
// changes.
func (s *Step) checkWhole() error {
	record := s.Request.body()
	if record == nil || s.precondition(RecordIs, "") == nil {
		return errors.New("writes a whole record without the condition that nobody else has changed it")
	}
	switch s.Repair { //nolint:exhaustive // no other repair writes a whole record
	case ActivateUser, DeactivateUser, UpdateUser:
		if !s.keepsName() && s.Repair != UpdateUser {
			return fmt.Errorf("writes another userName under the name of %s", s.Repair)
		}
		return s.checkWholeActive(fieldsNamed(record, FieldActive.String()))
	}
	return s.checkWholeMembers(record)
}

func (s *Step) checkWholeActive(values []any) error {
	want, fixed := s.Repair == ActivateUser, s.Repair != UpdateUser
	if is := s.precondition(FieldIs, FieldActive.String()); !fixed && is != nil {
		want, fixed = is.Value == "true", true
	}
	switch {
	case !fixed && len(values) > 0, fixed && (len(values) != 1 || values[0] != want):
		return fmt.Errorf("leaves a user switched on or off otherwise than %s does", s.Repair)
	}
	return nil
}

// checkWholeMembers: the members that are written are those of the precondition, more or less those of the step.
func (s *Step) checkWholeMembers(record map[string]any) error {
	want := map[string]bool{}
	for _, m := range s.precondition(RecordIs, "").Users {
		want[m.ID+"\x00"+m.Ref] = true
	}
	for _, m := range s.Members {
		key := m.ID + "\x00" + m.Ref
		if m.ID != "" {
			key = m.ID + "\x00"
		}
		switch s.Repair { //nolint:exhaustive // a rename changes none
		case AddMembers:
			want[key] = true
		case RemoveMembers:
			delete(want, key)
		}
	}
	got := map[string]bool{}
	for _, list := range fieldsNamed(record, "members") {
		elements, _ := list.([]any)
		users, _ := membersIn(list)
		for _, id := range users {
			got[id+"\x00"] = true
		}
		for _, one := range elements {
			m, _ := one.(map[string]any)
			made, _ := m["value"].(map[string]any)
			if ref, is := made[refKey].(string); is {
				got["\x00"+ref] = true
			}
		}
	}
	if !maps.Equal(got, want) {
		return fmt.Errorf("writes other members than %s comes to", s.Repair)
	}
	return nil
}
