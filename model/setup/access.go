package setup

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// AccessPrefix begins the SAML attributes that AWS uses for attribute-based access control
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/attributesforaccesscontrol.html). AWS takes it to the
// letter. principalPrefix begins those of IAM's own SAML federation
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html), which are easily taken for them.
const (
	awsAttributes   = "https://aws.amazon.com/SAML/Attributes/"
	AccessPrefix    = awsAttributes + "AccessControl:"
	principalPrefix = awsAttributes + "PrincipalTag:"
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

// accessKey is the form of what follows the prefix: the pattern and length of a tag's Key
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html; AccessControlAttribute has the same), without
// outer spaces.
var accessKey = regexp.MustCompile(`^[\p{L}\p{N}_.:/=+\-@]([\p{L}\p{Z}\p{N}_.:/=+\-@]{0,126}[\p{L}\p{N}_.:/=+\-@])?$`)

// Sent is whether AWS gets a tag of it with the assertion.
func Sent(a *model.AccessAttribute) model.Tri {
	if a.Key == "" || a.Behind == "" {
		return model.No
	}
	return a.InAssertion
}

// AccessFields are the user fields behind the app's attributes for access control, sorted, for a reader to keep.
func AccessFields(parameters []model.Parameter) []string {
	var fields []string
	for i := range parameters {
		if p := &parameters[i]; accessName(p) != "" && p.Field() != "" {
			fields = append(fields, p.Field())
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// accessName is the name under which a parameter is, or is meant to be, an attribute for access control; or empty.
func accessName(p *model.Parameter) string {
	for _, name := range []string{p.Key, p.Label} {
		if resemblesAccess(name) {
			return name
		}
	}
	return ""
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
		case placeholder(key):
			wrong("still has the guide's " + key + " where the key belongs")
		case !accessKey.MatchString(key):
			wrong("has no key that AWS takes after the colon (letters, digits and _.:/=+-@, at most 128)")
		case reserved(key):
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
		if p.Mapping == "" && p.Value != "" && p.InAssertion == model.Yes && !tagValue(p.Value) {
			wrong("has a value that AWS takes for no tag (" + valueForm + ")")
		}
		accessValues(c, p, &a)
		out = append(out, a)
	}
	return out
}

// placeholder reports whether a key is what the guide has in its place, with or without the brackets.
func placeholder(key string) bool {
	word := model.Fold(strings.Trim(key, "{}<>[] "))
	return word == "attributename" || word == "tagkey"
}

// tagValue reports whether a tag may have a value, by the pattern that AWS documents beside that of the key.
func tagValue(value string) bool {
	foreign := func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.Z, unicode.N) && !strings.ContainsRune("_.:/=+-@", r)
	}
	return utf8.RuneCountInString(value) <= maxTagValue && !reserved(value) && !strings.ContainsFunc(value, foreign)
}

func reserved(text string) bool { return strings.HasPrefix(model.Fold(text), reservedTags) }

// accessValues tells for whom an attribute has no value, or none that AWS takes. Only who can sign in counts.
func accessValues(c *drift.Comparer, p *model.Parameter, a *model.AccessAttribute) {
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
		case len(values) > 1 || !tagValue(values[0]):
			a.Unfit = append(a.Unfit, u.Called())
		}
	}
}

// accessAttributes judges the attributes as OneLogin sends them.
func (s *Setup) accessAttributes() judgement {
	if v, unread := s.unreadApp(); unread {
		return v
	}
	v := s.accessForm()
	v.Attributes = s.attributes
	return v
}

func (s *Setup) accessForm() judgement {
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
		if Sent(a) != model.No {
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
		return unclear(all+" well-formed; whether everybody has a value is not known: "+model.Few(unread),
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

// ShortAccessName is a name without the part that is always the same, which would fill the line.
func ShortAccessName(name string) string {
	return strings.Replace(name, awsAttributes, "…", 1)
}

// otherClaims begin the names of AWS's other SAML attributes
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html), in letters alone.
var otherClaims = regexp.MustCompile("^(role|sessionduration|transitivetagkeys|sourceidentity)")

// resemblesAccess reports whether a name is, or is meant to be, an access-control attribute: one that has the word, or
// the address before another word than those that AWS gives it for other ends, whatever the case and punctuation.
func resemblesAccess(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, model.Fold(name))
	_, rest, there := strings.Cut(letters, "amazoncomsamlattributes")
	return strings.Contains(letters, "accesscontrol") || there && !otherClaims.MatchString(rest)
}
