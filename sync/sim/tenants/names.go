package tenants

import (
	_ "embed"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func displayName(u *world.User) string { return u.FirstName + " " + u.LastName }

const domain = "corp.example"

// foldName is how names compare in the design: without regard to case and surrounding space.
func foldName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// newIdentity makes a person's name and an e-mail that nobody else has, on either side.
func (t *Tenant) newIdentity(r *rand.Rand) (given, family, mail string) {
	given, localGiven := splitSpelling(choose(r, t.given))
	family, localFamily := splitSpelling(choose(r, t.family))
	return given, family, t.uniqueMail(localGiven + "." + localFamily)
}

// splitSpelling splits an entry of the word lists into the name and its e-mail form.
func splitSpelling(entry string) (shown, local string) {
	shown, local, given := strings.Cut(entry, "/")
	if !given {
		local = strings.ToLower(shown)
	}
	return shown, local
}

// uniqueMail gives each namesake a number, as administrators do.
func (t *Tenant) uniqueMail(local string) string {
	t.mails[local]++
	if n := t.mails[local]; n > 1 {
		return t.uniqueMail(local + strconv.Itoa(n))
	}
	return local + "@" + domain
}

// teamNames gives n role names, the familiar ones first.
func (t *Tenant) teamNames(r *rand.Rand, n int) []string {
	names := make([]string, 0, n)
	for _, name := range wordList("first teams") {
		if len(names) < n {
			names = append(names, t.uniqueName("aws-"+name))
		}
	}
	for round := 0; len(names) < n; round++ {
		for _, stage := range []string{"", "-prod", "-staging", "-dev", "-sandbox", "-shared"} { // short names first
			combined := combineNames(stage)
			r.Shuffle(len(combined), func(i, j int) { combined[i], combined[j] = combined[j], combined[i] })
			for _, name := range combined {
				if len(names) < n && (round > 0 || !t.names[name]) {
					names = append(names, t.uniqueName(name))
				}
			}
		}
	}
	return names
}

func combineNames(stage string) []string {
	teams, accesses := wordList("teams"), wordList("accesses")
	combined := make([]string, 0, len(teams)*len(accesses))
	for _, team := range teams {
		for _, access := range accesses {
			combined = append(combined, "aws-"+team+stage+access)
		}
	}
	return combined
}

// uniqueName takes a group name that neither side has used, numbering it if it must. Names of deleted roles stay taken:
// a second group of that name would inherit the first one's evidence.
func (t *Tenant) uniqueName(wanted string) string {
	name := wanted
	for n := 2; t.names[foldName(name)]; n++ {
		name = wanted + "-" + strconv.Itoa(n)
	}
	t.names[foldName(name)] = true
	return name
}

func (t *Tenant) unusedName(r *rand.Rand, prefix string, from []string) string {
	start := r.IntN(len(from))
	for i := range from {
		if wanted := prefix + from[(start+i)%len(from)]; !t.names[foldName(wanted)] {
			return t.uniqueName(wanted)
		}
	}
	return t.uniqueName(prefix + from[start])
}

//go:embed words.txt
var wordLists string

func wordList(list string) []string {
	_, text, _ := strings.Cut(wordLists, "["+list+"]\n")
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\n", " "), ", ")
}
