package explain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// Paragraph tells a finding in full sentences: what happened, why it stays, what it means for access, what ends it.
// It stands beside the summary and the evidence and repeats neither names nor dates. target is the prose name of the
// target, as Target gives it.
func Paragraph(f model.Finding, target string) string {
	if f.Check != nil {
		return joined(f.Check.Seen, f.Check.Todo)
	}
	if f.Contradicted != "" { // neither why it stays nor what it means is known
		return joined(happened(f, target), f.Contradicted, noneUntil, Next(f))
	}
	return joined(happened(f, target), stays(f, target), access(f, target), ends(f, target))
}

// joined makes one paragraph of phrases, each a sentence of its own.
func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		if first, size := utf8.DecodeRuneInString(p); size > 0 {
			p = string(unicode.ToUpper(first)) + p[size:]
		}
		if !strings.HasSuffix(p, ".") {
			p += "."
		}
		out = append(out, p)
	}
	return strings.Join(out, " ")
}

// ends says what ends it: the next thing to do.
func ends(f model.Finding, target string) string {
	switch {
	case len(f.Repairs) == 0, f.Cause == model.CauseMissingAttribute, f.Cause == model.CauseNameConflict,
		f.Kind == model.GroupUnclaimed, f.Repairs[0].Repair == model.OpenApp:
		return Next(f)
	}
	return "What ends it: " + lower(does(f.Repairs[0], target))
}

func lower(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}
