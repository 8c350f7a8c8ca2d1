package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/natefinch/atomic"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/tui/export"
)

// export writes what leaves the board to a file of its own where the program was started.
func (p *program) export(e export.Export) (export.Exported, error) {
	r := report.Report{
		Connection: e.Connection, ReadAt: e.Comparison.Source.ReadAt, Comparison: e.Comparison, Filter: e.Filter,
	}
	var b bytes.Buffer
	write := func() error { return writeReport(&b, string(e.Form), r, nil) }
	if e.Form == export.Plan {
		write = func() error { return report.PlanJSON(&b, e.Plan) }
	}
	if err := write(); err != nil {
		return export.Exported{}, err
	}
	end := map[export.Form]string{export.Markdown: "md", export.Plan: "plan.json"}[e.Form]
	name := strings.Map(func(r rune) rune {
		if r == filepath.Separator || r == '/' || r < ' ' {
			return '-'
		}
		return r
	}, "scimdrift-"+e.Connection+"-"+time.Now().UTC().Format("20060102T150405Z")+"."+cmp.Or(end, string(e.Form)))
	if err := replaceFile(name, b.Bytes()); err != nil {
		return export.Exported{}, fmt.Errorf("the file could not be written: %w; start scimdrift in a folder that you "+
			"may write to", err)
	}
	path, err := filepath.Abs(name)
	return export.Exported{Path: path, Command: p.equivalentCommand(e, name)}, err
}

func (p *program) equivalentCommand(e export.Export, file string) string {
	words := []string{"check"}
	if e.Form == export.Plan {
		words[0] = "plan"
	}
	if !p.flags.demo {
		words = append(words, "--last")
	}
	if !e.Filter.Empty() {
		words = append(words, "--filter", e.Filter.Text())
	}
	if e.Form == export.Plan {
		return p.commandLine(e.Connection, append(words, "--out", file)...)
	}
	return p.commandLine(e.Connection, append(words, "-o", string(e.Form))...) + " > " + model.ShellQuoted(file)
}

// replaceFile writes a file that only its owner can read, whole or not at all. What is no regular file, such as a pipe,
// is written as it is.
func replaceFile(path string, data []byte) error {
	const ownerOnly = 0o600
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(path, data, ownerOnly) //nolint:gosec // the operator names the file
	case err == nil:
		if err := os.Chmod(path, ownerOnly); err != nil { // the new content would be as open as the old
			return err
		}
	}
	return atomic.WriteFile(path, bytes.NewReader(data))
}
