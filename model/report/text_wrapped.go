package report

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

func (t *text) writeLabelledCheck(label, words string) {
	if words != "" {
		t.writeWrapped(fmt.Sprintf("      %-6s ", label+":"), 13, words)
	}
}

// writeWrapped writes words within 100 columns, the first line after a head, the others after so many spaces.
func (t *text) writeWrapped(head string, spaces int, words string) {
	const width = 100
	line, empty := head, true
	for word := range strings.FieldsSeq(model.Visible(words)) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > width {
			t.linef("%s", line)
			line, empty = strings.Repeat(" ", spaces), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	t.linef("%s", line)
}
