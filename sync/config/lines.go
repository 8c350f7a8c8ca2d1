package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// place is where a key or a table stands in a file; the tables of a list are numbered from 0.
type place struct {
	path []string
	line int
	// header: it is the last step of a table's header.
	header bool
}

// placesOf reads text that the decoder has accepted. The steps of a dotted key have a place each.
func placesOf(data []byte) (places []place) {
	var p unstable.Parser
	p.Reset(data)
	note := func(path []string, e *unstable.Node) []string {
		for key := e.Key(); key.Next(); {
			path = append(slices.Clip(path), string(key.Node().Data))
			places = append(places, place{path: path, line: p.Shape(key.Node().Raw).Start.Line})
		}
		return path
	}
	var inside func(path []string, value *unstable.Node)
	inside = func(path []string, value *unstable.Node) {
		n := 0
		for items := value.Children(); items.Next(); n++ {
			switch item := items.Node(); value.Kind { //nolint:exhaustive // nothing else holds keys
			case unstable.InlineTable:
				inside(note(path, item), item.Value())
			case unstable.Array:
				inside(append(slices.Clip(path), strconv.Itoa(n)), item)
			}
		}
	}
	var table []string
	lists := map[string]int{}
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind { //nolint:exhaustive // nothing else has a key
		case unstable.KeyValue:
			inside(note(table, e), e.Value())
		case unstable.Table, unstable.ArrayTable:
			table = note(nil, e)
			last := &places[len(places)-1]
			last.header = true
			if e.Kind == unstable.ArrayTable {
				list := strings.Join(table, ".")
				table = append(slices.Clip(table), strconv.Itoa(lists[list]))
				lists[list]++
				places = append(places, place{path: table, line: last.line})
			}
		}
	}
	return places
}

// linesOf gives the first line of each place by its dotted path: a table that is opened again, or by its children,
// stands where it stood first.
func linesOf(places []place) map[string]int {
	lines := map[string]int{}
	for _, at := range places {
		if key := strings.Join(at.path, "."); lines[key] == 0 {
			lines[key] = at.line
		}
	}
	return lines
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

// without takes the tables of a connection out of a file. What is written between them and the next table, below a
// blank line or right above that table, stays.
func without(text, name string) string {
	lines := strings.SplitAfter(text, "\n")
	headers := slices.DeleteFunc(placesOf([]byte(text)), func(p place) bool { return !p.header })
	ours := func(i int) bool {
		return len(headers[i].path) > 1 && headers[i].path[0] == "connections" && headers[i].path[1] == name
	}
	var kept strings.Builder
	from := 0
	for i, h := range headers {
		if !ours(i) {
			continue
		}
		end := len(lines)
		if i+1 < len(headers) {
			end = headers[i+1].line - 1
		}
		kept.WriteString(strings.Join(lines[from:max(from, h.line-1)], ""))
		from = end
		if end == len(lines) || !ours(i+1) {
			from = ownEnd(lines[:end], h.line)
		}
	}
	kept.WriteString(strings.Join(lines[from:], ""))
	return kept.String()
}

// ownEnd is where a table ends that begins before the line start: before the comments and blank lines that follow its
// last key, but with the comments that stand close below that.
func ownEnd(lines []string, start int) int {
	end, blank := len(lines), -1
	for end > start {
		line := strings.TrimSpace(lines[end-1])
		if line != "" && !strings.HasPrefix(line, "#") {
			break
		}
		end--
		if line == "" {
			blank = end
		}
	}
	return max(end, blank)
}
