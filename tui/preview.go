package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// atCursor names what stands at the cursor.
func (a *app) atCursor() string {
	line, ok := a.list().Current()
	if !ok || line.Heading != nil {
		return ""
	}
	return label(a.set.Subject(line.Row).Name)
}

// preview tells in a few lines what is wrong with what stands at the cursor, what it is on both sides, who says so and
// which keys end it. Enter shows all of it.
func (a *app) preview(width, height int) []string {
	line, ok := a.list().Current()
	if !ok {
		return nil
	}
	if line.Heading != nil {
		return a.headingPreview(line, width)
	}
	findings := a.set.FindingsOf(line.Row)
	if len(findings) == 0 {
		return a.settledPreview(line.Row, width)
	}
	var lines []string
	for i, f := range findings {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, a.said(f, width)...)
	}
	f := findings[0]
	return stacked(lines, a.bothSides(line.Row, f, width), a.seen(telling(f), width), a.waysOut(f, width), height)
}

// The lines that each part of the preview keeps for itself where there is room, so that a move from row to row writes
// anew what differs and not all that stands below it.
const (
	saidLines  = 4
	sidesLines = 6
	seenLines  = 2
)

// stacked puts the parts below each other, each at its place where there is room; else what ends it before the two
// sides and what bears it out. What is on no side has no place of its own for anything.
func stacked(said, sides, seen, ends []string, height int) []string {
	if len(sides) == 0 {
		return slices.Concat(said, seen, []string{""}, ends)
	}
	var lines []string
	for _, part := range []struct {
		lines []string
		keeps int
	}{{said, saidLines}, {sides, sidesLines}, {seen, seenLines}, {ends, 0}} {
		lines = append(lines, part.lines...)
		for range part.keeps - len(part.lines) + 1 {
			lines = append(lines, "")
		}
	}
	if len(lines) > height {
		return slices.Concat(said, ends, sides, seen)
	}
	return lines
}

// said is what is wrong in a sentence, with how sure that is.
func (a *app) said(f *model.Finding, width int) []string {
	lines := indent(" ", style.Name(sentence(f, a.opts.Target.Short)), width-1)
	lines = append(lines, a.sinceWhen(f, width)...)
	if doubt := explain.Doubt(*f); doubt != "" {
		lines = append(lines, indent(" ", style.Name(capital(doubt)+"."), width-1)...)
	}
	if f.Cause == model.CauseUnknown {
		for _, note := range a.set.Comparison.Notes {
			lines = append(lines, indent(" ", style.Name("Note: "+note+"."), width-1)...)
		}
	}
	return lines
}

func (a *app) headingPreview(line rows.Line, width int) []string {
	lines := indent(" ", style.Name(headingText(line)+"."), width-1)
	g := line.Heading.Group
	if g == nil {
		return append(lines, "", a.headingKeys(width))
	}
	first := &a.set.Comparison.Findings[g.Findings[0]]
	if first.Check != nil {
		lines = append(lines, "")
		lines = append(lines, indent(" ", style.Name(capital(first.Check.Seen)+"."), width-1)...)
	}
	oldest := first
	for _, i := range g.Findings {
		at, _ := a.since(&a.set.Comparison.Findings[i])
		if since, _ := a.since(oldest); since.IsZero() || !at.IsZero() && at.Before(since) {
			oldest = &a.set.Comparison.Findings[i]
		}
	}
	lines = append(lines, a.sinceWhen(oldest, width)...)
	lines = append(append(lines, ""), a.nextStep(first, g.Action, width)...)
	return append(lines, "", a.headingKeys(width))
}

func (a *app) headingKeys(width int) string {
	return " " + a.theme.Faint.On(style.Cut("enter folds, space marks them all", width-2))
}

// sinceWhen says since when a finding is there, exactly; nothing where that is not known.
func (a *app) sinceWhen(f *model.Finding, width int) []string {
	at, dated := a.since(f)
	if at.IsZero() {
		return nil
	}
	text := "First seen "
	if dated {
		text = "Since "
	}
	text += at.In(a.now.Location()).Format("2 Jan 2006 15:04 MST") + ", " + span(a.now.Sub(at)) + " ago."
	return []string{" " + a.theme.Faint.On(style.Cut(text, width-2))}
}

// nextStep says what to do next, behind its key where one does it.
func (a *app) nextStep(f *model.Finding, action model.Option, width int) []string {
	next := explain.Next(*f)
	if next == "" {
		return nil
	}
	key, margin := "", " "
	if action.Repair != "" {
		key = a.keyOf(action.Repair)
		margin = style.Spaces(style.Width(key) + 3)
	}
	lines := indent(margin, "Next: "+style.Name(next), width-1)
	if len(lines) > 0 && key != "" {
		lines[0] = " " + a.theme.Key.On(key) + "  " + strings.TrimPrefix(lines[0], margin)
	}
	return lines
}

// waysOut says what to do next behind its key, and then each other key that would end a finding, with what it costs.
func (a *app) waysOut(f *model.Finding, width int) []string {
	action, ok := f.Action()
	lines := a.nextStep(f, action, width)
	if !ok {
		return lines
	}
	const most = 3
	told := []string{a.keyOf(action.Repair)}
	for _, o := range f.Repairs {
		key := a.keyOf(o.Repair)
		if slices.Contains(told, key) || len(told) > most {
			continue // the key asks which of its ways is meant
		}
		told = append(told, key)
		takes, grants := f.Effect(o)
		effect := explain.Effect(takes, grants)
		left := " " + a.theme.Key.On(key) + "  " + explain.Shortly(o)
		lines = append(lines, style.Between(style.Cut(left, max(width-style.Width(effect)-2, 0)),
			a.theme.Faint.On(effect)+" ", width))
	}
	return lines
}

// seen gives the first piece of evidence: every byte of the preview crosses the line at every move, and enter shows
// all.
func (a *app) seen(evidence []model.Evidence, width int) []string {
	if len(evidence) == 0 {
		return nil
	}
	lines := indent(" ", a.evidenceLine(evidence[0]), width-1)
	const most = 3
	if len(lines) > most {
		lines = append(lines[:most-1], style.Cut(lines[most-1], width-3)+"…")
	}
	for i, line := range lines {
		lines[i] = a.theme.Faint.On(line)
	}
	return lines
}

// sentence makes a summary stand on its own, with a word where it is not certain.
func sentence(f *model.Finding, target string) string {
	s := capital(explain.Summary(*f, target)) + "."
	switch {
	case f.Provisional || f.Confidence == model.Certain:
		return s
	case f.Confidence == model.Likely:
		return "Likely: " + s
	}
	return "Not certain: " + s
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// settledPreview tells of a row without a finding how it was matched and what it is on each side.
func (a *app) settledPreview(r rows.Row, width int) []string {
	return append(append(a.standingOf(r, width), ""), a.bothSides(r, nil, width)...)
}

// standingOf says that a row has no finding, or why nothing is said of it.
func (a *app) standingOf(r rows.Row, width int) []string {
	why := style.Name(a.whatOfSettled(r))
	switch r.Relation {
	case model.Same:
		return []string{" " + a.theme.Good.On(a.inSync(r)) + " " + style.Cut(why, width-style.Width(a.inSync(r))-3)}
	case model.Unsettled:
		return indent(" ", "Not settled: "+style.Name(a.whyUnsettled(r)), width-1)
	case model.Differs, model.OnlySource, model.OnlyTarget, model.Aside:
	}
	return []string{" " + style.Cut(why, width-2)}
}

// inSync says how sure it is that a row is in sync.
func (a *app) inSync(r rows.Row) string {
	switch v := a.set.Verdict(r); {
	case a.set.Comparison.Provisional:
		return "In sync so far."
	case v.Confidence < model.Certain:
		return "Likely in sync."
	}
	return "In sync."
}

// basis is what a pair was matched by.
func (a *app) basis(r rows.Row) string {
	c := a.set.Comparison
	switch {
	case r.Source == model.None || r.Target == model.None:
		return ""
	case r.User:
		return c.Users.Basis[r.Source].String()
	default:
		return c.Groups.Basis[r.Source].String()
	}
}

// bothSides lays the values of both records beside each other, those that differ first and marked. A value that both
// have stands once, across.
func (a *app) bothSides(r rows.Row, f *model.Finding, width int) []string {
	if r.Relation == model.Aside {
		return nil
	}
	const name = 12
	room := max(width-name-5, 2)
	left := room / 2
	switch { // a side without the record needs room for its name alone
	case r.Source == model.None:
		left = min(style.Width(style.Name(a.name(Source).Short))+1, left)
	case r.Target == model.None:
		left = max(room-style.Width(style.Name(a.name(Target).Short))-1, left)
	}
	right := room - left
	row := func(look style.Style, sign, title, source, target string) string {
		return " " + look.On(sign) + " " + a.theme.Faint.On(style.Fit(title, name)) + style.Fit(source, left) + " " +
			style.Cut(target, right)
	}
	head := func(side Side, room int) string {
		return a.theme.Title.On(style.Cut(style.Name(a.name(side).Short), room))
	}
	lines := []string{row(style.Style{}, " ", "", head(Source, left), head(Target, right))}
	var same []string
	for _, v := range a.previewValues(r, f) {
		source, target := v.source, v.target
		if !v.words {
			source, target = model.Distinct(source, target)
		}
		both := r.Source != model.None && r.Target != model.None
		switch {
		case both && v.differs():
			lines = append(lines, row(a.theme.High, rows.Sign(model.Differs), v.name, style.Name(valueOr(source)),
				style.Name(valueOr(target))))
		case both && source == target && source != "":
			across := style.Cut(style.Name(source), width-name-4)
			same = append(same, "   "+a.theme.Faint.On(style.Fit(v.name, name))+across)
		case source != "" || target != "":
			same = append(same, row(style.Style{}, " ", v.name, sideValue(source, r.Source),
				sideValue(target, r.Target)))
		}
	}
	return append(lines, same...)
}

// sideValue is a value as it is shown; a side without the record has a dash.
func sideValue(v string, record int32) string {
	if record == model.None {
		return absent
	}
	return style.Name(v)
}

// previewValues are the values that matter at a glance: what is compared, and who is in a group.
func (a *app) previewValues(r rows.Row, f *model.Finding) []value {
	var out []value
	if r.User {
		src, tgt := a.set.UsersOf(r)
		both := src != nil && tgt != nil
		for _, v := range userValues(src, tgt, a.set.Comparison.Target.Unreadable) {
			switch {
			case !v.compared && !v.differs():
			case (v.name == model.FieldGivenName.String() || v.name == model.FieldFamilyName.String()) &&
				(!both || !v.differs()):
			case v.name == model.FieldEmails.String() && model.SameName(v.source, userNameOf(src)) &&
				model.SameName(v.target, userNameOf(tgt)):
			default:
				out = append(out, v)
			}
		}
		return out
	}
	src, tgt := a.set.GroupsOf(r)
	out = groupValues(src, tgt)[:1]
	if src != nil || tgt != nil {
		out = append(out, a.memberValue(r))
	}
	if f != nil {
		for i, name := range f.Members[:min(len(f.Members), 3)] {
			v := value{name: map[bool]string{true: "who"}[i == 0], words: true, target: name}
			if f.Kind == model.MembersMissing || f.Kind == model.GroupMissing {
				v.source, v.target = name, ""
			}
			out = append(out, v)
		}
	}
	return out
}

func userNameOf(u *model.User) string {
	if u == nil {
		return ""
	}
	return u.UserName
}

// memberValue is how many members a group has on each side.
func (a *app) memberValue(r rows.Row) value {
	count := func(d *model.Directory, at int32) string {
		if at == model.None {
			return ""
		}
		if why := d.MembersUnknown(at); why != "" {
			return "unknown: " + why
		}
		return style.Number(len(d.Members.Of(int(at))))
	}
	v := value{
		name: "members", words: true, source: count(a.directory(Source), r.Source),
		target: count(a.directory(Target), r.Target),
	}
	v.opposed = r.Source != model.None && r.Target != model.None && v.source != v.target
	return v
}
