package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// toMend lists what the target refuses of a user, from the evidence; "" where nothing is known of it.
func toMend(f model.Finding, target string) string {
	var empty, refused []string
	for _, e := range f.Evidence {
		switch e.What {
		case drift.EvidenceEmpty:
			empty = append(empty, e.Text)
		case drift.EvidenceRefused:
			refused = append(refused, e.Text)
		}
	}
	var parts []string
	if len(empty) == 1 {
		parts = append(parts, target+" requires "+empty[0]+", which is empty in OneLogin")
	} else if len(empty) > 1 {
		parts = append(parts, target+" requires "+strings.Join(empty, ", ")+", which are empty in OneLogin")
	}
	return strings.Join(append(parts, refused...), "; ")
}

// mendThenReapply says which fields to mend in OneLogin.
func mendThenReapply(f model.Finding) string {
	var fields []string
	for _, e := range f.Evidence {
		if e.What == drift.EvidenceEmpty {
			fields = append(fields, consoleField(e.Text))
		}
	}
	out := "Mend the user in OneLogin"
	if len(fields) > 0 {
		out = "Fill in the " + strings.Join(fields, " and the ") + " of the user in OneLogin"
	}
	return out + " (Users > the user > User Info), then reapply the mappings."
}

// consoleField is what OneLogin's console calls the field that a SCIM attribute is made of, unless the app maps
// another.
func consoleField(attribute string) string {
	switch attribute {
	case model.FieldGivenName.String():
		return "first name"
	case model.FieldFamilyName.String():
		return "last name"
	case model.FieldDisplayName.String():
		return "first and last name, of which displayName is made"
	}
	if attribute == "userName" {
		return "e-mail, or whatever else is sent as userName,"
	}
	return "field that is sent as " + attribute
}
