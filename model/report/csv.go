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
	return writeCSV(w, append([][]string{csvHead()}, csvLines(r)...))
}

// AllCSV writes the findings of several connections, named in the first column, but for those without a report.
func AllCSV(w io.Writer, all []Outcome) error {
	lines := [][]string{append([]string{"connection"}, csvHead()...)}
	for i := range all {
		if all[i].Err != nil {
			continue
		}
		for _, line := range csvLines(all[i].Report) {
			lines = append(lines, append([]string{all[i].Connection}, line...))
		}
	}
	return writeCSV(w, lines)
}

func csvHead() []string {
	return []string{
		"id", "kind", "severity", "confidence", "cause", "subject_type", "subject", "source_id", "target_id",
		"summary", "members",
	}
}

func csvLines(r Report) [][]string {
	findings := r.findings()
	out := make([][]string, 0, len(findings))
	for _, f := range findings {
		out = append(out, []string{
			f.ID, string(f.Kind), f.Severity.String(), f.Confidence.String(), string(f.Cause), string(f.Subject.Type),
			f.Subject.Name, f.Subject.SourceID, f.Subject.TargetID,
			explain.Summary(f, explain.Target(r.Comparison.Target.Kind)), strings.Join(f.Members, " "),
		})
	}
	return out
}

func writeCSV(w io.Writer, lines [][]string) error {
	for _, line := range lines {
		for i := range line {
			line[i] = csvCell(line[i])
		}
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// csvCell makes text safe for a spreadsheet: one that starts like a formula would run when the file is opened.
func csvCell(s string) string {
	s = model.Visible(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
