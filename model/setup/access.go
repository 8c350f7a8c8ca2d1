package setup

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// The limits of session tags, which these attributes become: lengths in characters
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html).
const (
	maxTags     = 50
	maxTagValue = 256
	// reservedTags begins the keys and the values that AWS keeps for itself, in whatever case
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
	reservedTags = "aws:"
	// valueForm is the form of a value in words; a tag has one value (the same page).
	valueForm = "one value of letters, digits, spaces and _.:/=+-@, at most 256, that does not begin with aws:"
)

// IsSent is whether AWS gets a tag of it with the assertion.
func IsSent(a *model.AccessAttribute) model.Tri {
	if a.Key == "" || a.Behind == "" {
		return model.No
	}
	return a.InAssertion
}

// TabulateAccess gives the app's attributes for access control, in the order of its parameters.
func TabulateAccess(c *drift.Comparer) []model.AccessAttribute {
	var out []model.AccessAttribute
	seen := map[string]bool{}
	for i := range c.Source.App.Parameters {
		p := &c.Source.App.Parameters[i]
		name := accessName(p)
		if name == "" {
			continue
		}
		a := model.AccessAttribute{Name: name, Behind: p.Behind(), InAssertion: p.InAssertion}
		wrong := func(what string) { a.Wrong = append(a.Wrong, what) }
		key, exact := strings.CutPrefix(name, AccessPrefix)
		switch {
		case strings.HasPrefix(name, principalPrefix):
			wrong("is named PrincipalTag:, which is for IAM's own SAML federation; IAM Identity Center takes " +
				"AccessControl:")
		case !exact:
			wrong("does not begin with exactly " + AccessPrefix)
		case isPlaceholder(key):
			wrong("still has the guide's " + key + " where the key belongs")
		case !accessKey.MatchString(key):
			wrong("has no key that AWS takes after the colon (letters, digits and _.:/=+-@, at most 128)")
		case isReserved(key):
			wrong("has a key that begins with aws:, which AWS keeps for itself")
		case seen[model.Fold(key)]:
			wrong("is there twice but for case")
		default:
			a.Key, seen[model.Fold(key)] = key, true
		}
		if p.InAssertion == model.No {
			wrong("is not included in the SAML assertion")
		}
		if a.Behind == "" {
			wrong("has no value")
		}
		// One that is not said to be sent is kept by no reading.
		if p.Mapping == "" && p.Value != "" && p.InAssertion == model.Yes && !isTagValue(p.Value) {
			wrong("has a value that AWS takes for no tag (" + valueForm + ")")
		}
		fillAccessValues(c, p, &a)
		out = append(out, a)
	}
	return out
}

// isTagValue reports whether a tag may have a value, by the pattern that AWS documents beside that of the key.
func isTagValue(value string) bool {
	foreign := func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.Z, unicode.N) && !strings.ContainsRune("_.:/=+-@", r)
	}
	return utf8.RuneCountInString(value) <= maxTagValue && !isReserved(value) && !strings.ContainsFunc(value, foreign)
}

func isReserved(text string) bool { return strings.HasPrefix(model.Fold(text), reservedTags) }

// fillAccessValues tells for whom an attribute has no value, or none that AWS takes. Only who can sign in counts.
func fillAccessValues(c *drift.Comparer, p *model.Parameter, a *model.AccessAttribute) {
	field := p.Field()
	switch {
	case field == "" && p.Mapping != "":
		a.Untold = "a macro is worked out by OneLogin alone"
		return
	case field == "":
		return // a fixed value is everybody's
	}
	for i := range c.Source.Users {
		u := &c.Source.Users[i]
		if !u.Assigned || !u.Active {
			continue
		}
		values, read := u.Attributes.Of(field)
		switch {
		case !read || u.RollOnly:
			a.Unread++
		case len(values) == 0:
			a.Without = append(a.Without, u.Called())
		case len(values) > 1 || !isTagValue(values[0]):
			a.Unfit = append(a.Unfit, u.Called())
		}
	}
}

// accessAttributes judges the attributes as OneLogin sends them.
func (s *Setup) accessAttributes() judgement {
	if v, unread := s.unreadApp(); unread {
		return v
	}
	v := s.judgeAttributes()
	v.Attributes = s.attributes
	return v
}

func (s *Setup) judgeAttributes() judgement {
	const mendParameter = `Open the parameter: name it ` + AccessPrefix +
		`KEY, choose a value, tick "Include in SAML assertion", save.`
	var wrong, unfit, unsaid, without, unread, untold []string
	tags := 0
	for i := range s.attributes {
		a := &s.attributes[i]
		name := `"` + ShortAccessName(a.Name) + `"`
		for _, what := range a.Wrong {
			wrong = append(wrong, name+" "+what)
		}
		if IsSent(a) != model.No {
			tags++
		}
		if len(a.Unfit) > 0 {
			unfit = append(unfit, name+" for "+model.Counted(len(a.Unfit), "user", "users")+" ("+model.Few(a.Unfit)+")")
		}
		if a.InAssertion == model.Unsaid {
			unsaid = append(unsaid, name)
		}
		if len(a.Without) > 0 {
			without = append(without, name+" for "+model.Counted(len(a.Without), "user", "users")+" ("+
				model.Few(a.Without)+")")
		}
		if a.Unread > 0 {
			unread = append(unread, name+" of "+model.Counted(a.Unread, "user", "users"))
		}
		if a.Untold != "" {
			untold = append(untold, name)
		}
	}
	if tags > maxTags {
		wrong = slices.Insert(wrong, 0,
			fmt.Sprintf("%d attributes are sent, and AWS takes %d tags at most", tags, maxTags))
	}
	if s.Source.Coverage[model.PartUsers].State != model.Complete && len(s.attributes) > 0 {
		unread = append(unread, "users who were not read: "+s.Source.Coverage[model.PartUsers].Reason)
	}
	all := model.Counted(len(s.attributes), "access-control attribute is", "access-control attributes are")
	switch {
	case len(wrong) > 0:
		return mend(model.Few(wrong), mendParameter)
	case len(unfit) > 0:
		return mend("AWS takes these values for no tag ("+valueForm+"): "+model.Few(unfit),
			"Mend the values in OneLogin; who signs in with one may be refused, or come without the tag.")
	case len(unsaid) > 0:
		return look("OneLogin does not say whether "+model.Few(unsaid)+" is in the SAML assertion",
			`Look whether "Include in SAML assertion" is ticked.`)
	case len(s.attributes) == 0:
		return fine("the app has no access-control attributes; they are optional")
	case len(unread) > 0:
		return unknown(all+" well-formed; whether everybody has a value is not known: "+model.Few(unread),
			"Read again; if it stays so, OneLogin's API does not show the field: look at it in its console.")
	case len(without) > 0:
		return look("no value: "+model.Few(without),
			"Fill the field in OneLogin for those who need what it opens; without the tag a condition on it "+
				"refuses them.")
	case len(untold) > 0:
		return look(all+" well-formed and in the SAML assertion; what a macro gives each user only OneLogin knows: "+
			model.Few(untold),
			"Sign in as somebody, or look at a SAML trace, where their access depends on it.")
	}
	return fine(all + " well-formed, with a value for everybody, and in the SAML assertion")
}
