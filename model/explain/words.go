package explain

import (
	"cmp"
	_ "embed" // for words.txt
	"strings"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

//go:embed words.txt
var wordsText string

// allWords are what words.txt says, by what it is said of and the field.
//
//nolint:gochecknoglobals // a table, made when it is first asked for
var allWords = sync.OnceValue(func() map[[2]string]string {
	all := map[[2]string]string{}
	for _, s := range model.Sayings(wordsText) {
		all[[2]string{s.Of, s.Field}] = s.Text
	}
	return all
})

// words are one field of what is said of a kind, cause, repair or rule; "" where nothing is.
func words[T ~string](of T, field string) string { return allWords()[[2]string{string(of), field}] }

// Cause says a cause in a phrase, and "" where there is nothing to say.
func Cause(c model.Cause) string { return words(c, "phrase") }

// CheckTitle names a set-up check in a few words, whatever its result.
func CheckTitle(id model.Kind) string { return cmp.Or(words(id, "title"), string(id)) }

// KindMeaning says in a phrase what a finding of a kind is.
func KindMeaning(kind model.Kind) string { return cmp.Or(words(kind, "meaning"), CheckTitle(kind)) }

// Refuses says in a phrase what a rule of the guard refuses.
func Refuses(rule model.GuardRule) string { return words(rule, "refuses") }

// WayOn says what to do where a rule of the guard refuses.
func WayOn(rule model.GuardRule) string { return words(rule, "way") }

// Answer tells in the console's own words what it says when a button took; "" where none is known.
func Answer(r model.RepairName) string { return words(r, "answer") }

// Verb is a word or two for a repair, beside its key.
func Verb(o model.Option) string { return ofRepair(o, "verb") }

// Shortly says a repair in a few words, as something to do.
func Shortly(o model.Option) string { return ofRepair(o, "short") }

// Repair says what a repair does over its channel, where, and what else it does, such as to apply every edit.
func Repair(o model.Option) string { return joined(does(o, "the target"), words(nameOf(o), "caveat")) }

func does(o model.Option, target string) string {
	return strings.ReplaceAll(ofRepair(o, "does"), "TARGET", target)
}

// ofRepair is what is said of a repair; its name where nothing is.
func ofRepair(o model.Option, field string) string {
	return cmp.Or(words(nameOf(o), field), string(o.Repair))
}

// nameOf is what a repair is called in words.txt: one that goes over two channels by the other one too.
func nameOf(o model.Option) string {
	if o.Repair == model.ReapplyMappings && o.Channel == model.Nudge {
		return "reapply-mappings nudge"
	}
	return string(o.Repair)
}
