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

// detail is the pane below the grid: what stands at the cursor, in a few lines. Enter shows all of it.
func (a *app) detail(height int) []string {
	line, ok := a.list().Current()
	if !ok {
		return []string{a.ruleWith("")}
	}
	if line.Heading != nil {
		return append([]string{a.ruleWith("")}, a.headingDetail(line)...)
	}
	lines := make([]string, 1, height)
	lines[0] = a.ruleWith(label(a.set.Subject(line.Row).Name))
	findings := a.set.FindingsOf(line.Row)
	if len(findings) == 0 {
		return append(lines, a.settledDetail(line.Row)...)
	}
	for _, f := range findings {
		lines = append(lines, a.findingDetail(f, height)...)
	}
	return append(lines, a.bothSides(line.Row)...)
}

func (a *app) headingDetail(line rows.Line) []string {
	hint := "enter folds, space marks all of them."
	if line.Folded {
		hint = "enter unfolds, space marks all of them."
	}
	return []string{" " + style.Cut(headingText(line), a.width-2), " " + a.theme.Faint.On(hint)}
}

// findingDetail puts what is wrong first, then what to do, then what it rests on: a low pane shows at least that much.
func (a *app) findingDetail(f *model.Finding, height int) []string {
	text := sentence(f, a.opts.Target.Short)
	summary := indent(" ", style.Name(text), a.width-1)
	lines := summary[:min(len(summary), max(height-3, 1))]
	if next := explain.Next(*f); next != "" {
		wrapped := style.Wrap("Next: "+style.Name(next), a.width-2)
		for i, text := range wrapped {
			if rest, first := strings.CutPrefix(text, "Next:"); first && i == 0 {
				text = a.theme.Title.On("Next:") + rest
			}
			lines = append(lines, " "+text)
		}
	}
	if doubt := explain.Doubt(*f); doubt != "" {
		lines = append(lines, " "+style.Cut(style.Name(capital(doubt)+"."), a.width-2))
	}
	lines = append(lines, a.seen(telling(f))...)
	if f.Cause == model.CauseUnknown {
		for _, note := range a.set.Comparison.Notes {
			lines = append(lines, a.labelled("Note:", note))
		}
	}
	for _, d := range f.Fields {
		source, target := model.Distinct(d.Source, d.Target)
		source, target = valueOr(source)+" in "+a.opts.Source.Short, valueOr(target)+" in "+a.opts.Target.Short
		lines = append(lines, a.labelled(d.Name+":", source+" ≠ "+target))
	}
	switch f.Kind { //nolint:exhaustive // the sentence of the others names them already
	case model.GroupLingering, model.GroupUnclaimed, model.GroupMissing:
		if len(f.Members) > 0 {
			lines = append(lines, a.labelled("Members:", few(f.Members)))
		}
	}
	return lines
}

// seen gives the first pieces of evidence, each once: every byte of the pane crosses the line at every move, and enter
// shows all.
func (a *app) seen(evidence []model.Evidence) []string {
	const most = 2
	var lines []string
	for _, e := range evidence {
		if line := " " + a.evidenceShort(e); len(lines) < most && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// evidenceShort is one piece of evidence on one line, its word dim.
func (a *app) evidenceShort(e model.Evidence) string {
	word, rest, _ := strings.Cut(a.evidenceLine(e), " ")
	return a.theme.Faint.On(word+" ") + style.Cut(rest, a.width-style.Width(word)-3)
}

// few names the first of many.
func few(all []string) string {
	const most = 3
	if len(all) <= most {
		return names(all)
	}
	return style.Number(len(all)) + ": " + strings.Join(all[:most], ", ") + ", …"
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

// labelled is a line with a label in front, cut to the width. The text is raw.
func (a *app) labelled(label, text string) string {
	label = " " + label + " "
	return a.theme.Faint.On(label) + style.Cut(style.Name(text), a.width-style.Width(label)-1)
}

// settledDetail tells of a row without a finding how it was matched and what it is on each side.
func (a *app) settledDetail(r rows.Row) []string {
	var lines []string
	switch r.Relation {
	case model.Same:
		lines = append(lines, " "+a.theme.Good.On(a.inSync(r))+" "+style.Name(a.whatOfSettled(r)))
	case model.Unsettled:
		lines = append(lines, " "+a.theme.Medium.On("Not settled: ")+style.Cut(style.Name(a.whyUnsettled(r)), a.width-15))
	case model.Differs, model.OnlySource, model.OnlyTarget, model.Aside:
		lines = append(lines, " "+style.Name(a.whatOfSettled(r)))
	}
	return append(lines, a.bothSides(r)...)
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

// bothSides says in a line each what either side holds.
func (a *app) bothSides(r rows.Row) []string {
	var source, target string
	if r.Relation == model.Aside {
		return nil
	}
	if r.User {
		src, tgt := a.set.UsersOf(r)
		if src != nil && tgt != nil {
			a, b := *src, *tgt
			a.UserName, b.UserName = model.Distinct(a.UserName, b.UserName)
			a.DisplayName, b.DisplayName = model.Distinct(a.DisplayName, b.DisplayName)
			src, tgt = &a, &b
		}
		source, target = userLine(src), userLine(tgt)
	} else {
		src, tgt := a.set.GroupsOf(r)
		if src != nil && tgt != nil {
			a, b := *src, *tgt
			a.Name, b.Name = model.Distinct(a.Name, b.Name)
			src, tgt = &a, &b
		}
		source = groupLine(src, a.directory(Source), r.Source)
		target = groupLine(tgt, a.directory(Target), r.Target)
	}
	on := func(side Side) string { return style.Name(a.name(side).Short) + ":" }
	width := max(style.Width(on(Source)), style.Width(on(Target)))
	return []string{a.labelled(style.Fit(on(Source), width), source), a.labelled(style.Fit(on(Target), width), target)}
}

// userLine and groupLine are raw.
func userLine(u *model.User) string {
	if u == nil {
		return absent
	}
	parts := []string{u.Called(), u.DisplayName, explain.Standing(u)}
	if !model.SameName(u.Email, u.UserName) {
		parts = append(parts, valueOr(u.Email))
	}
	return strings.Join(parts, " · ")
}

func groupLine(g *model.Group, d *model.Directory, at int32) string {
	if g == nil {
		return absent
	}
	members := style.Count(len(d.Members.Of(int(at))), "member")
	if why := d.MembersUnknown(at); why != "" {
		members = "members unknown: " + why
	}
	return g.Called() + " · " + members
}
