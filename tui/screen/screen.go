package screen

import tea "charm.land/bubbletea/v2"

// Mover is what the moving keys and the wheel move: a list of rows, or a page of text.
type Mover interface {
	// Move goes on by lines, as far as there are any; Leap takes the window along, as a page does.
	Move(lines int)
	Leap(lines int)
	// Scroll moves the window, and takes the cursor along only when it would leave it.
	Scroll(lines int)
	// Height is how many lines show.
	Height() int
}

// Page moves by windows, and leaves one line in view.
func Page(m Mover, pages int) { m.Leap(pages * max(m.Height()-1, 1)) }

// HalfPage moves by halves of what shows.
func HalfPage(m Mover, pages int) { m.Leap(pages * max(m.Height()/2, 1)) }

const allLines = 1 << 30

// Home goes to the first line.
func Home(m Mover) { m.Move(-allLines) }

// End goes to the last one.
func End(m Mover) { m.Move(allLines) }

// Filterable is what a filter narrows.
type Filterable interface {
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

// Answer is the message with what was asked aside: the event loop calls it, and it takes that in.
type Answer func() tea.Cmd

// Handled is an answer of which nothing more comes.
func Handled(take func()) Answer {
	return func() tea.Cmd {
		take()
		return nil
	}
}

// What a screen may do besides.
type (
	// Fitter lays itself out for a size, so that keys that come before the next frame find it laid out.
	Fitter interface {
		Fit(c *Context, width, height int)
	}
	// Closer is told when it was left.
	Closer interface{ Close() }
	// Staler shows what may have changed, and looks again.
	Staler interface{ Stale() }
)
