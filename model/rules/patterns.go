package rules

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// patternSigns stand in expressions, globs and macros, and hardly in names.
const patternSigns = `\*+?()[]{}^$|`

// wildcards are what stands for any text in a glob, and in OneLogin's macros such as {department}; both are quoted.
var wildcards = regexp.MustCompile(`\\\{.*?\\\}|\\[*?]`)

// patternsIn are the patterns that a text, or a part of its list, may be: an expression, a glob, one with macros.
func patternsIn(text string) (out []*regexp.Regexp) {
	if !strings.ContainsAny(text, patternSigns) {
		return nil
	}
	if p, err := regexp.Compile("(?is)" + text); err == nil {
		out = append(append(out, p), capturePatterns(text)...)
	}
	for _, part := range append(strings.FieldsFunc(text, isSeparator), text) {
		if quoted := regexp.QuoteMeta(strings.TrimSpace(part)); wildcards.MatchString(quoted) {
			out = append(out, regexp.MustCompile("(?is)^"+wildcards.ReplaceAllString(quoted, ".*")+"$"))
		}
	}
	return out
}

// capturePatterns are the patterns of what an expression captures, which is the name where it captures something.
func capturePatterns(expression string) (out []*regexp.Regexp) {
	parsed, err := syntax.Parse("(?is)"+expression, syntax.Perl)
	if err != nil {
		return nil
	}
	var walk func(*syntax.Regexp)
	walk = func(r *syntax.Regexp) {
		if r.Op == syntax.OpCapture {
			if p, err := regexp.Compile("^(?:" + r.Sub[0].String() + ")$"); err == nil {
				out = append(out, p)
			}
		}
		for _, sub := range r.Sub {
			walk(sub)
		}
	}
	walk(parsed)
	return out
}
