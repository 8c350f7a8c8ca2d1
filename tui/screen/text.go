package screen

// Window is the part that shows of lines that can be more than there is room for.
type Window struct{ at, height, length int }

// Fit says how many lines there are by now, and how many show.
func (w *Window) Fit(length, height int) {
	w.length, w.height = length, max(height, 1)
	w.To(w.at)
}

// To puts a line at the top.
func (w *Window) To(line int) { w.at = max(min(line, w.length-w.height), 0) }

// Shown are the lines from one to before another that show.
func (w *Window) Shown() (from, to int) { return w.at, min(w.at+w.height, w.length) }

// Move and the others move the window.
func (w *Window) Move(lines int) { w.To(w.at + lines) }

// Scroll is what the wheel does.
func (w *Window) Scroll(lines int) { w.Move(lines) }

// Page leaves one line in view.
func (w *Window) Page(pages int) { w.Move(pages * max(w.height-1, 1)) }

// HalfPage moves by half of what shows.
func (w *Window) HalfPage(pages int) { w.Move(pages * max(w.height/2, 1)) }

// Home goes to the first line.
func (w *Window) Home() { w.To(0) }

// End goes to the last one.
func (w *Window) End() { w.To(w.length) }

// Text is text that can be longer than the window: the common part of the screens that are read and not worked on. Its
// lines are made again only when the width or what they tell of has changed.
type Text struct {
	Window

	lines []string
	width int
	made  bool
}

// Stale has the lines made again.
func (t *Text) Stale() { t.made = false }

// Lines gives those that show; lay makes them for a width.
func (t *Text) Lines(width, height int, lay func(width int) []string) []string {
	if !t.made || width != t.width {
		t.lines, t.width, t.made = lay(width), width, true
	}
	t.Fit(len(t.lines), height)
	from, to := t.Shown()
	return t.lines[from:to]
}
