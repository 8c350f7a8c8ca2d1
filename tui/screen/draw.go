package screen

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Narrow is the width below which a screen leaves out what it can.
const Narrow = 64

// Rule draws a line across in the connection's colour, with a title near its left end.
func (c *Context) Rule(title string, width int) string {
	if title == "" {
		return c.Theme.Frame.On(strings.Repeat("─", max(width, 0)))
	}
	title = style.Cut(title, width-8)
	left := max(width-style.Width(title)-4, 0)
	return c.Theme.Frame.On("──") + " " + c.Theme.Title.On(title) + " " + c.Theme.Frame.On(strings.Repeat("─", left))
}

// EmptyText says in the place of a list why there is none. The text is raw.
func EmptyText(why string, width int) []string {
	return append([]string{""}, style.Indent("  ", style.Name(why), width-2)...)
}

// Unmatched says it of a filter. Raw.
func (c *Context) Unmatched(filter string) string {
	return "Nothing matches \"" + filter + "\". " + c.Key("close") + " clears the filter."
}

// Thumb is the part of a scrollbar of some height that shows what is in view of a list; none where all of it is.
func Thumb(height, top, lines int) (from, to int) {
	if lines <= height {
		return 0, 0
	}
	size := max(height*height/lines, 1)
	from = top * (height - size) / (lines - height)
	return from, from + size
}

// Heading stands above a part of a screen.
func (c *Context) Heading(text string, width int) string {
	return "  " + c.Theme.Title.On(style.Cut(text, width-3))
}

// Signed is wrapped text after a sign of one cell. The text is raw.
func Signed(look style.Style, sign, text string, width int) []string {
	lines := style.Paragraphs("    ", width, text)
	if len(lines) > 0 {
		lines[0] = "  " + look.On(sign) + " " + strings.TrimPrefix(lines[0], "    ")
	}
	return lines
}

// Labelled is text with a label in front that stands out; nothing where there is no text. The text is raw.
func (c *Context) Labelled(margin, label, text string, width int) []string {
	if text == "" {
		return nil
	}
	lines := style.Indent(margin, label+" "+style.Name(text), width-1)
	if len(lines) > 0 {
		lines[0] = margin + c.Theme.Title.On(label) + lines[0][min(len(margin)+len(label), len(lines[0])):]
	}
	return lines
}

// Place says where something is: the words of the menu path behind a label, and its address, as a link where the
// terminal knows links.
func (c *Context) Place(label string, l model.Location, margin string, width int) []string {
	lines := c.Labelled(margin, label, l.Menu, width)
	if l.Link != "" {
		for _, part := range style.Wrap(style.Name(l.Link), width-style.Width(margin)-1) {
			lines = append(lines, margin+style.Link(l.Link, part))
		}
	}
	return lines
}

// Mark is a sign and a word for how something stands.
type Mark struct {
	Text string
	Look style.Style
}

// String is the mark as it is drawn.
func (m Mark) String() string { return m.Look.On(m.Text) }

// Cell is the mark in so many cells.
func (m Mark) Cell(width int) string { return m.String() + style.Spaces(width-style.Width(m.Text)) }

// EventSign marks a problem, without colour too.
func (c *Context) EventSign(e *model.Event) (sign string, look style.Style) {
	if e.Problem() {
		return "✗", c.Theme.Bad
	}
	return " ", style.Style{}
}

// SeveritySign tells severities apart without colour and without reading.
func SeveritySign(s model.Severity) string {
	return [...]string{model.Info: "· ", model.Low: "- ", model.Medium: "~ ", model.High: "! ", model.Critical: "!!"}[s]
}

// JSON is laid out for reading and made harmless: it holds whatever somebody has typed into a service.
func JSON(margin string, raw []byte, width int) []string {
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", "  "); err != nil {
		pretty.Reset()
		pretty.Write(raw) // what is no JSON is shown as it came
	}
	var lines []string
	for line := range strings.SplitSeq(pretty.String(), "\n") {
		body := strings.TrimLeft(line, " ")
		lines = append(lines, style.Paragraphs(margin+line[:len(line)-len(body)], width, body)...)
	}
	return lines
}
