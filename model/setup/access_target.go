package setup

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// accessFailed is AWS's word for attributes for access control that it could not enable.
const accessFailed = "CREATION_FAILED"

// accessEnabled says whether AWS takes attributes for access control at all, and which it makes itself. The feature
// must be enabled also where the attributes come in the assertion, and an attribute of the assertion that AWS maps as
// well gets AWS's value (https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-abac.html;
// API_UpdateInstanceAccessControlAttributeConfiguration in
// https://docs.aws.amazon.com/singlesignon/latest/APIReference).
func (s *Setup) accessEnabled() judgement {
	const enable = "Enable it in IAM Identity Center under Settings > Attributes for access control, also where the " +
		"attributes come in the SAML assertion."
	a := &s.Options.Facts.Access
	sends := model.Counted(len(s.attributes), "attribute", "attributes")
	switch {
	case s.Target.Kind != "aws":
		return fine("only AWS has attributes for access control")
	case a.Trouble != "":
		return unknownBecause("whether Attributes for access control is enabled could not be read", a.Trouble,
			"Look at it by hand, or mend that and read again.")
	case !a.Asked && s.Source.App.ID == "":
		return unknown("neither the OneLogin app nor AWS's own APIs (the AWS lens) were read", mendFirstTodo)
	case !a.Asked && len(s.attributes) == 0:
		return fine("the app sends no attributes for access control; what AWS makes itself only its own APIs show " +
			"(the AWS lens)")
	case !a.Asked:
		return look("whether AWS takes the "+sends+" that OneLogin sends only its own APIs show (the AWS lens)", enable)
	case a.Status == "" && len(s.attributes) > 0:
		return mend("Attributes for access control is not enabled at AWS, and OneLogin sends "+sends, enable)
	case a.Status == "":
		return fine("not enabled at AWS, and OneLogin sends none")
	case a.Status == accessFailed:
		return mend("AWS could not enable it: "+cmp.Or(a.Reason, "it does not say why"), enable)
	case a.Status != model.AccessEnabled:
		return look("AWS says "+a.Status+" of it"+reasonNote(a.Reason),
			"Read again in a few minutes; if it stays so, look at Settings > Attributes for access control.")
	}
	mapped := model.Map(a.Mapped,
		func(m *model.AccessMapping) string { return m.Key + " from " + strings.Join(m.Sources, ", ") })
	seen := "enabled; AWS maps no attributes of its own"
	if len(mapped) > 0 {
		seen = "enabled; AWS maps " + model.Few(mapped)
	}
	byAWS := s.mappedKeys()
	both := slices.DeleteFunc(s.sentKeys(), func(key string) bool { return !byAWS[model.Fold(key)] })
	if len(both) > 0 {
		return look(seen+"; set on both sides: "+model.Few(both)+": AWS puts the value of its identity store in "+
			"place of the assertion's",
			"Take the key out on the side whose value is not meant: at AWS under Settings > Attributes for access "+
				"control, or in the app's parameters.")
	}
	return fine(seen)
}

func reasonNote(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}

// sentKeys are the keys that the assertion sets.
func (s *Setup) sentKeys() (keys []string) {
	for i := range s.attributes {
		if IsSent(&s.attributes[i]) != model.No {
			keys = append(keys, s.attributes[i].Key)
		}
	}
	return keys
}

// mappedKeys are the folded keys of which AWS makes tags itself.
func (s *Setup) mappedKeys() map[string]bool {
	return model.SetOf(s.Options.Facts.Access.Mapped, func(m *model.AccessMapping) string { return model.Fold(m.Key) })
}

// accessConditions holds the tags that policies of permission sets ask for against those that are there. Keys of tags
// have no case (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
func (s *Setup) accessConditions() judgement {
	const byHand = "Look for aws:PrincipalTag/… in the policies of permission sets, and that each key is among the " +
		"attributes that are sent or mapped."
	a := &s.Options.Facts.Access
	c := &a.Conditions
	switch {
	case s.Target.Kind != "aws":
		return fine("only AWS has permission sets")
	case c.Trouble != "":
		return unknownBecause("the policies of permission sets could not be read", c.Trouble, byHand)
	case !c.Asked:
		return look("what tags permission sets ask for only AWS's own APIs show (the AWS lens)", byHand)
	}
	lacking, unread := s.lackingTags(), slices.Clone(c.Unread)
	if c.Rest != "" {
		unread = append(unread, c.Rest)
	}
	switch told := s.Source.App.ID != "" && a.Trouble == ""; {
	case len(lacking) > 0 && !told:
		return unknown("not everything that provides tags was read; what was read does not provide: "+
			model.Few(lacking), mendFirstTodo)
	case len(lacking) > 0:
		return mend("asked for and provided by nothing: "+model.Few(lacking)+s.disabledNote(),
			"Send the attribute from OneLogin or map it at AWS, or take the condition out: as it is, it never holds.")
	case len(unread) > 0:
		return unknown("no tag is lacking so far; not understood or not looked through: "+model.Few(unread), byHand)
	case c.ElsewhereTrouble != "":
		return unknownBecause("no tag is lacking in inline policies; customer-managed ones could not be listed",
			c.ElsewhereTrouble, byHand)
	case len(c.Elsewhere) > 0:
		return look("no tag is lacking in inline policies; customer-managed ones are in each account, and SSO Admin "+
			"does not show their text: "+model.Few(c.Elsewhere), byHand)
	case len(c.Tags) == 0:
		return fine("no permission set asks for a tag")
	}
	return fine("every tag that permission sets ask for is provided: " + model.Few(s.askedTags()))
}

func (s *Setup) attributesDisabled() bool {
	status := s.Options.Facts.Access.Status
	return status == "" || status == accessFailed
}

// disabledNote adds that nothing provides any tag, where that is so.
func (s *Setup) disabledNote() string {
	if s.attributesDisabled() {
		return " (Attributes for access control is not enabled)"
	}
	return ""
}

// lackingTags are the conditions on tags that neither the assertion nor AWS's own mapping provides.
func (s *Setup) lackingTags() []string {
	provided := s.mappedKeys()
	for _, key := range s.sentKeys() {
		provided[model.Fold(key)] = true
	}
	var lacking []string
	for _, t := range s.Options.Facts.Access.Conditions.Tags {
		if s.attributesDisabled() || !provided[model.Fold(t.Key)] {
			lacking = append(lacking, t.Key+" by "+t.Set)
		}
	}
	return lacking
}

func (s *Setup) askedTags() []string {
	var keys []string
	for _, t := range s.Options.Facts.Access.Conditions.Tags {
		if !slices.ContainsFunc(keys, func(k string) bool { return model.Fold(k) == model.Fold(t.Key) }) {
			keys = append(keys, t.Key)
		}
	}
	return keys
}
