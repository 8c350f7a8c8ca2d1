package tui

import (
	"github.com/scimdrift/scimdrift/tui/style"
)

// mover is what the moving keys and the wheel move: a list of rows, or a page of text.
type mover interface {
	Move(lines int)
	Page(pages int)
	HalfPage(pages int)
	Scroll(lines int)
	Home()
	End()
}

// screen covers the board below the header. Its lines may be of any width and number: the frame cuts and fills them.
type screen interface {
	mover
	// title stands in the rule above the screen and tells screens apart.
	title(a *app) string
	// body draws exactly what is to be seen in height lines of width cells.
	body(a *app, width, height int) []string
}

// page is text that can be longer than the window: the common part of the screens that are read and not worked on. Its
// lines are made again only when the width or what they tell of has changed.
type page struct {
	lines             []string
	width, height, at int
	made              bool
}

func (p *page) stale() { p.made = false }

// window gives the lines that show; make lays them out for a width.
func (p *page) window(width, height int, lay func(width int) []string) []string {
	if !p.made || width != p.width {
		p.lines, p.width, p.made = lay(width), width, true
	}
	p.height = max(height, 1)
	p.clamp()
	return p.lines[p.at:min(p.at+p.height, len(p.lines))]
}

func (p *page) clamp() { p.at = max(min(p.at, len(p.lines)-p.height), 0) }

func (p *page) Move(n int)     { p.at += n; p.clamp() }
func (p *page) Scroll(n int)   { p.Move(n) }
func (p *page) Page(n int)     { p.Move(n * max(p.height-1, 1)) }
func (p *page) HalfPage(n int) { p.Move(n * max(p.height/2, 1)) }
func (p *page) Home()          { p.at = 0 }
func (p *page) End()           { p.at = len(p.lines); p.clamp() }

// cursorLine is the line at the cursor of a list that is as wide as the terminal, in one style from end to end.
func (a *app) cursorLine(text string) string {
	return a.theme.Cursor.On("›" + style.Fit(text, a.width-1))
}

// indent puts a margin before wrapped text.
func indent(margin, text string, width int) []string {
	lines := style.Wrap(text, width-style.Width(margin))
	for i := range lines {
		lines[i] = margin + lines[i]
	}
	return lines
}
