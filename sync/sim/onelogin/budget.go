package onelogin

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// defaultHourly is the account's documented budget
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
const defaultHourly = 5000

// budget counts calls in an hour that begins with the first of them.
type budget struct {
	begun time.Time
	used  int
}

// spendCall takes one call from the budget, or gives the answer when there is none left. Retry-After is not documented,
// so there is none.
func (s *Server) spendCall() *answer {
	if s.knobs.HourlyLimit < 0 {
		return nil
	}
	if _, remaining, _ := s.budgetLeft(); remaining > 0 {
		s.hourBudget.used++
		return nil
	}
	var over answer
	if s.knobs.OverLimitStatus == http.StatusBadRequest {
		over = errorV1(http.StatusBadRequest, "bad request", "rate_limit_exceeded")
	} else {
		over = errorV1(http.StatusTooManyRequests, "Too Many Requests", "Rate limit exceeded")
	}
	over = s.withRateHeaders(over)
	return &over
}

// budgetLeft gives the numbers of the budget; without a limit the documented one is shown as untouched. reset is the
// seconds until it is whole again: a distance, not a point in time.
func (s *Server) budgetLeft() (limit, remaining, reset int) {
	b := &s.hourBudget
	if now := s.w.Now(); b.begun.IsZero() || now.Sub(b.begun) >= time.Hour {
		b.begun, b.used = now, 0
	}
	reset = int((time.Hour - s.w.Now().Sub(b.begun) + time.Second - 1) / time.Second)
	limit = cmp.Or(s.knobs.HourlyLimit, defaultHourly)
	if limit < 0 {
		return defaultHourly, defaultHourly, reset
	}
	return limit, max(0, limit-b.used), reset
}

func (s *Server) withRateHeaders(a answer) answer {
	if s.knobs.NoRateHeaders {
		return a
	}
	limit, remaining, reset := s.budgetLeft()
	a.header["X-Ratelimit-Limit"] = []string{strconv.Itoa(limit)}
	a.header["X-Ratelimit-Remaining"] = []string{strconv.Itoa(remaining)}
	a.header["X-Ratelimit-Reset"] = []string{strconv.Itoa(reset)}
	return a
}

func (s *Server) rateLimit(c *call) answer {
	if bad := s.authenticate(c); bad != nil {
		return *bad
	}
	limit, remaining, reset := s.budgetLeft()
	return respond(http.StatusOK, map[string]any{
		"status": status(false, http.StatusOK, "success", "Success"),
		"data": map[string]int{
			"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset,
		},
	})
}
