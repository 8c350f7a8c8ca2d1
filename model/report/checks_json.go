package report

import (
	"io"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/setup"
)

// jsonChecks is the documented form of doctor, schema 1. Keys are only ever added.
type jsonChecks struct {
	Schema     int         `json:"schema"`
	Connection string      `json:"connection"`
	Checks     []jsonCheck `json:"checks"`
}

type jsonCheck struct {
	ID     string `json:"id"`
	Result string `json:"result"`
	Seen   string `json:"seen"`
	Todo   string `json:"todo"`
	Link   string `json:"link"`
	Menu   string `json:"menu"`
	// Attributes is the table of the check that has one.
	Attributes []jsonAttribute `json:"attributes,omitempty"`
}

// jsonAttribute is one attribute for access control. Flag is "Include in SAML assertion"; it and InAssertion are yes,
// no or unknown.
type jsonAttribute struct {
	FieldName   string   `json:"field_name"`
	TagKey      string   `json:"tag_key"`
	Attribute   string   `json:"onelogin_attribute"`
	Flag        string   `json:"flag"`
	InAssertion string   `json:"in_assertion"`
	Without     []string `json:"without_value"`
	Unfit       []string `json:"unfit_value"`
	// Unread counts users whose value was not read; null where nobody's can be told.
	Unread *int     `json:"unread"`
	Wrong  []string `json:"wrong"`
}

func attributeJSON(a *model.AccessAttribute) jsonAttribute {
	tri := [...]string{"unknown", "no", "yes"}
	row := jsonAttribute{
		FieldName: a.Name, TagKey: a.Key, Attribute: a.Behind, Flag: tri[a.InAssertion],
		InAssertion: tri[setup.IsSent(a)], Without: model.EmptyIfNone(a.Without), Unfit: model.EmptyIfNone(a.Unfit),
		Wrong: model.EmptyIfNone(a.Wrong),
	}
	if a.Untold == "" {
		row.Unread = &a.Unread
	}
	return row
}

// ChecksJSON writes the set-up checks in the documented form, in their own order, with names raw.
func ChecksJSON(w io.Writer, connection string, checks []model.Check) error {
	return writeJSON(w, jsonChecks{1, connection, model.Map(checks, func(c *model.Check) jsonCheck {
		return jsonCheck{
			string(c.ID), c.Result.String(), c.Seen, c.Todo, c.Link, c.Menu, model.Map(c.Attributes, attributeJSON),
		}
	})}, "checks")
}
