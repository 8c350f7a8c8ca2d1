package explain

import (
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/setup"
)

// AccessHeads are the titles of the columns of AccessRow.
func AccessHeads() []string {
	return []string{"Field name", "Tag key", "Taken from", "Flag", "Sent", "No value"}
}

// AccessRow is one attribute for access control as a row of the table. Texts are raw.
func AccessRow(a *model.AccessAttribute) []string {
	none := func(text string) string {
		if text == "" {
			return "none"
		}
		return text
	}
	without := strconv.Itoa(len(a.Without))
	switch {
	case a.Untold != "":
		without = "?"
	case a.Unread > 0:
		without += " + " + strconv.Itoa(a.Unread) + " ?"
	}
	return []string{
		setup.ShortAccessName(a.Name), none(a.Key), none(a.Behind), triWord(a.InAssertion),
		triWord(setup.Sent(a)), without,
	}
}

func triWord(t model.Tri) string { return [...]string{"?", "no", "yes"}[t] }

// AccessPeople says, line by line, whom a row of the table leaves without a tag, with names. Texts are raw.
func AccessPeople(a *model.AccessAttribute) (lines []string) {
	name := setup.ShortAccessName(a.Name)
	if n := len(a.Without); n > 0 {
		lines = append(lines, name+" has no value for "+people(n)+": "+named(a.Without))
	}
	if n := len(a.Unfit); n > 0 {
		lines = append(lines, name+" has a value that AWS takes for no tag for "+people(n)+": "+named(a.Unfit))
	}
	if a.Unread > 0 {
		lines = append(lines, name+" of "+people(a.Unread)+" was not read")
	}
	if a.Untold != "" {
		lines = append(lines, name+": who has no value is not known: "+a.Untold)
	}
	return lines
}

func people(n int) string {
	if n == 1 {
		return "1 user"
	}
	return strconv.Itoa(n) + " users"
}

// named lists names as far as anybody reads them on a screen.
func named(names []string) string {
	const most = 20
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) +
		" more (doctor -o json names them all)"
}
