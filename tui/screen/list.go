package screen

// List is where the operator stands in a list of which only a window is drawn; it does not know what its lines are.
type List struct {
	// Moved: the operator has chosen where the cursor stands.
	Moved bool
	// Leads says which lines lead those below them: right above the window one comes into it. None do where it is nil.
	Leads func(line int) bool

	length, cursor, top, height int
}

// Len is how many lines there are.
func (l *List) Len() int { return l.length }

// Cursor is the line at which the operator stands, Top the first one in the window.
func (l *List) Cursor() int { return l.cursor }

// Top is the first line in the window.
func (l *List) Top() int { return l.top }

// Height is how many lines show; 0 before anything was drawn.
func (l *List) Height() int { return l.height }

// SetHeight says how many lines show.
func (l *List) SetHeight(height int) {
	l.height = max(height, 1)
	l.clamp()
}

// SetLen says how many lines there are by now.
func (l *List) SetLen(n int) {
	l.length = n
	l.clamp()
}

// To goes to a line, or to the nearest there is.
func (l *List) To(line int) {
	l.cursor, l.Moved = line, true
	l.clamp()
}

// Put puts the cursor on a line, so many lines below the top of the window; the operator has not moved it.
func (l *List) Put(line, below int) {
	l.cursor = line
	l.clamp()
	l.top = l.cursor - below
	l.clamp()
}

// Move moves the cursor, and the window with it.
func (l *List) Move(lines int) { l.To(l.cursor + lines) }

// Leap takes the window along.
func (l *List) Leap(lines int) {
	l.top += lines
	l.Move(lines)
}

// Scroll moves the window and takes the cursor along only when it would leave it.
func (l *List) Scroll(lines int) {
	l.top = max(min(l.top+lines, l.length-l.height), 0)
	l.To(min(max(l.cursor, l.top), l.top+l.height-1))
}

func (l *List) clamp() {
	l.cursor = max(min(l.cursor, l.length-1), 0)
	if l.height == 0 {
		return // not drawn yet: the window is where its owner puts it until its height is known
	}
	l.top = max(min(l.top, l.cursor, l.length-l.height), 0, l.cursor-l.height+1)
	if l.Leads != nil && l.top == l.cursor && l.top > 0 && l.height > 1 && l.Leads(l.top-1) {
		l.top--
	}
}

// Lines draws those in the window, and no others.
func (l *List) Lines(height int, draw func(at int, chosen bool) string) []string {
	lines := make([]string, 0, max(height, 0))
	for at := l.top; at < min(l.top+height, l.length); at++ {
		lines = append(lines, draw(at, at == l.cursor))
	}
	return lines
}

// Entries shows as many of the lines of entries as there is room for: the whole of the chosen one, from its head on
// where it is longer than the window.
func Entries(entries [][]string, chosen, height int) []string {
	var lines []string
	from, to := 0, 0
	for i, entry := range entries {
		if i == chosen {
			from, to = len(lines), len(lines)+len(entry)
			if len(entry) > 0 && entry[0] == "" {
				from++ // an empty line parts it from the one before
			}
		}
		lines = append(lines, entry...)
	}
	top := min(max(to-height, 0), from)
	return lines[top:min(top+height, len(lines))]
}
