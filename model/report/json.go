package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

// The documented form, schema 1. Keys are only ever added.
type jsonReport struct {
	Schema     int            `json:"schema"`
	Connection string         `json:"connection"`
	ReadAt     string         `json:"read_at"`
	DurationMS int64          `json:"duration_ms"`
	AgeS       int64          `json:"age_s,omitempty"`
	Complete   bool           `json:"complete"`
	Source     jsonSide       `json:"source"`
	Target     jsonSide       `json:"target"`
	Totals     map[string]int `json:"totals"`
	Findings   []jsonFinding  `json:"findings"`
	Notes      []string       `json:"notes,omitempty"`
	// Unsettled are the records that are not settled and of which no finding says so, by reason.
	Unsettled []jsonUnsettled `json:"unsettled,omitempty"`
	// Filter is what picked the findings, where they are not all.
	Filter string `json:"filter,omitempty"`
}

// jsonConnections is the form of several connections; an error stands in the place of one without a report.
type jsonConnections struct {
	Schema      int   `json:"schema"`
	Connections []any `json:"connections"`
}

type jsonConnectionError struct {
	Schema     int    `json:"schema"`
	Connection string `json:"connection"`
	Error      string `json:"error"`
}

type jsonSide struct {
	Kind        string `json:"kind"`
	Users       int    `json:"users"`
	Groups      int    `json:"groups"`
	Memberships int    `json:"memberships"`
	// MembersUnknown counts the groups whose members are in no count, because they are not known.
	MembersUnknown int               `json:"members_unknown,omitempty"`
	Requests       int               `json:"requests"`
	Coverage       map[string]string `json:"coverage"`
}

type jsonUnsettled struct {
	Type model.SubjectType `json:"type"`
	// OnlyMembers: of a group, nothing but who is in it is open.
	OnlyMembers bool   `json:"only_members"`
	Why         string `json:"why"`
	Count       int    `json:"count"`
	// Subjects are the first of them, at most maxUnsettled.
	Subjects []model.Subject `json:"subjects"`
}

// maxUnsettled bounds what is named for a reason: a side that is down leaves everything open.
const maxUnsettled = 100

type jsonFinding struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind"`
	Severity   string         `json:"severity"`
	Confidence string         `json:"confidence"`
	Subject    model.Subject  `json:"subject"`
	Summary    string         `json:"summary"`
	Cause      string         `json:"cause"`
	Details    jsonDetails    `json:"details"`
	Evidence   []jsonEvidence `json:"evidence"`
	Repairs    []jsonRepair   `json:"repairs"`
	// Contradicted is who says what of sources who disagree, Withheld why what takes access is not offered.
	Contradicted string `json:"contradicted,omitempty"`
	Withheld     string `json:"withheld,omitempty"`
}

type jsonDetails struct {
	Members []string          `json:"members"`
	Fields  []model.FieldDiff `json:"fields"`
	// MembersUnknown is there only if members could not be read, so that no list is not taken for an empty one.
	MembersUnknown string `json:"members_unknown,omitempty"`
}

type jsonEvidence struct {
	At    string `json:"at,omitempty"`
	What  string `json:"what"`
	By    string `json:"by"`
	Text  string `json:"text,omitempty"`
	For   bool   `json:"for"`
	Where string `json:"where"`
}

type jsonRepair struct {
	ID      string `json:"id"`
	Channel string `json:"channel"`
}

// JSON writes the report in the documented form, indented.
func JSON(w io.Writer, r Report) error { return writeJSON(w, newJSONReport(r), "report") }

// Outcome is what became of one of several connections: a report, or why there is none.
type Outcome struct {
	Report

	Err error
}

// AllJSON writes several connections as one object.
func AllJSON(w io.Writer, all []Outcome) error {
	return writeJSON(w, jsonConnections{1, model.Map(all, func(o *Outcome) any {
		if o.Err != nil {
			return jsonConnectionError{Schema: 1, Connection: o.Connection, Error: o.Err.Error()}
		}
		return newJSONReport(o.Report)
	})}, "report")
}

func newJSONReport(r Report) jsonReport {
	c, findings := r.Comparison, r.findings()
	out := jsonReport{
		Schema: 1, Connection: r.Connection, ReadAt: r.ReadAt.UTC().Format(time.RFC3339),
		DurationMS: r.Duration.Milliseconds(), AgeS: int64(r.Age.Seconds()), Complete: r.Complete(),
		Source: newJSONSide(&c.Source.Directory, c.Source.Totals(), model.SourceParts()),
		Target: newJSONSide(&c.Target, c.Target.Totals(), model.TargetParts()), Totals: map[string]int{},
		Findings: make([]jsonFinding, 0, len(findings)), Notes: c.Notes, Filter: r.Filter.Text(),
	}
	for _, u := range c.UnsettledByReason() {
		out.Unsettled = append(out.Unsettled, jsonUnsettled{
			u.Type, u.OnlyMembers, u.Why, len(u.Subjects), u.Subjects[:min(len(u.Subjects), maxUnsettled)],
		})
	}
	for i := range findings {
		out.Totals[string(findings[i].Kind)]++
		out.Findings = append(out.Findings, newJSONFinding(&findings[i], c.Target.Kind))
	}
	return out
}

// writeJSON writes JSON, indented; what names all of it.
func writeJSON(w io.Writer, out any, what string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // names are raw; nobody puts this into a page unread
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write the %s: %w", what, err)
	}
	return nil
}

func newJSONSide(d *model.Directory, n model.Totals, parts []model.Part) jsonSide {
	side := jsonSide{
		Kind: d.Kind, Users: n.Users, Groups: n.Groups, Memberships: n.Memberships, MembersUnknown: n.Unknown,
		Requests: d.Requests, Coverage: make(map[string]string, len(parts)),
	}
	for _, p := range parts {
		side.Coverage[p.String()] = d.Coverage[p].String()
	}
	return side
}

func newJSONFinding(f *model.Finding, target string) jsonFinding {
	return jsonFinding{
		ID: f.ID, Kind: string(f.Kind), Severity: f.Severity.String(), Confidence: f.Confidence.String(),
		Subject: f.Subject, Summary: explain.Summary(*f, explain.Target(target)), Cause: string(f.Cause),
		Details: jsonDetails{
			Members: append([]string{}, f.Members...), Fields: append([]model.FieldDiff{}, f.Fields...),
			MembersUnknown: f.MembersUnknown,
		},
		Evidence: model.Map(f.AllEvidence(), func(e *model.Evidence) jsonEvidence {
			return jsonEvidence{rfc3339(e.At), e.What, e.By, e.Text, !e.Against, e.From()}
		}),
		Repairs: model.Map(f.Repairs, func(o *model.Option) jsonRepair {
			return jsonRepair{string(o.Repair), string(o.Channel)}
		}),
		Contradicted: f.Contradicted, Withheld: drift.WithheldReason(f),
	}
}
