package style

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// signsInWords are the signs of the program in words, for who has the screen read to them. Frames and bars say nothing
// that does not also stand in words.
var signsInWords = func() *strings.Replacer { //nolint:gochecknoglobals // a constant table
	words := []string{ //nolint:prealloc // a table, and a few more
		"›", "selected: ", "▾", "open: ", "▸", "folded: ", "✓", "done: ", "✗", "wrong: ", "≠", "differs",
		"▷", "only in the source", "◁", "only in the target", "↔", "and", "↑", "up", "↓", "down",
		"←", "left", "→", "to", " ·", ",", "·", ",", "…", "...",
	}
	for _, silent := range "●○─│┃┬┴┼█▓░▌▐▁▂▃▄▅▆▇" {
		words = append(words, string(silent), "")
	}
	return strings.NewReplacer(words...)
}()

// cellGap parts the cells of a line.
var cellGap = regexp.MustCompile(` {3,}`)

// Facts words a drawing for who has the screen read to them: its lines without styles and frames, with commas between
// cells and signs in words, broken to a width.
func Facts(drawn []string, width int) []string {
	facts := make([]string, 0, len(drawn))
	for _, line := range drawn {
		var cells []string
		for _, cell := range cellGap.Split(signsInWords.Replace(ansi.Strip(line)), -1) {
			if words := strings.Trim(strings.Join(strings.Fields(cell), " "), ", "); words != "" {
				cells = append(cells, words)
			}
		}
		facts = append(facts, Wrap(strings.Join(cells, ", "), width)...)
	}
	return facts
}
