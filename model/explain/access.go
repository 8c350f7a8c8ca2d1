package explain

import (
	"cmp"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/setup"
)

// AccessHeads are the titles of the columns of AccessRow.
func AccessHeads() []string {
	return []string{"Field name", "Tag key", "Taken from", "Flag", "Sent", "No value"}
}

// AccessRow is one attribute for access control as a row of the table. Texts are raw.
func AccessRow(a *model.AccessAttribute) []string {
	without := strconv.Itoa(len(a.Without))
	switch {
	case a.Untold != "":
		without = "?"
	case a.Behind == "":
		without = "all"
	case a.Unread > 0:
		without += " + " + strconv.Itoa(a.Unread) + " ?"
	}
	return []string{
		setup.ShortAccessName(a.Name), cmp.Or(a.Key, "none"), cmp.Or(a.Behind, "none"), triWord(a.InAssertion),
		triWord(setup.IsSent(a)), without,
	}
}

func triWord(t model.Tri) string { return [...]string{"?", "no", "yes"}[t] }

// AccessNotes says below the table, line by line, what is wrong with each attribute, and whom the field behind it
// leaves without a tag, with names: once for each field, however many attributes take it. Texts are raw.
func AccessNotes(attributes []model.AccessAttribute) (lines []string) {
	for i := range attributes {
		for _, what := range attributes[i].Wrong {
			lines = append(lines, setup.ShortAccessName(attributes[i].Name)+" "+what)
		}
	}
	said := map[string]bool{}
	for i := range attributes {
		a := &attributes[i]
		if said[a.Behind] {
			continue
		}
		said[a.Behind] = true
		if n := len(a.Without); n > 0 {
			lines = append(lines, a.Behind+" has no value for "+model.Counted(n, "user", "users")+": "+
				firstNames(a.Without))
		}
		if n := len(a.Unfit); n > 0 {
			lines = append(lines, a.Behind+" has a value that AWS takes for no tag for "+
				model.Counted(n, "user", "users")+": "+firstNames(a.Unfit))
		}
		if a.Unread > 0 {
			lines = append(lines, a.Behind+" of "+model.Counted(a.Unread, "user", "users")+" was not read")
		}
		if a.Untold != "" {
			lines = append(lines, "who has no value of "+a.Behind+" is not known: "+a.Untold)
		}
	}
	return lines
}

// firstNames lists names as far as anybody reads them on a screen.
func firstNames(names []string) string {
	const most = 20
	said := model.FirstOf(names, most)
	if len(names) > most {
		said += " (doctor -o json names them all)"
	}
	return said
}
