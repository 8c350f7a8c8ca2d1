package tui

// roll is where the operator stands in a list of which only a window is drawn: the checks, the events, and the part of
// the board that does not know what its lines are.
type cursorWindow struct{ length, cursor, top, height int }

func (r *cursorWindow) Len() int    { return r.length }
func (r *cursorWindow) Cursor() int { return r.cursor }
func (r *cursorWindow) Top() int    { return r.top }

func (r *cursorWindow) SetHeight(height int) {
	r.height = max(height, 1)
	r.clamp()
}

// setLen says how many lines there are by now.
func (r *cursorWindow) setLen(n int) {
	r.length = n
	r.clamp()
}

func (r *cursorWindow) To(line int) {
	r.cursor = line
	r.clamp()
}

func (r *cursorWindow) Move(lines int) { r.To(r.cursor + lines) }

func (r *cursorWindow) Page(pages int)     { r.leap(pages * max(r.height-1, 1)) }
func (r *cursorWindow) HalfPage(pages int) { r.leap(pages * max(r.height/2, 1)) }

func (r *cursorWindow) leap(lines int) {
	r.top += lines
	r.Move(lines)
}

func (r *cursorWindow) Home() { r.To(0) }
func (r *cursorWindow) End()  { r.To(r.length - 1) }

// Scroll moves the window and takes the cursor along only when it would leave it.
func (r *cursorWindow) Scroll(lines int) {
	r.top = max(min(r.top+lines, r.length-r.height), 0)
	r.To(min(max(r.cursor, r.top), r.top+r.height-1))
}

func (r *cursorWindow) clamp() {
	r.cursor = max(min(r.cursor, r.length-1), 0)
	if r.height == 0 {
		return // not drawn yet: the window is where its owner puts it until its height is known
	}
	r.top = max(min(r.top, r.cursor, r.length-r.height), 0, r.cursor-r.height+1)
}
