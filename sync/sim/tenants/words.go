package tenants

import (
	_ "embed"
	"strings"
)

//go:embed words.txt
var wordLists string

func words(list string) []string {
	_, text, _ := strings.Cut(wordLists, "["+list+"]\n")
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\n", " "), ", ")
}
