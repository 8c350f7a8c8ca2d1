package tui

import (
	"regexp"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/style"
)

// plainStep is by how much what is timed changes in a plain frame: a screen reader says each change.
const plainStep = time.Minute

// plainView is the frame for who has the board read to them ([ui] plain): words, one fact a line, of the list only what
// stands at the cursor, and nothing that moves by itself. It is not on the alternate screen, so that what was said can
// be read again.
func (a *app) plainView() tea.View {
	v := tea.View{WindowTitle: style.Name("scimdrift " + a.opts.Connection)}
	if a.width <= 0 || a.height <= 0 {
		return v
	}
	drawn := a.withPlainWidth()
	head, body, end := drawn.plainHead(), drawn.plainBody(), drawn.plainEnd()
	lines := style.Facts(head, a.width)
	at := len(lines)
	if a.palette() != nil && len(body) > 0 { // its first line is typed in, and stays as the cursor has it
		lines, body = append(lines, style.Cut(body[0], a.width)), body[1:]
	}
	lines = append(lines, style.Facts(body, a.width)...)
	said := style.Facts(end, a.width)
	if a.prompt != nil && a.palette() == nil {
		said = append(said, a.footerLeft(a.width))
	}
	said = said[max(len(said)-a.height, 0):]
	lines = lines[:min(len(lines), a.height-len(said))]
	v.Cursor = tea.NewCursor(0, min(at, a.height-1))
	if p := a.prompt; p != nil {
		y := len(lines) + len(said) - 1
		if a.palette() != nil {
			y = min(at, a.height-1)
		}
		if typed := p.Cursor(y, a.width); typed != nil {
			v.Cursor = typed
		}
	}
	v.Content = strings.Join(append(lines, said...), "\n")
	return v
}

// hintGap parts the keys of the footer, of which one may be padded.
var hintGap = regexp.MustCompile(` {2,}`)

// plainWidth is wider than the lines of screens get: those of a plain frame are broken when it is put together.
const plainWidth = 400

// withPlainWidth is the program with the width that its screens are drawn in.
func (a *app) withPlainWidth() *app {
	if !a.opts.Plain {
		return a
	}
	wide := *a
	wide.width = plainWidth
	return &wide
}

// plainHead says where this is, how far it can be relied on, and how bad it is.
func (a *app) plainHead() []string {
	lines := []string{a.titleLine()}
	if a.top() != nil {
		return append(lines, a.top().Title())
	}
	if a.Set != nil {
		lines = append(append(lines, a.severityLine()), a.notices()...)
	}
	lines = append(lines, "tab "+style.Number(int(a.tab)+1)+" of "+style.Number(int(a.numTabs()))+": "+a.tabName(a.tab))
	if at := a.positionText(); at != "" {
		lines = append(lines, "row "+at)
	}
	return append(lines, a.footerRight())
}

// plainBody is what is under way: what is chosen from, a screen, a tab, or what stands at the cursor.
func (a *app) plainBody() []string {
	switch {
	case a.palette() == nil && a.isListDrawn() && a.list().Len() == 0:
		return []string{a.whyEmpty()}
	case a.palette() == nil && a.isListDrawn():
		return a.grid().Facts()
	case a.palette() == nil && a.top() == nil && a.Set == nil && a.Fetch.Active:
		return []string{"both sides are being read" + a.cancelHint("cancels")}
	}
	return a.bodyLines(a.layout().body)
}

// plainEnd says what was just done, or what is asked; and where the jobs stand.
func (a *app) plainEnd() []string {
	var lines []string
	if len(a.jobsOffScreen()) > 0 {
		dismiss := a.endedJob() != nil && a.top() == nil
		lines = append(lines, run.Line(a.context(), a.jobsOffScreen(), dismiss, plainWidth))
	}
	switch said := a.footerLeft(plainWidth); {
	case a.prompt != nil:
	case a.status != "":
		lines = append(lines, said)
	default:
		lines = append(lines, "keys: "+strings.Join(hintGap.Split(strings.TrimSpace(ansi.Strip(said)), -1), ", "))
	}
	return lines
}
