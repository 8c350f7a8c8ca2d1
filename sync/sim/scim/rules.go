package scim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths in characters, from the Identity Store model (botocore identitystore/2020-06-15), which stores the same records.
const (
	maxUserName   = 128
	maxText       = 1024
	maxExternalID = 256

	lettersText  = `[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`
	lettersTight = `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`
)

// checkText refuses what is empty, too long, or holds anything but letters, marks, symbols, numbers and punctuation;
// space adds the white space that the alphabet names. Escape sequences and direction marks are thereby refused.
func checkText(at, s string, longest int, space bool) error {
	switch {
	case s == "":
		return invalid(preciseNoName, at)
	case utf8.RuneCountInString(s) > longest:
		return invalid("1 validation errors detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", at, longest)
	}
	for _, r := range s {
		if space && strings.ContainsRune("\t\n\r ", r) {
			continue
		}
		if !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) {
			letters := lettersTight
			if space {
				letters = lettersText
			}
			return invalid(preciseLetters, at, letters)
		}
	}
	return nil
}

// fold maps a name to the one of its case variants that strings.EqualFold agrees on, so that it can be a map key.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToUpper(s)
	}
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, s)
}

// same compares two values, without regard to case if folded.
func same(a, b string, folded bool) bool {
	if folded {
		return strings.EqualFold(a, b)
	}
	return a == b
}
