package model

import (
	"slices"
	"strings"
)

// reasons collects why something is so of many records, so that each reason is said once and not once a record. Both
// keep the order in which they first came.
type reasons struct {
	whys  []string
	names map[string][]string
}

func (r *reasons) add(name, why string) {
	if r.names == nil {
		r.names = map[string][]string{}
	}
	if !slices.Contains(r.whys, why) {
		r.whys = append(r.whys, why)
	}
	if name != "" && !slices.Contains(r.names[why], name) {
		r.names[why] = append(r.names[why], name)
	}
}

// told gives a sentence for each reason, with the names as list puts them together.
func (r *reasons) told(list func([]string) string) []string {
	out := make([]string, 0, len(r.whys))
	for _, why := range r.whys {
		if names := list(r.names[why]); names != "" {
			why = strings.TrimSuffix(names+": "+why, ": ")
		}
		out = append(out, why)
	}
	return out
}

// text is all of it in one line, with a few of the names of each reason.
func (r *reasons) text() string { return strings.Join(r.told(few), "; ") }

// LeftOutByReason says what a plan leaves out, each reason once with all its findings.
func LeftOutByReason(left []LeftOut) []string {
	var r reasons
	for _, l := range left {
		r.add(l.Finding, l.Reason)
	}
	return r.told(func(findings []string) string { return strings.Join(findings, ", ") })
}
