package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// CSV writes one line for each finding, with a header line.
func CSV(w io.Writer, r Report) error {
	c := csv.NewWriter(w)
	rows := make([][]string, 0, 1+len(r.Comparison.Findings))
	rows = append(rows, []string{
		"id", "kind", "severity", "confidence", "cause", "subject_type", "subject", "source_id", "target_id", "summary", "members",
	})
	for _, f := range r.Comparison.Findings {
		rows = append(rows, []string{
			f.ID, string(f.Kind), f.Severity.String(), f.Confidence.String(), string(f.Cause), string(f.Subject.Type),
			f.Subject.Name, f.Subject.SourceID, f.Subject.TargetID,
			explain.Summary(f, explain.Target(r.Comparison.Target.Kind)), strings.Join(f.Members, " "),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// cell makes text safe for a spreadsheet: one that starts like a formula would run when the file is opened.
func cell(s string) string {
	s = model.Visible(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
