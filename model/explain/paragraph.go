package explain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// Paragraph tells a finding in full sentences: why it stays, what it means for access, and what to do where that is
// more than one of its repairs. It stands beside the summary, the evidence and the repairs and says nothing twice.
// target is the prose name of the target, as Target gives it.
func Paragraph(f model.Finding, target string) string {
	said := joinSentences(whyItStays(f, target), accessImpact(f, target))
	switch {
	case f.Check != nil:
		return joinSentences(f.Check.Seen, f.Check.Todo)
	case f.Contradicted != "", said == "": // of the former neither why it stays nor what it means is known
		return joinSentences(Next(f))
	case f.Cause == model.CauseMissingAttribute, f.Cause == model.CauseNameConflict, f.Kind == model.GroupUnclaimed,
		len(f.Repairs) > 0 && f.Repairs[0].Repair == model.OpenApp:
		return joinSentences(said, Next(f))
	}
	return said
}

// joinSentences makes one paragraph of phrases, each a sentence of its own.
func joinSentences(parts ...string) string {
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
