package model

import (
	"regexp"
	"strings"
)

// accessPrefix begins the SAML attributes that AWS uses for attribute-based access control
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/attributesforaccesscontrol.html). AWS takes it to the letter.
const accessPrefix = "https://aws.amazon.com/SAML/Attributes/AccessControl:"

// accessKey is the form of what follows it: the pattern and length of AccessControlAttribute's Key
// (https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccessControlAttribute.html), without outer spaces.
var accessKey = regexp.MustCompile(`^[\p{L}\p{N}_.:/=+\-@]([\p{L}\p{Z}\p{N}_.:/=+\-@]{0,126}[\p{L}\p{N}_.:/=+\-@])?$`)

// accessAttributes checks every parameter that is meant to be such an attribute: its name, that it is in the assertion,
// and that it has a value.
func (s *setup) accessAttributes() judgement {
	if v, unread := s.unreadApp(); unread {
		return v
	}
	var wrong, unsaid []string
	count := 0
	seenKeys := map[string]string{}
	for i := range s.Source.App.Parameters {
		p := &s.Source.App.Parameters[i]
		name := p.Key
		if !resemblesAccess(name) {
			name = p.Label
		}
		if !resemblesAccess(name) {
			continue
		}
		count++
		add := func(what string) { wrong = append(wrong, quotedName(name)+" "+what) }
		key, exact := strings.CutPrefix(name, accessPrefix)
		switch {
		case !exact:
			add("does not begin with exactly " + accessPrefix)
		case !accessKey.MatchString(key):
			add("has no key that AWS takes after the colon (letters, digits and _.:/=+-@, at most 128)")
		case seenKeys[Fold(key)] != "":
			add("is there twice but for case")
		default:
			seenKeys[Fold(key)] = key
		}
		switch p.InAssertion {
		case No:
			add("is not included in the SAML assertion")
		case Unsaid:
			unsaid = append(unsaid, quotedName(name))
		case Yes:
		}
		if !p.valued() {
			add("has no value")
		}
	}
	switch {
	case len(wrong) > 0:
		return mend(few(wrong), `Open the parameter: name it `+accessPrefix+`KEY, choose a value, tick "Include in SAML assertion", save.`)
	case len(unsaid) > 0:
		return look("OneLogin does not say whether "+few(unsaid)+" is in the SAML assertion", `Look whether "Include in SAML assertion" is ticked.`)
	case count == 0:
		return fine("the app has no access-control attributes; they are optional")
	}
	return fine(counted(count, "access-control attribute is", "access-control attributes are") + " well-formed, with a value, and in the SAML assertion")
}

// quotedName shows a name without the part that is always the same, which would fill the line.
func quotedName(name string) string {
	return `"` + strings.Replace(name, accessPrefix, "…AccessControl:", 1) + `"`
}

// resemblesAccess reports whether a name is, or is meant to be, an access-control attribute: the whole address with up to
// six letters wrong, or the word AccessControl with up to two, whatever the case and punctuation. Letters of other scripts
// that look the same count as wrong ones.
func resemblesAccess(name string) bool {
	if strings.HasPrefix(name, accessPrefix) {
		return true
	}
	got := squash(name)
	return nearestIn(squash("AccessControl"), got) <= 2 || nearestIn(squash(accessPrefix), got) <= 6
}

// squash keeps letters and digits, folded. Anything that is not ASCII becomes one sign, so that a look-alike is an error of
// one letter.
func squash(s string) []byte {
	const longest = 512 // names are short; a hostile one must not cost seconds
	var out []byte
	for _, r := range Fold(s) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			out = append(out, byte(r))
		case r >= 0x80:
			out = append(out, '?')
		}
		if len(out) >= longest {
			break
		}
	}
	return out
}

// nearestIn is the least number of edits that makes want out of any part of text (Sellers' algorithm).
func nearestIn(want, text []byte) int {
	column := make([]int, len(want)+1)
	for i := range column {
		column[i] = i
	}
	best := column[len(want)]
	for _, c := range text {
		diagonal := column[0] // a match may start anywhere at no cost
		for i := 1; i <= len(want); i++ {
			cost := diagonal
			if want[i-1] != c {
				cost++
			}
			diagonal = column[i]
			column[i] = min(cost, column[i]+1, column[i-1]+1)
		}
		best = min(best, column[len(want)])
	}
	return best
}
