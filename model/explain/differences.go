package explain

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// otherName is what the target calls a renamed subject: the first of its differences.
func otherName(f model.Finding) string {
	if len(f.Fields) == 0 {
		return "something else"
	}
	_, name := model.Distinct(f.Fields[0].Source, f.Fields[0].Target)
	return name
}

// lookAlikeNote tells the two names of a renamed subject apart, where nobody could by looking.
func lookAlikeNote(f model.Finding) string {
	if len(f.Fields) == 0 {
		return ""
	}
	name, _ := model.Distinct(f.Fields[0].Source, f.Fields[0].Target)
	if !f.LooksAlike() && name == f.Fields[0].Source {
		return ""
	}
	return ", which only looks like " + name
}

// claimants are the others who claim a record, told apart from the subject.
func claimants(f model.Finding) []string {
	names := make([]string, 0, len(f.Members))
	for _, name := range f.Members {
		_, name = model.Distinct(f.Subject.Name, name)
		names = append(names, name)
	}
	return names
}

// Differences lists what differs, field by field.
func Differences(fields []model.FieldDiff) string {
	if len(fields) == 0 {
		return "other values"
	}
	parts := make([]string, 0, len(fields))
	for _, d := range fields {
		source, target := model.Distinct(d.Source, d.Target)
		parts = append(parts, fmt.Sprintf("%s is %s, should be %s", d.Name, quotedOrEmpty(target),
			quotedOrEmpty(source)))
	}
	return strings.Join(parts, ", ")
}

func quotedOrEmpty(s string) string {
	if s == "" {
		return "empty"
	}
	return `"` + s + `"`
}
