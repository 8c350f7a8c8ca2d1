package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Budget gives the last budget that any answer carried: OneLogin documents the headers but does not send them always
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
func (c *Client) Budget() model.Budget {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.budget
}

func (c *Client) noteBudget(h http.Header, now time.Time) model.Budget {
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	if err1 != nil || err2 != nil {
		return model.Budget{}
	}
	b := model.Budget{Limit: limit, Remaining: remaining, Known: true}
	if wait, ok := parseReset(h.Get("X-RateLimit-Reset"), now); ok {
		b.Reset = now.Add(wait)
	}
	c.mu.Lock()
	c.budget = b
	c.mu.Unlock()
	return b
}

// parseDate is the service's clock; zero if the answer has no readable date.
func parseDate(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// parseReset reads seconds until the reset, as OneLogin sends them; other services send the moment itself as an epoch
// time, which no number of seconds comes near.
func parseReset(v string, now time.Time) (time.Duration, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	const tenYears = 10 * 365 * 24 * 3600
	if n > tenYears {
		return max(time.Unix(n, 0).Sub(now), 0), true
	}
	return time.Duration(n) * time.Second, true
}

// parseRetryWait is the wait that an answer asks for, 0 if none. X-RateLimit-Reset counts only on a rate limit, and
// only if nothing remains: OneLogin may send it with every answer, and a short burst limit ends long before the hour
// does.
func parseRetryWait(h http.Header, rateLimited bool, now time.Time) time.Duration {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 && s < 1e9 {
			return time.Duration(s * float64(time.Second))
		}
		if at, err := http.ParseTime(v); err == nil {
			return max(at.Sub(now), 0)
		}
	}
	if !rateLimited {
		return 0
	}
	if left := h.Get("X-RateLimit-Remaining"); left != "" && left != "0" {
		return 0
	}
	wait, _ := parseReset(h.Get("X-RateLimit-Reset"), now)
	return wait
}
