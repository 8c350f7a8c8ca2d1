package model

import "time"

// Summary is what can be said of a comparison before it is there again.
type Summary struct {
	// At is when the older of both sides was read.
	At time.Time `json:"at"`
	// Complete says whether every part of both sides was read, or left out by the configuration.
	Complete bool `json:"complete"`
	// Findings counts the findings by the name of their severity; Users are those of the source who have the app, and of the target.
	Findings map[string]int `json:"findings"`
	Users    [2]int         `json:"users"`
	// First are the worst findings.
	First []SummaryLine `json:"first"`
}

// SummaryLine is one finding of a summary. Name is raw.
type SummaryLine struct {
	Severity string `json:"severity"`
	Kind     Kind   `json:"kind"`
	Name     string `json:"name"`
	Cause    Cause  `json:"cause"`
}

// summarised is about what a large screen shows at once.
const summarised = 60

// Summary sums a comparison up.
func (c *Comparison) Summary() Summary {
	h := c.Health()
	s := Summary{At: h.At, Complete: h.Complete, Findings: h.Findings}
	for i := range c.Source.Users {
		if c.Source.Users[i].Assigned {
			s.Users[0]++
		}
	}
	s.Users[1] = len(c.Target.Users)
	for i := range c.Findings[:min(len(c.Findings), summarised)] {
		f := &c.Findings[i]
		s.First = append(s.First, SummaryLine{f.Severity.String(), f.Kind, f.Subject.Name, f.Cause})
	}
	return s
}
