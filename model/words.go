package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Counted puts a number before the right one of two words.
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Number writes a count with commas between thousands.
func Number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// CountIf is how many of some things are so.
func CountIf[T any](list []T, so func(T) bool) (n int) {
	for _, one := range list {
		if so(one) {
			n++
		}
	}
	return n
}

// BySeverity lists how many there are of each severity, the worst first: "1 critical, 9 high".
func BySeverity(n func(Severity) int) string {
	var said []string
	for _, s := range Severities() {
		if n(s) > 0 {
			said = append(said, Counted(n(s), s.String(), s.String()))
		}
	}
	return strings.Join(said, ", ")
}

// FirstOf lists the first of some names and says how many more there are.
func FirstOf(names []string, most int) string {
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

// ToTheSecond writes a moment.
func ToTheSecond(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }

// ToTheMinute writes one without its seconds.
func ToTheMinute(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// Lasting writes a time span to the second.
func Lasting(d time.Duration) string { return d.Round(time.Second).String() }

// Listed joins words of any kind.
func Listed[T ~string](words []T) string { return strings.Join(Texts(words), ", ") }

// Texts are words of any kind as plain text.
func Texts[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return texts
}

// Words are the words for some values.
func Words[T fmt.Stringer](values []T) []string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = value.String()
	}
	return words
}

// NonEmpty are those of some texts that say something.
func NonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// Nearest gives the word that somebody who wrote another one is likely to have meant: one that begins with it, or one
// that differs in few letters; "" where none is near. Case does not matter. The first of equally near ones is given.
func Nearest[T ~string](word string, among []T) T {
	word = strings.ToLower(word)
	var best T
	least := min(len(word)/3+2, 4) // more slips make another word
	for _, candidate := range among {
		text := strings.ToLower(string(candidate))
		far := editDistance(word, text)
		if len(word) > 1 && strings.HasPrefix(text, word) {
			far = 0
		}
		if far < least && far < len(text) {
			best, least = candidate, far
		}
	}
	return best
}

// editDistance is how many letters to put in, leave out, replace or swap make one text of another (optimal string
// alignment).
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			other := 1
			if a[i] == b[j] {
				other = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+other)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// DidYouMean is a hint at the nearest word, to stand behind what is wrong; "" where none is near.
func DidYouMean[T ~string](word string, among []T) string {
	if near := Nearest(word, among); near != "" {
		return "; did you mean " + string(near) + "?"
	}
	return ""
}

// Few lists up to three names and counts the rest.
func Few(names []string) string { return FirstOf(names, 3) }

// Reasons collects why something is so of many records, so that each reason is said once and not once a record. Both
// keep the order in which they first came.
type Reasons struct {
	reasons []string
	names   map[string][]string
}

// Add notes that a record was left out for a reason.
func (r *Reasons) Add(name, why string) {
	if r.names == nil {
		r.names = map[string][]string{}
	}
	if !slices.Contains(r.reasons, why) {
		r.reasons = append(r.reasons, why)
	}
	if name != "" && !slices.Contains(r.names[why], name) {
		r.names[why] = append(r.names[why], name)
	}
}

// sentences gives a sentence for each reason, with the names as list puts them together.
func (r *Reasons) sentences(list func([]string) string) []string {
	out := make([]string, 0, len(r.reasons))
	for _, why := range r.reasons {
		if names := list(r.names[why]); names != "" {
			why = strings.TrimSuffix(names+": "+why, ": ")
		}
		out = append(out, why)
	}
	return out
}

// Lines are a sentence for each reason, with a few of its names.
func (r *Reasons) Lines() []string { return r.sentences(Few) }

// Text is all of it in one line, with a few of the names of each reason.
func (r *Reasons) Text() string { return strings.Join(r.Lines(), "; ") }

// LeftOutByReason says what a plan leaves out, each reason once with all its findings.
func LeftOutByReason(left []LeftOut) []string {
	var r Reasons
	for _, l := range left {
		r.Add(l.Finding, l.Reason)
	}
	return r.sentences(func(findings []string) string { return strings.Join(findings, ", ") })
}

// TextEntry is one line of a file of the program's own words: what it is said of, the field, and the text.
type TextEntry struct{ Of, Field, Text string }

// ParseTexts reads such a file. Fields stand under what they are said of; a line that begins with spaces goes on with
// the one before, and what stands above all else is for whoever writes the file.
func ParseTexts(file string) (all []TextEntry) {
	of := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(file, "\n    ", " "), "\n") {
		if name, is := strings.CutPrefix(line, "== "); is {
			of = name
		} else if field, text, is := strings.Cut(line, ": "); is && of != "" {
			all = append(all, TextEntry{of, field, text})
		}
	}
	return all
}
