package screen

import (
	tea "charm.land/bubbletea/v2"
)

// Mover is what the moving keys and the wheel move: a list of rows, or a page of text.
type Mover interface {
	Move(lines int)
	Page(pages int)
	HalfPage(pages int)
	Scroll(lines int)
	Home()
	End()
}

// Sifter is what a filter narrows.
type Sifter interface {
	Filter() string
	// SetFilter narrows what shows; the error says which word is none of the filter language.
	SetFilter(text string) error
	// Matches is how much the filter leaves, Unfiltered how much there would be without it.
	Matches() int
	Unfiltered() int
}

// Screen covers the board below the header. Its lines may be of any width and number: the frame cuts and fills them.
type Screen interface {
	Mover
	// Title stands in the rule above the screen and tells screens apart.
	Title() string
	// View draws exactly what is to be seen in height lines of width cells.
	View(c *Context, width, height int) []string
}

// What a screen may do besides.
type (
	// Updater takes in the messages that it has asked for. Every message that is none of the program's own goes to
	// every screen.
	Updater interface{ Update(msg tea.Msg) tea.Cmd }
	// Fitter lays itself out for a size, so that keys that come before the next frame find it laid out.
	Fitter interface {
		Fit(c *Context, width, height int)
	}
	// Closer is told when it was left.
	Closer interface{ Close() }
	// Staler shows what may have changed, and looks again.
	Staler interface{ Stale() }
)
