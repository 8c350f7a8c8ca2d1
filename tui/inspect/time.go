package inspect

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// timeline is what OneLogin's log says of a subject, oldest first, as a story is read.
type timeline struct {
	events  []model.Event
	keys    []string
	matched []int
}

func (t *timeline) applyFilter(q filter.Query) {
	t.matched = t.matched[:0]
	for i, key := range t.keys {
		if q.MatchesText(key) {
			t.matched = append(t.matched, i)
		}
	}
}

// maxTimelineEvents is how many events are laid out; wrapping more would take longer than an operator waits for a key.
const maxTimelineEvents = 200

// timelineSection is the section of the events, their text whole. Facts without a time stand with the cause.
func (s *Screen) timelineSection(c *screen.Context, width int) section {
	const margin = "                   "
	if !s.hasDetails {
		return textSection("Time line", []string{"  Searching the log."})
	}
	var lines []string
	shown := s.timeline.matched
	if older := len(shown) - maxTimelineEvents; older > 0 {
		shown = shown[older:]
		lines = append(lines, "  "+style.Cut(style.Number(older)+" older ones are left out; "+
			c.Key("events")+" lists all.", width-3))
	}
	for _, i := range shown {
		e := &s.timeline.events[i]
		line := "  " + e.At.In(c.Now.Location()).Format("2 Jan 2006 "+time.TimeOnly)
		sign, look := c.EventSign(e)
		line = style.Fit(line, 24) + " " + look.On(sign) + " " + style.Name(e.TypeName())
		if e.Actor != "" {
			line += " by " + style.Name(e.Actor)
		}
		lines = append(lines, style.Cut(line, width-1))
		lines = append(lines, style.Paragraphs(margin, width, e.Text)...)
	}
	if len(lines) == 0 {
		lines = style.Indent("  ", s.whyNoEvents(c), width-1)
	}
	out := textSection("Time line", lines)
	out.total = len(s.timeline.matched)
	return out
}

// whyNoEvents tells an empty log from one that was not read.
func (s *Screen) whyNoEvents(c *screen.Context) string {
	read := s.set.Comparison.Source.Coverage[model.PartEvents]
	switch {
	case !s.filter.Empty() && len(s.timeline.events) > 0:
		return c.Unmatched(s.Filter())
	case read.State == model.Skipped:
		return "The configuration says not to read events."
	case read.State == model.Unknown:
		return c.Source() + "'s events were not read: " + style.Name(style.OrEmpty(read.Reason))
	}
	return "No event about it in what was read."
}
