package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func evidenceTexts(f model.Finding, what string) (out []string) {
	for _, e := range f.Evidence {
		if e.What == what {
			out = append(out, e.Text)
		}
	}
	return out
}

// targetRefusals lists what the target refuses of a user, from the evidence; "" where nothing is known of it.
func targetRefusals(f model.Finding, target string) string {
	refused := evidenceTexts(f, drift.EvidenceRefused)
	if empty := evidenceTexts(f, drift.EvidenceEmpty); len(empty) > 0 {
		is := ", which is empty in OneLogin"
		if len(empty) > 1 {
			is = ", which are empty in OneLogin"
		}
		refused = slices.Insert(refused, 0, target+" requires "+strings.Join(empty, ", ")+is)
	}
	return strings.Join(refused, "; ")
}

func mendThenReapply(f model.Finding) string {
	fields := evidenceTexts(f, drift.EvidenceEmpty)
	for i := range fields {
		fields[i] = consoleField(fields[i])
	}
	out := "Mend the user in OneLogin"
	if len(fields) > 0 {
		out = "Fill in the " + strings.Join(fields, " and the ") + " of the user in OneLogin"
	}
	return out + " (Users > the user > User Info), then reapply the mappings."
}

// consoleField is what OneLogin's console calls the field behind a SCIM attribute, unless the app maps another.
func consoleField(attribute string) string {
	return cmp.Or(map[string]string{
		model.FieldGivenName.String():   "first name",
		model.FieldFamilyName.String():  "last name",
		model.FieldDisplayName.String(): "first and last name, of which displayName is made",
		model.FieldUserName:             "e-mail, or whatever else is sent as userName,",
	}[attribute], "field that is sent as "+attribute)
}
