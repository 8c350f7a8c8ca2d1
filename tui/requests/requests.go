// Package requests is the log of HTTP requests.
package requests

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen is the log of HTTP exchanges, the newest first, with all of the one at the cursor below. It follows while it
// is open.
type Screen struct {
	screen.Table[model.Exchange]

	// readLog gives the log; after waits a second before it reads it again; isOpen whether the screen was not left.
	readLog func() []model.Exchange
	after   func(time.Duration, func() tea.Msg) tea.Cmd
	isOpen  func(screen.Screen) bool
}

// Open begins to follow the log.
func Open(
	read func() []model.Exchange, after func(time.Duration, func() tea.Msg) tea.Cmd, open func(screen.Screen) bool,
) (*Screen, tea.Cmd) {
	s := &Screen{readLog: read, after: after, isOpen: open}
	return s, s.Ask
}

// Ask reads the log, and again every second as long as the screen is open.
func (s *Screen) Ask() tea.Msg {
	exchanges := s.readLog()
	return screen.Answer(func() tea.Cmd {
		if !s.isOpen(s) {
			return nil
		}
		s.receive(exchanges)
		return s.after(time.Second, s.Ask)
	})
}

func (s *Screen) receive(exchanges []model.Exchange) {
	exchanges = slices.Clone(exchanges)
	slices.Reverse(exchanges)
	if slices.Equal(exchanges, s.Items) {
		return
	}
	s.Use(exchanges, func(e *model.Exchange) string {
		return strconv.FormatInt(e.At.UnixNano(), 10) + e.Method + e.Path
	}, func(e *model.Exchange) string { return filter.Text(e.Service, e.Method, e.Path, statusText(e), e.Err) })
}

// Title names the screen.
func (*Screen) Title() string { return "Requests, newest first" }

func detailHeight(height int) int {
	const roomy, lines = 14, 7
	if height < roomy {
		return 0
	}
	return lines
}

// Fit leaves room for the detail.
func (s *Screen) Fit(_ *screen.Context, _, height int) { s.SetHeight(height - detailHeight(height)) }

// View draws the log.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	switch {
	case len(s.Items) == 0:
		return []string{"", "  No request was made yet."}
	case s.Len() == 0:
		return screen.EmptyText(c.Unmatched(s.Filter()), width)
	}
	below := detailHeight(height)
	columns := []table.Column{
		{Title: "TIME", Width: 8},
		{Title: "SERVICE", Width: 9},
		{Title: "STATUS", Width: 6},
		{Title: "TOOK", Width: 7},
		{Title: "WAITED", Width: 7},
		{Title: "REQUEST"},
	}
	room := width - 1
	for i := range columns {
		if width < screen.Narrow && slices.Contains([]string{"SERVICE", "TOOK", "WAITED"}, columns[i].Title) {
			columns[i].Width = 0 // what was asked, and whether it was answered, matters more
		}
		if columns[i].Width > 0 {
			room -= columns[i].Width + 1
		}
	}
	columns[len(columns)-1].Width = max(room-1, 1)
	lines := s.Draw(c, width, height-below, columns, func(e *model.Exchange) table.Row { return cells(c, e) })
	if below > 0 {
		lines = append(lines, c.Rule(style.Number(s.Cursor()+1)+" of "+style.Number(s.Len()), width))
		lines = append(lines, detail(c, s.Chosen(), width)...)
	}
	return lines
}

// detail is all that is known of one exchange, and the command that makes the request again.
func detail(c *screen.Context, e *model.Exchange, width int) []string {
	when := e.At.In(c.Now.Location()).Format("2 Jan 2006 15:04:05.000 MST") + ", " + style.OrEmpty(elapsed(e.Duration))
	if e.Waited > 0 {
		when += ", held back for " + style.OrEmpty(elapsed(e.Waited)) + " before"
	}
	lines := []string{" " + style.Cut(style.Name(e.Service+" answered "+statusText(e)+", "+when), width-2)}
	if e.Err != "" {
		lines = append(lines, style.Paragraphs(" ", width, e.Err)...)
	}
	return append(lines, style.Paragraphs(" ", width, Curl(e))...)
}

func statusText(e *model.Exchange) string {
	if e.Status == 0 {
		return "failed"
	}
	return strconv.Itoa(e.Status)
}

// Curl is the command that makes the request again. What is secret stands in variables, and the body, which no log
// keeps, in a file.
func Curl(e *model.Exchange) string {
	if e.Base == "" {
		return e.Method + " " + e.Path
	}
	parts := []string{"curl"}
	if e.Method != "GET" { //nolint:usestdlibvars // the screens may not import net/http
		parts = append(parts, "-X", e.Method)
	}
	parts = append(parts, model.ShellQuoted(e.Base+e.Path))
	if e.Login {
		return strings.Join(append(parts, `-u "$CLIENT_ID:$CLIENT_SECRET"`, "-d grant_type=client_credentials"), " ")
	}
	parts = append(parts, `-H "Authorization: Bearer $TOKEN"`)
	if slices.Contains([]string{"POST", "PUT", "PATCH"}, e.Method) {
		parts = append(parts, "-H 'Content-Type: application/json'", "-d @body.json")
	}
	return strings.Join(parts, " ")
}

func cells(c *screen.Context, e *model.Exchange) table.Row {
	look, waited, what := style.Style{}, "", style.Name(e.Method)+" "+style.Name(e.Path)
	if e.Status == 0 || e.Status >= 400 {
		look = c.Theme.Bad
	}
	if e.Waited >= time.Millisecond { // less is the scheduler, not a rate limit
		waited = elapsed(e.Waited)
	}
	if e.Err != "" {
		what += "  " + style.Name(e.Err)
	}
	return table.Row{c.Time(e.At), style.Name(e.Service), look.On(statusText(e)), elapsed(e.Duration), waited, what}
}

func elapsed(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
