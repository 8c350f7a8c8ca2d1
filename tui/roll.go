package tui

// roll is where the operator stands in a list of which only a window is drawn: the checks, the events, and the part of
// the board that does not know what its lines are.
type roll struct{ length, cursor, top, height int }

func (r *roll) Len() int    { return r.length }
func (r *roll) Cursor() int { return r.cursor }
func (r *roll) Top() int    { return r.top }

func (r *roll) SetHeight(height int) {
	r.height = max(height, 1)
	r.clamp()
}

// setLen says how many lines there are by now.
func (r *roll) setLen(n int) {
	r.length = n
	r.clamp()
}

func (r *roll) To(line int) {
	r.cursor = line
	r.clamp()
}

func (r *roll) Move(lines int) { r.To(r.cursor + lines) }

func (r *roll) Page(pages int)     { r.leap(pages * max(r.height-1, 1)) }
func (r *roll) HalfPage(pages int) { r.leap(pages * max(r.height/2, 1)) }

func (r *roll) leap(lines int) {
	r.top += lines
	r.Move(lines)
}

func (r *roll) Home() { r.To(0) }
func (r *roll) End()  { r.To(r.length - 1) }

// Scroll moves the window and takes the cursor along only when it would leave it.
func (r *roll) Scroll(lines int) {
	r.top = max(min(r.top+lines, r.length-r.height), 0)
	r.To(min(max(r.cursor, r.top), r.top+r.height-1))
}

func (r *roll) clamp() {
	r.cursor = max(min(r.cursor, r.length-1), 0)
	if r.height == 0 {
		return // not drawn yet: the window is where its owner puts it until its height is known
	}
	r.top = max(min(r.top, r.cursor, r.length-r.height), 0, r.cursor-r.height+1)
}
