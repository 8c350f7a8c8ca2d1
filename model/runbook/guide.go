package runbook

import (
	_ "embed" // for guide.txt
	"fmt"
	"strings"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

//go:embed guide.txt
var guideText string

// Line is one sentence of the vendor's guide that asks for something, in our words, and what takes it over
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html; its considerations are those of
// https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html).
type Line struct {
	// Where is its place in the guide, such as "Step 2.4".
	Where, Asks string
	By          []Service
}

// Service is what takes a sentence of the guide over: a step of a runbook or, where Book is empty, a set-up check.
type Service struct {
	// How says what the program does with it, such as "checks", as guide.txt explains.
	How  string
	Book Name
	Step string
}

// Guide lists what the guide asks for, in its order.
func Guide() []Line { return guideLines() }

var guideLines = sync.OnceValue(func() (lines []Line) { //nolint:gochecknoglobals // a table, made when it is asked for
	for _, s := range model.ParseTexts(guideText) {
		if s.Field == "asks" {
			lines = append(lines, Line{Where: s.Of, Asks: s.Text})
			continue
		}
		by := &lines[len(lines)-1].By
		if book, step, is := strings.Cut(s.Text, " "); is {
			*by = append(*by, Service{s.Field, Name(book), step})
		} else {
			*by = append(*by, Service{How: s.Field, Step: s.Text})
		}
	}
	return lines
})

// LinesOf are the sentences of the guide that a step takes over.
func LinesOf(book Name, step string) (out []Line) {
	for _, l := range Guide() {
		for _, by := range l.By {
			if by.Book == book && by.Step == step && (len(out) == 0 || out[len(out)-1].Asks != l.Asks) {
				out = append(out, l)
			}
		}
	}
	return out
}

// ServedBy says what takes the sentence over, by the titles of steps and checks, and what each does with it.
func (l Line) ServedBy() string {
	var does []string
	for i, by := range l.By {
		if next := i + 1; next < len(l.By) && by.Book == l.By[next].Book && by.Step == l.By[next].Step {
			does = append(does, by.How+",") // one step can do several things with a sentence
			continue
		}
		end := ";"
		if i == len(l.By)-1 {
			end = ""
		}
		does = append(does, by.How+" "+by.title()+end)
	}
	return strings.Join(does, " ")
}

func (s Service) title() string {
	for n, book := range Books() {
		for i, step := range book.Steps {
			switch {
			case book.Name != s.Book || step.ID != s.Step:
			case n == 0:
				return fmt.Sprintf("“%s” (set-up, step %d)", step.Title, i+1)
			default:
				return fmt.Sprintf("“%s” (case %d, step %d)", step.Title, n, i+1)
			}
		}
	}
	return "“" + explain.CheckTitle(model.Kind(s.Step)) + "” (Setup, doctor)"
}
