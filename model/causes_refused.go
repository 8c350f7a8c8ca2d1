package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What Identity Center takes (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html; lengths and
// alphabets are those of the Identity Store API, which stands behind it:
// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html). Lengths are in characters.
const (
	longestUserName   = 128
	longestExternalID = 256
	longestText       = 1024
)

// EvidenceEmpty and EvidenceRefused mark the evidence that names, as its Text, a field to mend in OneLogin: the target
// requires it and it is empty, or its form is one that the target refuses.
const (
	EvidenceEmpty   = "required by the target, empty in OneLogin"
	EvidenceRefused = "refused by the target"
)

// refusals lists what the target would refuse of a user before OneLogin tries again: a user without userName anywhere,
// and what Identity Center refuses; other targets differ. A second e-mail or phone number is refused too, but
// OneLogin's list of users does not show any.
func (c *comparer) refusals(u *User) []Evidence {
	name := Trim(u.UserName)
	if c.Target.Kind != "aws" && name == "" {
		return []Evidence{{What: EvidenceEmpty, Text: fieldUserName}} // required everywhere (RFC 7643 section 4.1.1)
	}
	if c.Target.Kind != "aws" {
		return nil
	}
	var out []Evidence
	for _, f := range []Field{FieldGivenName, FieldFamilyName, FieldDisplayName} {
		switch value := u.value(f); {
		case strings.TrimSpace(value) == "":
			out = append(out, Evidence{What: EvidenceEmpty, Text: f.String()})
		case utf8.RuneCountInString(value) > longestText:
			out = append(out, refused(f.String()+" has more than 1,024 characters"))
		}
	}
	switch {
	case name == "":
		out = append(out, Evidence{What: EvidenceEmpty, Text: "userName"})
	case utf8.RuneCountInString(name) > longestUserName:
		out = append(out, refused("userName has more than 128 characters"))
	case spaced(name):
		out = append(out, refused("userName has white space in it"))
	}
	// Which value OneLogin sends as external id is the connector's affair, so an id of its own making is not judged.
	if id := u.ExternalID; id != u.ID && (utf8.RuneCountInString(id) > longestExternalID || spaced(id)) {
		out = append(out, refused("externalId has white space or more than 256 characters"))
	}
	return out
}

// nameRefusals says what Identity Center would refuse of a group.
func (c *comparer) nameRefusals(name string) []Evidence {
	if c.Target.Kind == "aws" && utf8.RuneCountInString(name) > longestText {
		return []Evidence{refused("the group's name has more than 1,024 characters")}
	}
	return nil
}

func refused(why string) Evidence { return Evidence{What: EvidenceRefused, Text: why} }

func spaced(s string) bool { return strings.ContainsFunc(s, unicode.IsSpace) }

// collisions says which key each other claimant of a pair of users has in common with the pair.
func (c *comparer) collisions(s, t int32) []Evidence {
	src, tgt := userRecords(c.Source.Users), userRecords(c.Target.Users)
	words := map[Basis]string{
		BasisExternalID: "external id", BasisUserName: "userName", BasisEmail: "e-mail",
		BasisName: "given and family name",
	}
	var out []Evidence
	shared := func(a, b int32, what, text string) {
		for _, key := range []Basis{BasisExternalID, BasisUserName, BasisEmail, BasisName} {
			if k := src.key(a, key); k != "" && k == tgt.key(b, key) {
				out = append(out, Evidence{What: "its " + words[key] + what, Text: text})
				return
			}
		}
	}
	for _, other := range c.Users.Contests[s].Sources {
		shared(other, t, " is held by this target user", c.Source.Users[other].Called())
	}
	for _, other := range c.Users.Contests[s].Targets {
		shared(s, other, " is held by another target user", c.Target.Users[other].Called())
	}
	return out
}
