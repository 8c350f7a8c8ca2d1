package tui

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/paint"
)

// requestsScreen is the log of HTTP exchanges, the newest first. It follows while it is open.
type requestsScreen struct {
	page

	exchanges []Exchange
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

// take keeps the lines in view where they are when new ones come in above.
func (s *requestsScreen) take(exchanges []Exchange) {
	exchanges = slices.Clone(exchanges)
	slices.Reverse(exchanges)
	if slices.Equal(exchanges, s.exchanges) {
		return
	}
	if s.at > 0 && len(s.exchanges) > 0 {
		if came := slices.Index(exchanges, s.exchanges[0]); came > 0 {
			s.at += came
		}
	}
	s.exchanges = exchanges
	s.stale()
}

func (s *requestsScreen) body(a *app, width, height int) []string {
	if len(s.exchanges) == 0 {
		return []string{"", "  No request was made yet."}
	}
	head := "  " + a.theme.Faint.On(paint.Fit("time", 9)+paint.Fit("service", 10)+paint.Fit("status", 7)+paint.Fit("took", 8)+
		paint.Fit("waited", 8)+"request")
	return append([]string{head}, s.window(width, height-1, func(width int) []string {
		lines := make([]string, 0, len(s.exchanges))
		for i := range s.exchanges {
			lines = append(lines, a.exchangeLine(&s.exchanges[i], width))
		}
		return lines
	})...)
}

func (a *app) exchangeLine(e *Exchange, width int) string {
	status, style := strconv.Itoa(e.Status), paint.Style("")
	switch {
	case e.Status == 0:
		status, style = "failed", a.theme.Bad
	case e.Status >= 400:
		style = a.theme.Bad
	}
	waited := ""
	if e.Waited >= time.Millisecond { // less is the scheduler, not a rate limit
		waited = took(e.Waited)
	}
	line := "  " + paint.Fit(e.At.In(a.now.Location()).Format(time.TimeOnly), 9) + paint.Fit(paint.Name(e.Service), 9) + " " +
		style.On(paint.Fit(status, 6)) + " " + paint.Fit(took(e.Duration), 8) + paint.Fit(waited, 8)
	what := paint.Name(e.Method) + " " + paint.Name(e.Path)
	if e.Err != "" {
		what += "  " + paint.Name(e.Err)
	}
	return line + paint.Cut(what, width-paint.Width(line)-1)
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
