// Package keymap is how components say what an operator can do in them and by which keys, and how the operator's own
// keys take the place of those: dispatch, footer, help, palette and the documentation read one map of them all.
package keymap

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"

	"github.com/scimdrift/scimdrift/model"
)

// Place is where a key works: anywhere where it is empty, else on the board, on a screen above it, or on one of those.
type Place string

// The places. A component's own is one of the latter two with its name behind it.
const (
	Board  Place = "board"
	Screen Place = "screen"
)

// Holds reports whether a place is this one, or within it.
func (p Place) Holds(other Place) bool {
	rest, within := strings.CutPrefix(string(other), string(p))
	return within && (p == "" || rest == "" || rest[0] == '/')
}

// Table is what can be done in one component, or anywhere: a line with the place, the section of the help, and where
// that is in words; then one for each action, with its name in the configuration, the keys that do it as the framework
// names them, its place and word in the footer ("always" where it works even while text is typed), what it does, and
// what it takes to be done just now. An action in braces stands for its key where the key is needed.
type Table string

// Place is where it works.
func (t Table) Place() Place {
	place, _, _ := strings.Cut(string(t), " | ")
	return Place(place)
}

// Action is one thing that an operator can do.
type Action struct {
	ID string
	// Binding holds its keys with their label and the word for the footer.
	Binding key.Binding
	// FooterRank is its place in the footer, where the lowest come first; none where it never shows.
	FooterRank int
	// Does says in a phrase what it does, for the help and the palette; Needs what it takes to be done just now.
	Does, Needs string
	// Always: it works too where text is typed.
	Always bool
	// Section stands above it in the help, Where says in words where it works.
	Place          Place
	Section, Where string
}

// Map is all that can be done. Where two actions share a key, the first that can be done is; the order is also that of
// the help and of the footer.
type Map []Action

// Parse makes one of the tables of components.
func Parse(tables ...Table) Map {
	var m Map
	for _, t := range tables {
		var head []string
		for line := range strings.SplitSeq(string(t), "\n") {
			cells := append(strings.Split(line, "|"), "")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			if head == nil {
				head = cells
				continue
			}
			foot, word, numbered := strings.Cut(cells[2], " ")
			act := Action{
				ID: cells[0], Does: cells[3], Needs: cells[4], Always: foot == "always",
				Place: Place(head[0]), Section: head[1], Where: head[2],
			}
			if act.FooterRank, _ = strconv.Atoi(foot); !numbered && !act.Always {
				word = foot
			}
			act.bind(strings.Fields(cells[1]), word)
			m = append(m, act)
		}
	}
	return m
}

func (act *Action) bind(keys []string, word string) {
	act.Binding = key.NewBinding(key.WithKeys(keys...), key.WithHelp(Label(keys...), word))
}

// With gives actions the keys that the operator has chosen, and puts those in the place of the names in braces.
func (m Map) With(keys Keys) Map {
	out := slices.Clone(m)
	for i := range out {
		if own, ok := keys[out[i].ID]; ok {
			pressed := model.Map(own, func(key *string) string { return frameworkKey(*key) })
			out[i].bind(pressed, out[i].Binding.Help().Desc)
		}
	}
	labels := make([]string, 0, 2*len(out))
	for i := range out {
		labels = append(labels, "{"+out[i].ID+"}", out[i].Binding.Help().Key)
	}
	named := strings.NewReplacer(labels...)
	for i := range out {
		out[i].Needs, out[i].Where = named.Replace(out[i].Needs), named.Replace(out[i].Where)
	}
	return out
}

// Section is a part of the key map, for the help and the documentation.
type Section struct {
	Name    string
	Actions []Action
}

// Sections parts the map.
func (m Map) Sections() []Section {
	var out []Section
	for _, act := range m {
		i := slices.IndexFunc(out, func(s Section) bool { return s.Name == act.Section })
		if i < 0 {
			out, i = append(out, Section{Name: act.Section}), len(out)
		}
		out[i].Actions = append(out[i].Actions, act)
	}
	return out
}

// View is a named filter over the findings, a tab of its own.
type View struct{ Name, Filter string }
