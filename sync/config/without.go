package config

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

type header struct {
	line int
	path []string
}

func (h header) of(name string) bool {
	return len(h.path) > 1 && h.path[0] == "connections" && h.path[1] == name
}

// headersOf lists the tables of a file in their order. The text has been parsed before.
func headersOf(text string) []header {
	var p unstable.Parser
	p.Reset([]byte(text))
	var all []header
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.Table && e.Kind != unstable.ArrayTable {
			continue
		}
		var h header
		for key := e.Key(); key.Next(); {
			h.path = append(h.path, string(key.Node().Data))
			h.line = p.Shape(key.Node().Raw).Start.Line
		}
		all = append(all, h)
	}
	return all
}

// without takes the tables of a connection out of a file. What is written between them and the next table, below a
// blank line or right above that table, stays.
func without(text, name string) string {
	lines := strings.SplitAfter(text, "\n")
	headers := headersOf(text)
	var kept strings.Builder
	from := 0
	for i, h := range headers {
		end := len(lines)
		if i+1 < len(headers) {
			end = headers[i+1].line - 1
		}
		if !h.of(name) {
			continue
		}
		kept.WriteString(strings.Join(lines[from:max(from, h.line-1)], ""))
		from = end
		if end == len(lines) || !headers[i+1].of(name) {
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
