package scim

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// changeMails changes the address in the list of all of them, so that the others, their types and the order stay.
func (e *encoder) changeMails(change model.FieldDiff) (operation, error) {
	record, err := e.record()
	if err != nil {
		return operation{}, err
	}
	_, list, err := elements(record, "emails")
	if err != nil {
		return operation{}, err
	}
	mails, err := mailsOf(list)
	if err != nil {
		return operation{}, err
	}
	chosen := model.ComparedMails(mails)
	switch {
	case change.Target == "" && !slices.ContainsFunc(mails, func(m model.Mail) bool { return m.Value != "" }):
		for _, m := range workMail(change.Source) {
			list = append(list, m)
		}
	case len(chosen) == 0 || change.Target == "" || mails[chosen[0]].Value != change.Target:
		return operation{}, fmt.Errorf("the e-mail of %s is not the one that was read; reload, then plan again",
			model.Visible(e.in.Subject.Name))
	case change.Source == "":
		for _, at := range slices.Backward(chosen) {
			list = slices.Delete(list, at, at+1)
		}
	default:
		for _, at := range chosen {
			if object, is := list[at].(map[string]any); is {
				object[nameOf(object, "value")] = change.Source
			} else {
				list[at] = change.Source
			}
		}
	}
	e.listed = true
	if len(list) == 0 {
		return operation{Op: "remove", Path: "emails"}, nil
	}
	return operation{Op: "replace", Path: "emails", Value: list}, nil
}

// mailsOf reads the e-mails of a record as those of a list are read.
func mailsOf(list []any) ([]model.Mail, error) {
	mails := make([]model.Mail, len(list))
	for i, element := range list {
		raw, err := json.Marshal(element)
		if err == nil {
			err = json.Unmarshal(raw, &mails[i])
		}
		if err != nil {
			return nil, fmt.Errorf(
				"the record holds an e-mail that cannot be written back safely (%w); change it at the target", err)
		}
	}
	return mails, nil
}
