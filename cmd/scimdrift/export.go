package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/tui"
)

// export writes what leaves the board to a file of its own where the program was started.
func (p *program) export(e tui.Export) (tui.Exported, error) {
	r := report.Report{
		Connection: e.Connection, ReadAt: e.Comparison.Source.ReadAt,
		Comparison: e.Comparison, Filter: e.Filter,
	}
	form, known := map[tui.ExportForm]struct {
		end   string
		write func(io.Writer) error
	}{
		tui.ExportMarkdown: {"md", func(w io.Writer) error { return report.Markdown(w, r) }},
		tui.ExportCSV:      {"csv", func(w io.Writer) error { return report.CSV(w, r) }},
		tui.ExportJSON:     {"json", func(w io.Writer) error { return report.JSON(w, r) }},
		tui.ExportPlan:     {"plan.json", func(w io.Writer) error { return report.PlanJSON(w, e.Plan) }},
	}[e.Form]
	if !known {
		return tui.Exported{}, fmt.Errorf("no form is called %s", e.Form)
	}
	var b bytes.Buffer
	if err := form.write(&b); err != nil {
		return tui.Exported{}, err
	}
	name := strings.Map(func(r rune) rune {
		if r == filepath.Separator || r == '/' || r < ' ' {
			return '-'
		}
		return r
	}, "scimdrift-"+e.Connection+"-"+time.Now().UTC().Format("20060102T150405Z")+"."+form.end)
	if err := replaceFile(name, b.Bytes()); err != nil {
		return tui.Exported{}, fmt.Errorf("the file could not be written: %w; start scimdrift in a folder that you "+
			"may write to", err)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		path = name
	}
	return tui.Exported{Path: path, Command: p.equivalent(e, name)}, nil
}

// equivalent is the command line that gives what was exported.
func (p *program) equivalent(e tui.Export, file string) string {
	parts := []string{"scimdrift", "check"}
	if e.Form == tui.ExportPlan {
		parts[1] = "plan"
	}
	if p.flags.demo {
		parts = append(parts, "--demo")
	} else {
		parts = append(parts, "--last", "--connection", model.ShellQuoted(e.Connection))
	}
	if !e.Filter.Empty() {
		parts = append(parts, "--filter", model.ShellQuoted(e.Filter.Text()))
	}
	if e.Form == tui.ExportPlan {
		return strings.Join(append(parts, "--out", model.ShellQuoted(file)), " ")
	}
	return strings.Join(append(parts, "-o", string(e.Form), ">", model.ShellQuoted(file)), " ")
}
