package tui

import (
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/style"
)

// planLine is one line of a plan. step is the step that it is of, none on -1; rule the refusal that it tells of.
type planLine struct {
	text string
	step int
	rule model.GuardRule
}

// fit lays the plan out for a size, so that keys that come before the next frame find it laid out.
func (s *planScreen) fit(a *app, width, height int) {
	if s.plan != nil && (!s.laid || width != s.width) {
		s.lay(a, width)
	}
	s.setLen(len(s.lines))
	s.SetHeight(height - len(s.lower(a, width, height)))
}

func (s *planScreen) body(a *app, width, height int) []string {
	switch {
	case s.failed != "":
		return a.nothing(s.failed, a.width)
	case s.plan == nil:
		return a.nothing("Working out what would be sent.", a.width)
	}
	s.fit(a, width, height)
	lower := s.lower(a, width, height)
	room := max(height-len(lower), 0)
	lines := make([]string, 0, height)
	for at := s.Top(); at < min(s.Top()+room, s.Len()); at++ {
		line := s.lines[at].text
		if at == s.Cursor() {
			line = "›" + strings.TrimPrefix(line, " ")
		}
		lines = append(lines, line)
	}
	for len(lines) < room {
		lines = append(lines, "")
	}
	return append(lines, lower...)
}

// lower is the part below the lines: what has to be typed while that is asked, else the step at the cursor.
func (s *planScreen) lower(a *app, width, height int) []string {
	if s.plan == nil || height < 2 {
		return nil
	}
	var lines []string
	switch {
	case a.question != nil && a.question.hint != nil:
		lines = a.question.hint(a, width)
		return lines[:min(len(lines), height-1)]
	case height < 12 || len(s.plan.Steps) == 0:
		return nil
	}
	// A low pane that keeps its height: one that changed with each step would move the lines above it.
	most := min(max(height/3, 4), 12)
	step := &s.plan.Steps[s.stepAt()]
	lines = append([]string{a.ruleWith(step.ID + " in short, space shows all")}, a.stepShort(step, width)...)
	for len(lines) < most {
		lines = append(lines, "")
	}
	return lines[:most]
}

// stepAt is the index of the step at the cursor, or of the next one below it, or of the last.
func (s *planScreen) stepAt() int {
	for _, line := range s.lines[min(s.Cursor(), len(s.lines)):] {
		if line.step >= 0 {
			return line.step
		}
	}
	return max(len(s.plan.Steps)-1, 0)
}

// lay puts the lines together: first what it does in a sentence, last when it can be run.
func (s *planScreen) lay(a *app, width int) {
	p := s.plan
	s.width, s.laid, s.lines = width, true, s.lines[:0]
	add := func(rule model.GuardRule, lines ...string) {
		for _, text := range lines {
			s.lines = append(s.lines, planLine{text: text, step: -1, rule: rule})
		}
	}
	head := func(text string) { add("", "", "  "+a.theme.Title.On(style.Cut(text, width-3))) }
	sentences := indent("  ", planSentence(p), width-1)
	for i := range sentences {
		sentences[i] = "  " + a.theme.Title.On(strings.TrimPrefix(sentences[i], "  "))
	}
	add("", sentences...)
	s.layGuard(a, width, add)
	if s.note != "" {
		add("", a.signed(a.theme.Faint, "·", s.note, width)...)
	}
	if access := explain.Access(p); len(access) > 0 {
		head("Access")
		for _, line := range access {
			add("", indent("  ", style.Name(line), width-1)...)
		}
	}
	if left := explain.Left(p); left != "" {
		head("Findings afterwards")
		add("", indent("  ", style.Name(left), width-1)...)
	}
	if len(p.Warnings) > 0 || !p.Complete {
		head("Mind")
	}
	for _, w := range p.Warnings {
		add("", a.signed(a.theme.Medium, "!", w, width)...)
	}
	if !p.Complete {
		add("", a.signed(a.theme.Medium, "!", "Not everything was read when it was made; c says what.", width)...)
	}
	if n := len(p.Steps); n > 0 {
		head(style.Count(n, "step") + map[bool]string{true: "", false: ", one after the other"}[n == 1])
		for i := range p.Steps {
			s.lines = append(s.lines, planLine{text: a.stepLine(&p.Steps[i], width), step: i})
		}
	}
	if back := wayBack(p); back != "" && a.opts.Still == "" {
		head("If it turns out wrong")
		add("", indent("  ", back, width-1)...)
	}
	if len(p.LeftOut) > 0 {
		head("Left out")
		for _, line := range model.LeftOutByReason(p.LeftOut) {
			add("", indent("  ", style.Name(line), width-1)...)
		}
	}
	add("", "")
	add("", indent("  ", s.colophon(a), width-1)...)
}

// layGuard says what the guard says, each rule with its numbers and the way on.
func (s *planScreen) layGuard(a *app, width int, add func(model.GuardRule, ...string)) {
	if a.opts.Still != "" {
		add("", a.signed(a.theme.Bad, "✗", "From "+a.opts.Still+": this can be looked at, and not run. The guard "+
			"has its say where the connection itself is open.", width)...)
		return
	}
	g := &s.plan.Guard
	for _, r := range g.Refusals {
		text := "Refused by " + string(r.Rule) + ": " + r.Text
		add(r.Rule, a.signed(a.theme.Bad, "✗", text, width)...)
		way := wayHere(&r)
		if len(r.Steps) > 0 && len(r.Steps) < len(s.plan.Steps) {
			way = "It is about " + strings.Join(r.Steps, ", ") + ". " + way
		}
		add(r.Rule, indent("    ", style.Name(way), width-1)...)
	}
	for _, r := range g.Overridden {
		if r.Rule == model.RuleUnclaimed {
			text := clause(r.Text) + " To delete it all the same, the code of the plan has to be typed."
			for _, line := range indent("  ! ", style.Name(text), width-1) {
				add("", a.theme.Bad.On(line))
			}
			continue
		}
		add("", a.signed(a.theme.Medium, "!", "Allowed by you, "+string(r.Rule)+": "+r.Text, width)...)
	}
	if g.Allowed && len(g.Overridden) == 0 && len(s.plan.Steps) > 0 {
		add("", a.signed(a.theme.Good, "✓", "The guard allows it.", width)...)
	}
}

// wayHere is the way on from a refusal, by the keys of the board where there are some.
func wayHere(r *model.GuardRefusal) string {
	option, way := "--allow "+string(r.Rule), r.Way
	switch {
	case r.Rule == model.RuleUnsettled:
		way = "settle that run first: S on the board does"
	case !plan.Overridable(r.Rule):
	case strings.Contains(way, option):
		way = strings.Replace(way, option, "A", 1)
	default:
		way = strings.TrimSuffix(way, ".") + ", or allow it with A"
	}
	return clause(way)
}

// clause makes a sentence of one.
func clause(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if last := text[len(text)-1]; last != '.' && last != '!' && last != '?' {
		text += "."
	}
	return text
}

// signed is wrapped text after a sign of one cell. The text is raw.
func (a *app) signed(look style.Style, sign, text string, width int) []string {
	lines := indent("    ", style.Name(text), width-1)
	if len(lines) > 0 {
		lines[0] = "  " + look.On(sign) + " " + strings.TrimPrefix(lines[0], "    ")
	}
	return lines
}

// colophon is what tells this plan from others, and how long it lasts.
func (s *planScreen) colophon(a *app) string {
	p := s.plan
	at := func(t time.Time) string { return t.In(a.now.Location()).Format(time.TimeOnly) }
	if a.opts.Still != "" {
		return "Made at " + at(p.MadeAt) + " from " + style.Name(a.opts.Still) + ", cannot be run"
	}
	text := "Code " + p.Code() + " · made at " + at(p.MadeAt) + ", can be run until " + at(p.MadeAt.Add(model.PlanLife))
	if s.reason != "" {
		text += " · why: " + style.Name(s.reason)
	}
	return text
}
