package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/style"
)

// requestsScreen is the log of HTTP exchanges, the newest first, with all of the one at the cursor below. It follows
// while it is open; the cursor stays on its exchange, and at the top if it was there.
type requestsScreen struct {
	cursorWindow

	exchanges []Exchange
	keys      []string
	matched   []int
	filter    filter.Query
}

func (*requestsScreen) title(*app) string { return "Requests, newest first" }

// requestsMsg brings the log to the screen that asked for it.
type requestsMsg struct {
	on        *requestsScreen
	exchanges []Exchange
}

func (a *app) openRequests() tea.Cmd {
	s := &requestsScreen{}
	a.push(s)
	return a.fetchRequests(s)
}

func (a *app) fetchRequests(on *requestsScreen) tea.Cmd {
	outside := a.outside
	return func() tea.Msg { return requestsMsg{on, outside.Requests()} }
}

// requests takes in the log. It asks again every second as long as its screen is open.
func (a *app) requests(msg requestsMsg) tea.Cmd {
	if !slices.Contains(a.screens, screen(msg.on)) {
		return nil
	}
	msg.on.take(msg.exchanges)
	return a.after(time.Second, a.fetchRequests(msg.on))
}

func (s *requestsScreen) take(exchanges []Exchange) {
	exchanges = slices.Clone(exchanges)
	slices.Reverse(exchanges)
	if slices.Equal(exchanges, s.exchanges) {
		return
	}
	on, offset := -1, s.cursor-s.top
	if s.cursor > 0 { // what came in stands above
		on = s.matched[s.cursor] + max(slices.Index(exchanges, s.exchanges[0]), 0)
	}
	s.exchanges, s.keys = exchanges, make([]string, len(exchanges))
	for i := range exchanges {
		e := &exchanges[i]
		s.keys[i] = filter.Text(e.Service, e.Method, e.Path, e.outcome(), e.Err)
	}
	s.sift()
	if on >= 0 {
		s.cursor = max(slices.Index(s.matched, on), 0)
		s.top = s.cursor - offset
		s.clamp()
	}
}

func (s *requestsScreen) sift() {
	s.matched = s.matched[:0]
	for i, key := range s.keys {
		if s.filter.MatchesText(key) {
			s.matched = append(s.matched, i)
		}
	}
	s.setLen(len(s.matched))
}

// exchange is the one at the cursor; nil if there is none.
func (s *requestsScreen) exchange() *Exchange {
	if s.cursor >= len(s.matched) {
		return nil
	}
	return &s.exchanges[s.matched[s.cursor]]
}

// Filter is the text of the filter, empty if none is set.
func (s *requestsScreen) Filter() string { return s.filter.Text() }

func (s *requestsScreen) SetFilter(text string) (err error) {
	s.filter, err = filter.Parse(text)
	s.sift()
	return err
}

// Matches is how many exchanges the filter leaves, Unfiltered how many there are.
func (s *requestsScreen) Matches() int    { return len(s.matched) }
func (s *requestsScreen) Unfiltered() int { return len(s.exchanges) }

// detailLines is how many lines below the log tell of the exchange at the cursor.
func (*requestsScreen) detailLines(height int) int {
	const roomy, lines = 14, 7
	return lines * when(height >= roomy)
}

func (s *requestsScreen) fit(_ *app, _, height int) { s.SetHeight(height - 1 - s.detailLines(height)) }

func (s *requestsScreen) body(a *app, width, height int) []string {
	switch {
	case len(s.exchanges) == 0:
		return []string{"", "  No request was made yet."}
	case len(s.matched) == 0:
		return a.nothing("No request matches \""+s.filter.Text()+"\". esc clears the filter.", width)
	}
	s.fit(a, width, height)
	lines := append(make([]string, 0, height), "  "+a.theme.Faint.On(style.Fit("time", 9)+style.Fit("service",
		10)+style.Fit("status", 7)+
		style.Fit("took", 8)+style.Fit("waited", 8)+"request"))
	for at := s.Top(); at < min(s.Top()+s.height, s.Len()); at++ {
		lines = append(lines, a.exchangeLine(&s.exchanges[s.matched[at]], at == s.Cursor(), width))
	}
	if below := s.detailLines(height); below > 0 {
		for len(lines) < height-below {
			lines = append(lines, "")
		}
		lines = append(append(lines, a.ruleWith(style.Number(s.cursor+1)+" of "+style.Number(s.Len()))),
			a.exchangeDetail(s.exchange(), width)...)
	}
	return lines
}

// exchangeDetail is all that is known of one exchange, and the command that makes the request again.
func (a *app) exchangeDetail(e *Exchange, width int) []string {
	when := e.At.In(a.now.Location()).Format("2 Jan 2006 15:04:05.000 MST") + ", " + valueOr(took(e.Duration))
	if e.Waited > 0 {
		when += ", held back for " + valueOr(took(e.Waited)) + " before"
	}
	lines := []string{" " + style.Cut(style.Name(e.Service+" answered "+e.outcome()+", "+when), width-2)}
	if e.Err != "" {
		lines = append(lines, indent(" ", style.Name(e.Err), width-1)...)
	}
	return append(lines, indent(" ", style.Name(e.curl()), width-1)...)
}

// outcome is the status in words.
func (e *Exchange) outcome() string {
	if e.Status == 0 {
		return "failed"
	}
	return strconv.Itoa(e.Status)
}

// curl is the command that makes the request again. What is secret stands in variables, and the body, which no log
// keeps, in a file.
func (e *Exchange) curl() string {
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

func (a *app) exchangeLine(e *Exchange, chosen bool, width int) string {
	status, look := e.outcome(), style.Style{}
	if e.Status == 0 || e.Status >= 400 {
		look = a.theme.Bad
	}
	waited := ""
	if e.Waited >= time.Millisecond { // less is the scheduler, not a rate limit
		waited = took(e.Waited)
	}
	cursor := "  "
	if chosen {
		cursor = "› "
	}
	line := cursor + style.Fit(e.At.In(a.now.Location()).Format(time.TimeOnly), 9) +
		style.Fit(style.Name(e.Service), 9) + " " +
		look.On(style.Fit(status, 6)) + " " + style.Fit(took(e.Duration), 8) + style.Fit(waited, 8)
	what := style.Name(e.Method) + " " + style.Name(e.Path)
	if e.Err != "" {
		what += "  " + style.Name(e.Err)
	}
	what = style.Cut(what, width-style.Width(line)-1)
	if chosen {
		what = a.theme.Chosen.On(what)
	}
	return line + what
}

func took(d time.Duration) string {
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
