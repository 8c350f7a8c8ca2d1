package tui

// layout says how many lines each part of the frame has. What does not fit is left out whole, the least needed first.
type layout struct {
	title, severities, sides, tabs, notices, rule, body, position, preview, jobs, footer int
}

// The heights from which on the parts of the frame are there.
const (
	heightForFooter  = 2
	heightForTabs    = 3
	heightForTitle   = 4
	heightForJobs    = 6
	heightForSides   = 10
	heightForPreview = 14
	maxPreviewHeight = 11
)

// The preview stands beside the list from a width of 120 on, below it under that.
const (
	widthForPreview = 120
	minPreviewWidth = 46
	maxPreviewWidth = 80
	wideTerminal    = 160
)

func boolToInt(there bool) int {
	if there {
		return 1
	}
	return 0
}

// layout depends on the size, on what covers the board and on whether there is something to warn of; never on a load
// being under way, so that nothing jumps when one begins or ends.
func (a *app) layout() layout {
	roomy := a.height >= heightForSides
	l := layout{
		title: boolToInt(a.height >= heightForTitle), severities: boolToInt(roomy), sides: boolToInt(roomy),
		tabs: boolToInt(a.height >= heightForTabs),
		rule: boolToInt(roomy), footer: boolToInt(a.height >= heightForFooter),
	}
	l.jobs = boolToInt(a.height >= heightForJobs && len(a.jobsOffScreen()) > 0)
	rest := max(a.height-l.title-l.severities-l.sides-l.tabs-l.rule-l.jobs-l.footer, 0)
	if a.top() == nil && a.Set != nil {
		l.notices = min(len(a.notices()), rest/5)
		switch {
		case a.height < heightForPreview:
		case a.isPreviewBeside():
			l.position = 1
		default:
			l.preview = min(max(rest/3, 3), maxPreviewHeight)
		}
	}
	l.body = rest - l.notices - l.position - l.preview
	return l
}

// bodyTop is where the body begins, counted from the top of the frame.
func (l layout) bodyTop() int { return l.title + l.severities + l.sides + l.tabs + l.notices + l.rule }

func (a *app) isListDrawn() bool { return a.top() == nil && a.Set != nil && a.isRowTab() }

func (a *app) isPreviewBeside() bool {
	return a.isListDrawn() && a.width >= widthForPreview && a.height >= heightForPreview
}

// listWidth is how wide the list of rows is, without the line at its right that shows how far down one is.
func (a *app) listWidth() int {
	if a.isPreviewBeside() {
		return a.width - a.previewWidth() - 1
	}
	return max(a.width-1, 0)
}

func (a *app) previewWidth() int { return min(max(a.width*7/20, minPreviewWidth), maxPreviewWidth) }
