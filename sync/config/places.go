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
}

// parsePlaces reads text that the decoder has accepted. The steps of a dotted key have a place each.
func parsePlaces(data []byte) (places []place) {
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
			if e.Kind == unstable.ArrayTable {
				list := strings.Join(table, ".")
				table = append(slices.Clip(table), strconv.Itoa(lists[list]))
				lists[list]++
				places = append(places, place{path: table, line: places[len(places)-1].line})
			}
		}
	}
	return places
}

// firstLines gives the first line of each place by its dotted path: a table that is opened again, or by its children,
// stands where it stood first.
func firstLines(places []place) map[string]int {
	lines := map[string]int{}
	for _, at := range places {
		if key := strings.Join(at.path, "."); lines[key] == 0 {
			lines[key] = at.line
		}
	}
	return lines
}

// position is the place of a key for an error: "FILE:LINE", with the line of the nearest table around it where it is
// missing, and the file alone where there is none.
func (f *File) position(key string) string {
	for key != "" {
		if line := f.lines[key]; line > 0 {
			return f.path + ":" + strconv.Itoa(line)
		}
		key = key[:max(strings.LastIndex(key, "."), 0)]
	}
	return f.path
}
