package main

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// eventWindow is how far back events are read unless --since says otherwise.
const eventWindow = 14 * 24 * time.Hour

// errSince says how a moment is written.
var errSince = errors.New(`--since takes a time span or a date in the past; write it as 72h, 30d or 2026-11-01`)

// window is how far back from now events are read: a span in hours and smaller units or in days, or since a date (UTC) or a
// moment in RFC 3339. Empty is the default.
func window(since string, now time.Time) (time.Duration, error) {
	since = strings.TrimSpace(since)
	span, ok := time.Duration(0), false
	switch days, isDays := strings.CutSuffix(since, "d"); {
	case since == "":
		return eventWindow, nil
	case isDays:
		n, err := strconv.Atoi(days)
		const most = 100 * 365 // a span of centuries does not fit into a Duration
		span, ok = time.Duration(n)*24*time.Hour, err == nil && n <= most
	default:
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if at, err := time.Parse(layout, since); err == nil {
				span, ok = now.Sub(at), true
			}
		}
		if !ok {
			d, err := time.ParseDuration(since)
			span, ok = d, err == nil
		}
	}
	if !ok || span <= 0 {
		return 0, errSince
	}
	return span, nil
}
