package style

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model"
)

// Absent stands in the cell of a side that has no such record.
const Absent = "–"

// Label is a name made harmless, with the spaces around it spelled; one of nothing but spaces is quoted, so that it can
// be seen.
func Label(name string) string {
	if strings.TrimSpace(name) == "" {
		return `"` + Name(name) + `"`
	}
	return Name(model.SpellEdges(name))
}

// Labels are two names beside each other, told apart where they would look the same.
func Labels(source, target string) (string, string) {
	source, target = model.Distinct(source, target)
	return Label(source), Label(target)
}

// OrEmpty says that a value is empty.
func OrEmpty(v string) string {
	if v == "" {
		return "(empty)"
	}
	return v
}

// Join puts a point between two texts where there are two.
func Join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// Fill joins as many of some parts as there is room for; none where there is not for the first.
func Fill(parts []string, between string, width int) string {
	for n := len(parts); n > 0; n-- {
		if text := strings.Join(parts[:n], between); Width(text) <= width {
			return text
		}
	}
	return ""
}

// FillCut does so too, and cuts the first where there is not room for all of it.
func FillCut(parts []string, between string, width int) string {
	if text := Fill(parts, between, width); text != "" || len(parts) == 0 {
		return text
	}
	return Cut(parts[0], width)
}

// Indent puts a margin before wrapped text.
func Indent(margin, text string, width int) []string {
	lines := Wrap(text, width-Width(margin))
	for i := range lines {
		lines[i] = margin + lines[i]
	}
	return lines
}

// Paragraphs are raw texts, each made harmless and wrapped behind a margin, within a screen of a width.
func Paragraphs(margin string, width int, raw ...string) (lines []string) {
	for _, text := range raw {
		lines = append(lines, Indent(margin, Name(text), width-1)...)
	}
	return lines
}

// Clip leaves the first of some lines; where there were more, "…" ends them.
func Clip(lines []string, most, width int) []string {
	if len(lines) <= most {
		return lines
	}
	return append(lines[:most-1:most-1], Cut(lines[most-1]+" …", width))
}

// Capital makes the first letter one.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// Clause makes a sentence of a clause.
func Clause(text string) string {
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return Capital(text)
}

// Span is a duration in its largest unit, so that it changes as seldom as it can.
func Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(int(d.Round(time.Second)/time.Second), 0))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d/time.Hour))
	default:
		return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
	}
}

// Clock is a countdown in minutes and seconds.
func Clock(d time.Duration) string {
	d = max(d.Round(time.Second), 0)
	return fmt.Sprintf("%d:%02d", int(d/time.Minute), int(d%time.Minute/time.Second))
}

// Link makes text a hyperlink (OSC 8) on terminals that know them, also over SSH; others show the text. An address
// that is none of the web, or holds anything but plain characters, stays text: it could end the link early and tell
// the terminal something.
func Link(address, text string) string {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	if !web || text == "" || !isASCII(address) || strings.Contains(address, " ") {
		return text
	}
	return ansi.SetHyperlink(address) + text + ansi.ResetHyperlink()
}

// Notification rings the terminal's bell and has it show a notification (OSC 9). A terminal that knows none shows
// nothing.
func Notification(text string) string { return ansi.Notify(Name(text)) + "\a" }
