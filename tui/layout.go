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
	previewMost      = 11
)

// The preview stands beside the list from a width of 120 on, below it under that.
const (
	widthForPreview = 120
	leastOfPreview  = 46
	mostOfPreview   = 80
	wide            = 160
)

// when is one line for what is there.
func when(there bool) int {
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
		title: when(a.height >= heightForTitle), severities: when(roomy), sides: when(roomy),
		tabs: when(a.height >= heightForTabs),
		rule: when(roomy), footer: when(a.height >= heightForFooter),
	}
	l.jobs = when(a.height >= heightForJobs && len(a.lined()) > 0)
	rest := max(a.height-l.title-l.severities-l.sides-l.tabs-l.rule-l.jobs-l.footer, 0)
	if a.top() == nil && a.Set != nil {
		l.notices = min(len(a.notices()), rest/5)
		switch {
		case a.height < heightForPreview:
		case a.beside():
			l.position = 1
		default:
			l.preview = min(max(rest/3, 3), previewMost)
		}
	}
	l.body = rest - l.notices - l.position - l.preview
	return l
}

// bodyAt is where the body begins, counted from the top of the frame.
func (l layout) bodyAt() int { return l.title + l.severities + l.sides + l.tabs + l.notices + l.rule }

func (l layout) tabsAt() int { return l.title + l.severities + l.sides }

// listed: a list of rows shows.
func (a *app) listed() bool { return a.top() == nil && a.Set != nil && a.onRows() }

// beside: the preview stands beside the list.
func (a *app) beside() bool {
	return a.listed() && a.width >= widthForPreview && a.height >= heightForPreview
}

// listWidth is how wide the list of rows is, without the line at its right that shows how far down one is.
func (a *app) listWidth() int {
	if a.beside() {
		return a.width - a.previewWidth() - 1
	}
	return max(a.width-1, 0)
}

func (a *app) previewWidth() int { return min(max(a.width*7/20, leastOfPreview), mostOfPreview) }
