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

// textTable are what words.txt says, by what it is said of and the field.
//
//nolint:gochecknoglobals // a table, made when it is first asked for
var textTable = sync.OnceValue(func() map[[2]string]string {
	all := map[[2]string]string{}
	for _, s := range model.ParseTexts(wordsText) {
		all[[2]string{s.Of, s.Field}] = s.Text
	}
	return all
})

// lookUpText are one field of what is said of a kind, cause, repair or rule; "" where nothing is.
func lookUpText[T ~string](of T, field string) string {
	return textTable()[[2]string{string(of), field}]
}

// Cause says a cause in a phrase, and "" where there is nothing to say.
func Cause(c model.Cause) string { return lookUpText(c, "phrase") }

// CheckTitle names a set-up check in a few words, whatever its result.
func CheckTitle(id model.Kind) string { return cmp.Or(lookUpText(id, "title"), string(id)) }

// KindMeaning says in a phrase what a finding of a kind is.
func KindMeaning(kind model.Kind) string {
	return cmp.Or(lookUpText(kind, "meaning"), CheckTitle(kind))
}

// RefusalText says in a phrase what a rule of the guard refuses.
func RefusalText(rule model.GuardRule) string { return lookUpText(rule, "refuses") }

// RefusalAdvice says what to do where a rule of the guard refuses.
func RefusalAdvice(rule model.GuardRule) string { return lookUpText(rule, "way") }

// ButtonAnswer tells in the console's own words what it says when a button took; "" where none is known.
func ButtonAnswer(r model.RepairName) string { return lookUpText(r, "answer") }

// Verb is a word or two for a repair, beside its key.
func Verb(o model.Option) string { return repairText(o, "verb") }

// ShortRepair says a repair in a few words, as something to do.
func ShortRepair(o model.Option) string { return repairText(o, "short") }

// Repair says what a repair does over its channel, where, and what else it does, such as to apply every edit.
func Repair(o model.Option) string {
	return joinSentences(repairSentence(o, "the target"), lookUpText(repairKey(o), "caveat"))
}

func repairSentence(o model.Option, target string) string {
	return strings.ReplaceAll(repairText(o, "does"), "TARGET", target)
}

// repairText is what is said of a repair; its name where nothing is.
func repairText(o model.Option, field string) string {
	return cmp.Or(lookUpText(repairKey(o), field), string(o.Repair))
}

// repairKey is what a repair is called in words.txt: one that goes over two channels by the other one too.
func repairKey(o model.Option) string {
	if o.Repair == model.ReapplyMappings && o.Channel == model.Nudge {
		return "reapply-mappings nudge"
	}
	return string(o.Repair)
}
