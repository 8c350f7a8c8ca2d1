package model

import "time"

// Health is how a connection stood when it was last read: what remains to be said of it while it is not open.
type Health struct {
	// At is when the older of both sides was read.
	At time.Time `json:"at"`
	// Complete says whether every part of both sides was read, or left out by the configuration.
	Complete bool `json:"complete"`
	// Findings counts the findings by the name of their severity.
	Findings map[string]int `json:"findings"`
}

// Health sums a comparison up.
func (c *Comparison) Health() Health {
	h := Health{
		At:       c.Source.ReadAt,
		Complete: c.Source.Coverage.Complete(SourceParts()) && c.Target.Coverage.Complete(TargetParts()),
		Findings: map[string]int{},
	}
	if at := c.Target.ReadAt; h.At.IsZero() || !at.IsZero() && at.Before(h.At) {
		h.At = at
	}
	for i := range c.Findings {
		h.Findings[c.Findings[i].Severity.String()]++
	}
	return h
}
