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
	"github.com/scimdrift/scimdrift/tui/export"
)

// export writes what leaves the board to a file of its own where the program was started.
func (p *program) export(e export.Export) (export.Exported, error) {
	r := report.Report{
		Connection: e.Connection, ReadAt: e.Comparison.Source.ReadAt, Comparison: e.Comparison, Filter: e.Filter,
	}
	form, known := map[export.Form]struct {
		end   string
		write func(io.Writer) error
	}{
		export.Markdown: {"md", func(w io.Writer) error { return report.Markdown(w, r) }},
		export.CSV:      {"csv", func(w io.Writer) error { return report.CSV(w, r) }},
		export.JSON:     {"json", func(w io.Writer) error { return report.JSON(w, r) }},
		export.Plan:     {"plan.json", func(w io.Writer) error { return report.PlanJSON(w, e.Plan) }},
	}[e.Form]
	if !known {
		return export.Exported{}, fmt.Errorf("no form is called %s", e.Form)
	}
	var b bytes.Buffer
	if err := form.write(&b); err != nil {
		return export.Exported{}, err
	}
	name := strings.Map(func(r rune) rune {
		if r == filepath.Separator || r == '/' || r < ' ' {
			return '-'
		}
		return r
	}, "scimdrift-"+e.Connection+"-"+time.Now().UTC().Format("20060102T150405Z")+"."+form.end)
	if err := replaceFile(name, b.Bytes()); err != nil {
		return export.Exported{}, fmt.Errorf("the file could not be written: %w; start scimdrift in a folder that you "+
			"may write to", err)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		path = name
	}
	return export.Exported{Path: path, Command: p.equivalent(e, name)}, nil
}

// equivalent is the command line that gives what was exported.
func (p *program) equivalent(e export.Export, file string) string {
	parts := []string{"scimdrift", "check"}
	if e.Form == export.Plan {
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
	if e.Form == export.Plan {
		return strings.Join(append(parts, "--out", model.ShellQuoted(file)), " ")
	}
	return strings.Join(append(parts, "-o", string(e.Form), ">", model.ShellQuoted(file)), " ")
}
