package tui

import (
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// columns are the widths of the grid's cells. They depend on the terminal and the names of the tab, never on what is in
// the window: a column that moved while scrolling would cost the whole screen on a slow line. target and age are zero
// where there is no room for them.
type columns struct{ severity, source, target, age, why int }

const (
	gutter      = 3 // cursor, mark, space
	signWidth   = 2
	wordWidth   = 8
	ageWidth    = 5
	narrow      = 64
	wide        = 160
	widestName  = 44
	leastOfName = 12
	leastOfWhy  = 20
)

// relation is the sign with a space on each side.
const relation = 3

func (a *app) columns() columns {
	width := a.listWidth()
	c := columns{severity: wordWidth, age: ageWidth}
	if width < narrow {
		c.severity, c.age = signWidth, 0
	}
	names := 1
	if a.width >= wide {
		names = 2
	}
	room := max(width-gutter-c.severity-2-relation-2-1, 0)
	if c.age > 0 {
		room = max(room-c.age-2, 0)
	}
	c.source = min(max(a.set.NameWidth(a.list().Tab()), leastOfName), widestName,
		max((room-leastOfWhy)/names, room/(names+1)))
	if names == 2 {
		c.target = c.source
	}
	c.why = max(room-c.source-c.target, 0)
	return c
}

// columnTitles stand in the rule above the grid, each above its column.
func (a *app) columnTitles() string {
	c, width := a.columns(), a.listWidth()
	line := []rune(strings.Repeat("─", width))
	put := func(at, room int, title string) {
		title = strings.ToUpper(style.Cut(style.Name(title), room-1)) + " "
		if at > 0 && at+len([]rune(title)) < len(line) && room > 3 {
			line[at-1] = ' '
			copy(line[at:], []rune(title))
		}
	}
	at := gutter
	put(at, c.severity+1, "severity")
	at += c.severity + 2
	if c.target > 0 {
		put(at, c.source, a.name(Source).Short)
		put(at+c.source+relation, c.target, a.name(Target).Short)
		at += c.source + relation + c.target + 2
	} else {
		put(at, c.source, [...]string{"who or what", "group", "user"}[a.list().Tab()])
		at += c.source + relation + 2
	}
	if c.age > 0 {
		put(at+c.age-len("age"), c.age, "age")
		at += c.age + 2
	}
	put(at, c.why, "why")
	return a.theme.Faint.On(string(line))
}

// grid draws the lines in the window, and no others.
func (a *app) grid(height int) []string {
	l := a.list()
	width := a.listWidth()
	if l.Len() == 0 {
		return a.nothing(a.whyEmpty(), width)
	}
	c := a.columns()
	from, to, ranging := l.Range()
	lines := make([]string, 0, height)
	for at := l.Top(); at < min(l.Top()+height, l.Len()); at++ {
		line := l.At(at)
		chosen := at == l.Cursor()
		if line.Heading != nil {
			lines = append(lines, a.headingLine(line, width, chosen))
			continue
		}
		mark := " "
		switch {
		case a.marks.Has(a.set.ID(line.Row)):
			mark = "*"
		case ranging && at >= from && at <= to:
			mark = "+"
		}
		lines = append(lines, a.rowLine(line.Row, c, mark, chosen))
	}
	return lines
}

// whyEmpty says why a list has no lines, and what to do.
func (a *app) whyEmpty() string {
	l := a.list()
	switch {
	case l.Filter() != "":
		return "Nothing matches \"" + l.Filter() + "\". esc clears the filter."
	case a.onDrift() && len(a.gaps()) > 0:
		return "No drift was found in what was read. What was not read is unknown: press c to see why, R to read again."
	case a.onDrift() && (a.interim || a.set.Comparison.Provisional):
		return "No drift so far; still reading."
	case a.onDrift() && a.late != nil:
		return "No drift when it was read, " + a.age() + ". Press R to read again, f to see all rows."
	case a.onDrift() && a.set.Open > 0:
		return "No drift in what is known. Press f to see all rows: " + style.Count(a.set.Open, "record") +
			" not settled."
	case a.onDrift():
		return "No drift: both sides agree. Press f to see all rows."
	case l.DriftOnly():
		return "No drift here. Press f to see all rows."
	default:
		return "Neither side has any."
	}
}

// headingLine says what is wrong with the rows below it, and at its end the key that ends it.
func (a *app) headingLine(line rows.Line, width int, chosen bool) string {
	fold := "▾"
	if line.Folded {
		fold = "▸"
	}
	key, verb := "", ""
	if g := line.Heading.Group; g != nil && width >= narrow {
		key, verb = a.actionOf(g)
	}
	right := strings.TrimSpace(key + " " + verb)
	if right != "" {
		right += " "
	}
	text := style.Name(headingText(line))
	word, look := "", style.Style{}
	if g := line.Heading.Group; g != nil {
		word, look = severityWord(g.Severity, width), a.theme.Quiet[g.Severity]
	}
	pad := style.Spaces(a.columns().severity + 2 - style.Width(word))
	room := max(width-gutter-style.Width(word+pad)-style.Width(right)-1, 0)
	if chosen {
		return a.theme.Cursor.On(style.Between("›"+fold+" "+word+pad+style.Cut(text, room), right, width))
	}
	left := " " + a.theme.Faint.On(fold) + " " + look.On(word) + pad
	if key != "" {
		right = a.theme.Key.On(key) + " " + verb + " "
	} else {
		right = a.theme.Faint.On(right)
	}
	return style.Between(left+style.Cut(text, room), right, width)
}

func headingText(line rows.Line) string {
	if line.Text != "" {
		return line.Text
	}
	h := line.Heading
	noun := "group"
	if h.User {
		noun = "user"
	}
	switch h.Relation {
	case model.Unsettled:
		return style.Count(line.Shown, noun) + " not settled: a part was not read"
	case model.Differs:
		return style.Count(line.Shown, noun) + " claiming a record that another one has"
	case model.Same, model.OnlySource, model.OnlyTarget, model.Aside:
	}
	return style.Count(line.Shown, noun) + " in sync"
}

// actionOf is the key that ends a cause group, as people write it, with a word for what it does. Where no key does, the
// word says so.
func (a *app) actionOf(g *model.CauseGroup) (key, verb string) {
	switch {
	case g.Action.Repair != "":
		return a.keyOf(g.Action.Repair), explain.Verb(g.Action)
	case a.set.Comparison.Provisional || a.interim:
		return "", ""
	case g.Severity == model.Info:
		return "", "nothing to do"
	}
	return "", "by hand"
}

// keyOf is the key that begins a repair; p offers those without one of their own.
func (a *app) keyOf(r model.RepairName) string {
	key := ""
	for i := range a.actions {
		switch act := &a.actions[i]; {
		case act.begins(r):
			return act.binding.Help().Key
		case act.plans:
			key = act.binding.Help().Key
		}
	}
	return key
}

// rowLine draws one row. The line at the cursor has one style from end to end, so that a move costs two lines of text
// and next to no sequences.
func (a *app) rowLine(r rows.Row, c columns, mark string, chosen bool) string {
	source, target := a.cells(r)
	if c.target == 0 {
		source = one(source, target)
	}
	severity, look, age := "", style.Style{}, ""
	if r.Finding != model.None {
		f := &a.set.Comparison.Findings[r.Finding]
		severity, look, age = severityWord(f.Severity, a.listWidth()), a.severity(f.Severity), a.ageOf(f)
	}
	text := style.Name(a.what(r))
	if r.Finding != model.None {
		if changed := a.watch.changed[a.set.Comparison.Findings[r.Finding].ID].String(); changed != "" {
			text = join(changed, text)
		}
	}
	why := style.Cut(text, c.why)
	rest := style.Spaces(c.why - style.Width(why) + 1)
	sign := rows.Sign(r.Relation)
	var b strings.Builder
	b.Grow(a.width * 2)
	if chosen {
		b.WriteString("›" + mark + " " + style.Fit(severity, c.severity) + "  " +
			style.Fit(source, c.source) + " " + sign + " ")
		writeCells(&b, c, target, age)
		b.WriteString(why + rest)
		return a.theme.Cursor.On(b.String())
	}
	b.WriteString(" " + mark + " ")
	b.WriteString(look.On(severity) + style.Spaces(c.severity-style.Width(severity)+2))
	b.WriteString(style.Fit(source, c.source) + " " + a.relationStyle(r).On(sign) + " ")
	writeCells(&b, c, target, age)
	b.WriteString(a.theme.Faint.On(why) + rest)
	return b.String()
}

// writeCells writes what stands between the relation and the reason.
func writeCells(b *strings.Builder, c columns, target, age string) {
	if c.target > 0 {
		b.WriteString(style.Fit(target, c.target))
	}
	b.WriteString("  ")
	if c.age > 0 {
		b.WriteString(style.Spaces(c.age-style.Width(age)) + style.Cut(age, c.age) + "  ")
	}
}

// one is the name of a row where there is room for one: the source's where it has one.
func one(source, target string) string {
	if source == absent && target != "" {
		return target
	}
	return source
}

// shortAge says how long ago something was in four or five characters; empty where that is not known.
func (a *app) shortAge(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	switch age := a.now.Sub(at); {
	case age < time.Minute:
		return "now"
	case age < time.Hour:
		return style.Number(int(age/time.Minute)) + " m"
	case age < 24*time.Hour:
		return style.Number(int(age/time.Hour)) + " h"
	default:
		return style.Number(int(age/(24*time.Hour))) + " d"
	}
}

// severityWord names a severity, by a sign where there is little room.
func severityWord(s model.Severity, width int) string {
	if width >= narrow {
		return s.String()
	}
	return severitySign(s)
}

// severitySign tells severities apart without colour and without reading.
func severitySign(s model.Severity) string {
	return [...]string{model.Info: "· ", model.Low: "- ", model.Medium: "~ ", model.High: "! ", model.Critical: "!!"}[s]
}

func (a *app) severity(s model.Severity) style.Style {
	return [...]style.Style{
		model.Info: a.theme.Info, model.Low: a.theme.Low, model.Medium: a.theme.Medium, model.High: a.theme.High,
		model.Critical: a.theme.Critical,
	}[s]
}

func (a *app) relationStyle(r rows.Row) style.Style {
	switch {
	case r.Finding != model.None:
		return style.Style{}
	case r.Relation == model.Same:
		return a.theme.Good
	default:
		return a.theme.Medium
	}
}
