package setup

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
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

// accessKey is the form of what follows the prefix: the pattern and length of a tag's Key
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html; AccessControlAttribute has the same), without
// outer spaces.
var accessKey = regexp.MustCompile(`^[\p{L}\p{N}_.:/=+\-@]([\p{L}\p{Z}\p{N}_.:/=+\-@]{0,126}[\p{L}\p{N}_.:/=+\-@])?$`)

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
		if isAccessName(name) {
			return name
		}
	}
	return ""
}

// isPlaceholder reports whether a key is what the guide has in its place, with or without the brackets.
func isPlaceholder(key string) bool {
	word := model.Fold(strings.Trim(key, "{}<>[] "))
	return word == "attributename" || word == "tagkey"
}

// ShortAccessName is a name without the part that is always the same, which would fill the line.
func ShortAccessName(name string) string {
	return strings.Replace(name, awsAttributes, "…", 1)
}

// otherAWSAttributes begin the names of AWS's other SAML attributes
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html), in letters alone.
var otherAWSAttributes = regexp.MustCompile("^(role|sessionduration|transitivetagkeys|sourceidentity)")

// isAccessName reports whether a name is, or is meant to be, an access-control attribute: one that has the word, or
// the address before another word than those that AWS gives it for other ends, whatever the case and punctuation.
func isAccessName(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, model.Fold(name))
	_, rest, there := strings.Cut(letters, "amazoncomsamlattributes")
	return strings.Contains(letters, "accesscontrol") || there && !otherAWSAttributes.MatchString(rest)
}
