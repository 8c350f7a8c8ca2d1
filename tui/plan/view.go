package plan

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// line is one line of a plan. step is the step that it is of, none on -1; rule the refusal that it tells of.
type line struct {
	text string
	step int
	rule model.GuardRule
}

// Fit lays the plan out for a size, so that keys that come before the next frame find it laid out.
func (s *Screen) Fit(c *screen.Context, width, height int) {
	if s.plan != nil && (!s.isLaidOut || width != s.width) {
		s.layOut(c, width)
	}
	s.SetLen(len(s.lines))
	s.SetHeight(height - len(s.lowerPane(c, width, height)))
}

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	switch {
	case s.failed != "":
		return screen.EmptyText(s.failed, width)
	case s.plan == nil:
		return screen.EmptyText("Working out what would be sent.", width)
	}
	s.Fit(c, width, height)
	lower := s.lowerPane(c, width, height)
	room := max(height-len(lower), 0)
	lines := s.Lines(room, func(at int, chosen bool) string {
		if chosen {
			return "›" + strings.TrimPrefix(s.lines[at].text, " ")
		}
		return s.lines[at].text
	})
	for len(lines) < room {
		lines = append(lines, "")
	}
	return append(lines, lower...)
}

// lowerPane is the part below the lines: what has to be typed while that is asked, else the step at the cursor.
func (s *Screen) lowerPane(c *screen.Context, width, height int) []string {
	if s.plan == nil || height < 2 {
		return nil
	}
	var lines []string
	switch {
	case s.Asked != nil && s.Asked.Hint != nil:
		if lines = s.Asked.Hint(c, width); len(lines) > height { // the rule gives way first, then the end of the hint
			lines = lines[1:]
		}
		return lines[:min(len(lines), height)]
	case height < 12 || len(s.plan.Steps) == 0:
		return nil
	}
	// A low pane that keeps its height: one that changed with each step would move the lines above it.
	most := min(max(height/3, 4), 12)
	step := &s.plan.Steps[s.stepAt()]
	lines = append([]string{c.Rule(step.ID+" in short, "+c.Key("step")+" shows all", width)},
		stepSummary(c, step, width)...)
	for len(lines) < most {
		lines = append(lines, "")
	}
	return lines[:most]
}

// stepAt is the index of the step at the cursor, or of the next one below it, or of the last.
func (s *Screen) stepAt() int {
	for _, line := range s.lines[min(s.Cursor(), len(s.lines)):] {
		if line.step >= 0 {
			return line.step
		}
	}
	return max(len(s.plan.Steps)-1, 0)
}

// layOut puts the lines together: first what it does in a sentence, last when it can be run.
func (s *Screen) layOut(c *screen.Context, width int) {
	p := s.plan
	s.width, s.isLaidOut, s.lines = width, true, s.lines[:0]
	add := func(rule model.GuardRule, lines ...string) {
		for _, text := range lines {
			s.lines = append(s.lines, line{text: text, step: -1, rule: rule})
		}
	}
	head := func(text string) { add("", "", "  "+c.Theme.Title.On(style.Cut(text, width-3))) }
	sentences := style.Indent("  ", planSentence(p), width-1)
	for i := range sentences {
		sentences[i] = "  " + c.Theme.Title.On(strings.TrimPrefix(sentences[i], "  "))
	}
	add("", sentences...)
	s.addGuardLines(c, width, add)
	for _, note := range []string{s.NotPlanned, s.Note} {
		if note != "" {
			add("", screen.Signed(c.Theme.Faint, "·", note, width)...)
		}
	}
	if access := explain.Access(p); len(access) > 0 {
		head("Access")
		add("", style.Paragraphs("  ", width, access...)...)
	}
	if left := explain.FindingsLeft(p); left != "" {
		head("Findings afterwards")
		add("", style.Paragraphs("  ", width, left)...)
	}
	if len(p.Warnings) > 0 || !p.Complete {
		head("Mind")
	}
	for _, w := range p.Warnings {
		add("", screen.Signed(c.Theme.Medium, "!", w, width)...)
	}
	if !p.Complete {
		add("", screen.Signed(c.Theme.Medium, "!", "Not everything was read when it was made; "+
			c.Key("coverage")+" says what.", width)...)
	}
	if n := len(p.Steps); n > 0 {
		head(style.Count(n, "step") + map[bool]string{true: "", false: ", one after the other"}[n == 1])
		for i := range p.Steps {
			s.lines = append(s.lines, line{text: stepLine(c, &p.Steps[i], width), step: i})
		}
	}
	if back := strings.Join(explain.WayBack(p), " "); back != "" && c.Still == "" {
		head("If it turns out wrong")
		back = strings.Replace(back, "An undo takes", c.Key("undo")+" takes", 1)
		add("", style.Paragraphs("  ", width, back)...)
	}
	if len(p.LeftOut) > 0 {
		head("Left out")
		add("", style.Paragraphs("  ", width, model.LeftOutByReason(p.LeftOut)...)...)
	}
	add("", "")
	add("", style.Indent("  ", s.validityText(c), width-1)...)
}

// addGuardLines says what the guard says, each rule with its numbers and the way on.
func (s *Screen) addGuardLines(c *screen.Context, width int, add func(model.GuardRule, ...string)) {
	if c.Still != "" {
		add("", screen.Signed(c.Theme.Bad, "✗", "From "+c.Still+": this can be looked at, and not run. The guard "+
			"has its say where the connection itself is open.", width)...)
		return
	}
	g := &s.plan.Guard
	for _, r := range g.Refusals {
		text := "Refused by " + string(r.Rule) + ": " + r.Text
		add(r.Rule, screen.Signed(c.Theme.Bad, "✗", text, width)...)
		way := wayPastRefusal(c, &r)
		if len(r.Steps) > 0 && len(r.Steps) < len(s.plan.Steps) {
			way = "It is about " + strings.Join(r.Steps, ", ") + ". " + way
		}
		add(r.Rule, style.Paragraphs("    ", width, way)...)
	}
	for _, r := range g.Overridden {
		if r.Rule == model.RuleUnclaimed {
			text := style.Clause(r.Text) + " To delete it all the same, the code of the plan has to be typed."
			for _, line := range style.Paragraphs("  ! ", width, text) {
				add("", c.Theme.Bad.On(line))
			}
			continue
		}
		add("", screen.Signed(c.Theme.Medium, "!", "Allowed by you, "+string(r.Rule)+": "+r.Text, width)...)
	}
	if g.Allowed && len(g.Overridden) == 0 && len(s.plan.Steps) > 0 {
		add("", screen.Signed(c.Theme.Good, "✓", "The guard allows it.", width)...)
	}
}

// wayPastRefusal is the way on from a refusal, by the keys of the board where there are some.
func wayPastRefusal(c *screen.Context, r *model.GuardRefusal) string {
	option, way := "--allow "+string(r.Rule), r.Way
	switch {
	case r.Rule == model.RuleUnsettled:
		way = "settle that run first: " + c.Key("settle") + " on the board does"
	case !plan.Overridable(r.Rule):
	case strings.Contains(way, option):
		way = strings.Replace(way, option, c.Key("allow"), 1)
	default:
		way = strings.TrimSuffix(way, ".") + ", or allow it with " + c.Key("allow")
	}
	return style.Clause(way)
}

// validityText is what tells this plan from others, and how long it lasts.
func (s *Screen) validityText(c *screen.Context) string {
	p := s.plan
	if c.Still != "" {
		return "Made at " + c.Clock(p.MadeAt) + " from " + style.Name(c.Still) + ", cannot be run"
	}
	text := "Code " + p.Code() + " · made at " + c.Clock(p.MadeAt) + ", can be run until " + c.Clock(p.ExpiresAt())
	if s.Reason != "" {
		text += " · why: " + style.Name(s.Reason)
	}
	return text
}
