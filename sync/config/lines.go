package config

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of a file each key and each table stands, by dotted key; the tables of a list are numbered
// from 0. It reads text that the decoder has accepted; what it cannot follow has no line.
type lines map[string]int

func linesOf(data []byte) lines {
	l := lines{}
	var p unstable.Parser
	p.Reset(data)
	var table []string
	tables := map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind { //nolint:exhaustive // nothing else has a key
		case unstable.Table:
			table = l.note(&p, nil, e)
		case unstable.ArrayTable:
			table = l.note(&p, nil, e)
			list, line := strings.Join(table, "."), p.Shape(lastOf(e).Raw).Start.Line
			table = append(table, strconv.Itoa(tables[list]))
			tables[list]++
			l.keep(table, line)
		case unstable.KeyValue:
			l.value(&p, table, e)
		}
	}
	return l
}

func lastOf(e *unstable.Node) *unstable.Node {
	var last *unstable.Node
	for key := e.Key(); key.Next(); {
		last = key.Node()
	}
	return last
}

// note keeps the line of a key, and gives its full path.
func (l lines) note(p *unstable.Parser, table []string, e *unstable.Node) []string {
	path := append([]string(nil), table...)
	for key := e.Key(); key.Next(); {
		n := key.Node()
		path = append(path, string(n.Data))
		l.keep(path, p.Shape(n.Raw).Start.Line)
	}
	return path
}

// keep keeps the first line: a table that is opened again, or by its children, stands where it stood first.
func (l lines) keep(path []string, line int) {
	if key := strings.Join(path, "."); l[key] == 0 {
		l[key] = line
	}
}

// value notes a key with its value, and the keys of a table that stands in the line.
func (l lines) value(p *unstable.Parser, table []string, e *unstable.Node) {
	path := l.note(p, table, e)
	if v := e.Value(); v.Kind == unstable.InlineTable {
		for child := v.Children(); child.Next(); {
			l.value(p, path, child.Node())
		}
	}
}

// at is the place of a key for an error: "FILE:LINE", with the line of the nearest table around it where it is missing,
// and the file alone where there is none.
func (f *File) at(key string) string {
	for key != "" {
		if line := f.lines[key]; line > 0 {
			return f.path + ":" + strconv.Itoa(line)
		}
		key = key[:max(strings.LastIndex(key, "."), 0)]
	}
	return f.path
}
