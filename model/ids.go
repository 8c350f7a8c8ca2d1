package model

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// nameFindings gives every finding its id and puts all in their order: the worst first, then by kind, then by name. Both
// depend on the two sides only. The ids come first by a total order of their own, so that equal names always get the
// same ones.
func nameFindings(findings []Finding) {
	rank := make(map[Kind]int, len(Kinds()))
	for i, k := range Kinds() {
		rank[k] = i
	}
	keys := make([]string, len(findings))
	for i := range findings {
		f := &findings[i]
		// The tilde parts name and target id, so it must not stand in a name.
		keys[i] = string(f.Kind) + "/" + strings.ReplaceAll(url.PathEscape(Fold(f.Subject.Name)), "~", "%7E")
	}
	count := make(map[string]int, len(keys))
	for _, k := range keys {
		count[k]++
	}
	for i := range findings {
		f := &findings[i]
		f.ID = keys[i]
		if count[keys[i]] > 1 {
			f.ID += "~" + url.PathEscape(cmp.Or(f.Subject.TargetID, f.Subject.SourceID))
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(rank[a.Kind], rank[b.Kind]),
			byFolded(a.Subject.Name, b.Subject.Name), cmp.Compare(a.ID, b.ID))
	})
}
