package run

import (
	"strings"

	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Line says where each of some jobs stands. dismiss: a key takes away one that has ended.
func Line(c *screen.Context, jobs []*Job, dismiss bool, width int) string {
	word, right := "job", c.Key("job")+" shows it "
	if len(jobs) > 1 {
		word, right = "jobs", c.Key("job")+" shows them "
	}
	if dismiss {
		right = strings.TrimSpace(right) + ", " + c.Key("close") + " dismisses "
	}
	if width < screen.Narrow {
		right = ""
	}
	left := " " + c.Theme.Title.On(word) + "  "
	room := max((width-style.Width(left)-style.Width(right)-3*len(jobs))/len(jobs), 1)
	texts := make([]string, len(jobs))
	for i, j := range jobs {
		texts[i] = j.text(c, room)
	}
	return style.Between(left+strings.Join(texts, " · "), c.Theme.Faint.On(right), width)
}

// text is where a job stands in so many cells. First what its step does gives way to its time, then the end of its
// name, then its time.
func (j *Job) text(c *screen.Context, room int) string {
	if j.Over {
		return j.endText(c, room)
	}
	name, state := j.called(c), ", "+j.Standing(c.Now)
	const nameLeast = 24
	least := min(style.Width(name), nameLeast)
	if timing := j.timing(c.Now); timing != "" {
		brief := state
		if len(j.Plan.Steps) > 1 && j.Progress.Deadline.IsZero() {
			brief, _, _ = strings.Cut(state, ": ")
		}
		for _, timed := range []string{state + ", " + timing, brief + ", " + timing} {
			if least+style.Width(timed) <= room {
				state = timed
				break
			}
		}
	}
	return style.Cut(style.Cut(name, max(room-style.Width(state), 8))+state, room)
}

// endText is how a job ended, in so many cells.
func (j *Job) endText(c *screen.Context, room int) string {
	mark, words, look := "✗", ": nothing was run", c.Theme.Bad
	if j.Run.ID != "" {
		ended := MarkOf(c, &j.Run)
		look = ended.Look
		mark, words, _ = strings.Cut(ended.Text+": "+j.Run.Outcome(), " ")
		words = " " + words
	}
	return look.On(mark) + " " + style.Cut(style.Cut(j.called(c), max(room-style.Width(words)-2, 8))+words, room-2)
}

// called is what a job does, and on which connection where that is not the one on the board.
func (j *Job) called(c *screen.Context) string {
	name := style.Name(j.Name)
	if j.Connection != c.Connection {
		name = style.Name(j.Connection) + ": " + name
	}
	return name
}
