package screen

import (
	"strings"

	"charm.land/bubbles/v2/viewport"

	"github.com/scimdrift/scimdrift/tui/style"
)

// Text is text that can be longer than the window: the common part of the screens that are read and not worked on. Its
// lines are made again only when the width or what they tell of has changed.
type Text struct {
	viewport.Model

	isCurrent bool
}

// Stale has the lines made again.
func (t *Text) Stale() { t.isCurrent = false }

// Lines gives those that show; lay makes them for a width.
func (t *Text) Lines(width, height int, lay func(width int) []string) []string {
	if !t.isCurrent || width != t.Width() {
		lines := lay(width)
		for i := range lines {
			lines[i] = style.Cut(lines[i], width)
		}
		t.SetWidth(width)
		t.SetContentLines(lines)
		t.isCurrent = true
	}
	t.SetHeight(max(height, 1))
	t.Move(0)
	return strings.Split(t.View(), "\n")
}

// Move moves the window.
func (t *Text) Move(lines int) { t.SetYOffset(t.YOffset() + lines) }

// Leap is what the keys of pages do.
func (t *Text) Leap(lines int) { t.Move(lines) }

// Scroll is what the wheel does.
func (t *Text) Scroll(lines int) { t.Move(lines) }
