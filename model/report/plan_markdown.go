package report

import (
	"bufio"
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// PlanMarkdown writes a plan for a ticket: its text, in which nothing is taken for Markdown or HTML.
func PlanMarkdown(w io.Writer, p *model.Plan) error {
	var b strings.Builder
	if err := PlanText(&b, p, nil); err != nil {
		return err
	}
	const least = 3 // the fence is longer than any in the text, which cannot end it then
	fence := strings.Repeat("`", max(least, longestRun(b.String())+1))
	m := newMarkdown(w)
	m.linef("# scimdrift plan: %s", escapeMarkdown(p.Connection))
	m.linef("")
	m.linef("%s\n%s%s", fence, b.String(), fence)
	return m.flush("plan")
}

func longestRun(s string) (longest int) {
	n := 0
	for _, r := range s {
		if r != '`' {
			n = 0
			continue
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

type markdown struct{ lines }

func newMarkdown(w io.Writer) *markdown { return &markdown{lines{bufio.NewWriter(w)}} }

func (m *markdown) writeList(heading string, items []string) {
	if len(items) == 0 {
		return
	}
	m.linef("")
	m.linef("## %s", heading)
	m.linef("")
	for _, item := range items {
		m.linef("- %s", escapeMarkdown(item))
	}
}
