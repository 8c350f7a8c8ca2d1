package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// yield is what one set_groups action gives to those for whom its rule holds.
type yield struct {
	// names are literal group names, and possibleNames those that a text may stand for which holds several.
	names, possibleNames []string
	// fields are gone through one by one, "role" for the names of the user's roles; pattern says which values become
	// groups, and foldedPattern which may.
	fields                 []string
	pattern, foldedPattern *regexp.Regexp
	// anyName: it cannot be told which groups it gives beside the names.
	anyName bool
	// unconfirmed: the shape is our best reading and is nowhere documented.
	unconfirmed bool
}

func (e *evaluation) actionYield(a *model.RuleAction) (y yield, problems []model.Evidence) {
	opaque := func(what, text string) {
		y.anyName = true
		problems = append(problems, model.Evidence{What: what, Text: text})
	}
	if a.Macro != "" {
		opaque("a macro makes the group names", a.Macro)
	}
	if a.Scriplet != "" {
		opaque("a script makes the group names", a.Scriplet)
	}
	if a.Odd {
		opaque("one of its actions has keys or values that are not documented", a.Name)
	}
	if !a.ForEach() {
		for _, name := range a.Values {
			switch {
			case strings.TrimSpace(name) == "":
			case e.entitled[model.Fold(name)]:
				y.names = append(y.names, name)
			case isUserField(name):
				opaque("it may set the group of this name, or one for each value of the field", name)
			case looksLikeID(name):
				opaque("it names a group by an id that OneLogin's entitlements do not explain", name)
			default:
				all, several := splitNames(name, valueSeparators)
				if !several {
					y.names = append(y.names, name)
					break
				}
				y.possibleNames = append(y.possibleNames, all...)
				problems = append(problems, model.Evidence{What: severalNames, Text: name})
			}
		}
		return y, problems
	}
	pattern, err := regexp.Compile(a.Expression)
	loose, tooLong := regexp.Compile("(?i)" + a.Expression)
	if err != nil || tooLong != nil {
		opaque("its expression cannot be read as RE2", a.Expression)
		return y, problems
	}
	y.pattern, y.foldedPattern, y.fields = pattern, loose, a.Values
	y.unconfirmed = slices.ContainsFunc(a.Values, model.IsRoleField)
	return y, problems
}

// groupName is the group that one value becomes: what the expression captures, else the whole value. Whether OneLogin
// minds the case is not documented, so that what fits without regard to it alone is open.
func (y *yield) groupName(value string) (name string, fits verdict) {
	fits = Holds
	at := y.pattern.FindStringSubmatchIndex(value)
	if at == nil {
		at, fits = y.foldedPattern.FindStringSubmatchIndex(value), undecided
	}
	switch {
	case at == nil:
		return "", Fails
	case len(at) == 2:
		name = value
	case at[2] < 0:
		return "", Fails // the capture is optional and stands for nothing here
	default:
		name = value[at[2]:at[3]]
	}
	if strings.TrimSpace(name) == "" {
		return "", Fails
	}
	return name, fits
}

// namePattern is the expression that every name fits which an unread value can become; nil is any name.
func (y *yield) namePattern() *regexp.Regexp {
	if y.pattern.NumSubexp() > 0 {
		return nil
	}
	return y.foldedPattern
}

// isUserField recognises the words that a for-each goes through; without an expression it cannot be told whether such a
// word is a field or a group.
func isUserField(value string) bool {
	folded := model.Fold(value)
	return model.IsRoleField(folded) || folded == "member_of" || strings.HasPrefix(folded, "custom_attribute_")
}

// looksLikeID recognises ids of SCIM groups (UUIDs, Identity Center's with a prefix) and of OneLogin (numbers).
func looksLikeID(value string) bool {
	const shortestID = 5 // shorter numbers are names as well, such as "2024"
	if model.IsNumber(value) {
		return len(value) >= shortestID
	}
	return idShape.MatchString(value)
}

var idShape = regexp.MustCompile(`^([0-9a-f]{10}-)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// valueSeparators part several values in one text where a comma may well be part of a single one.
const valueSeparators = ";\n"

const severalNames = "a text that names groups may hold several, and how OneLogin takes it apart is not documented"

// DefaultNames are the groups that a text of the Groups parameter may stand for, which is stored as a string or a list:
// the one that OneLogin's entitlements have by that name, else perhaps several.
func (e *evaluation) DefaultNames(text string) (all []string, several bool) {
	if e.entitled[model.Fold(text)] {
		return []string{text}, false
	}
	return splitNames(text, separators)
}

// splitNames gives the values that a text with several in it may stand for. How OneLogin takes such a text apart is not
// documented, so each part and the whole are possible, and none is certain.
func splitNames(value, separators string) (all []string, several bool) {
	if !strings.ContainsAny(value, separators) {
		return []string{value}, false
	}
	all = []string{value}
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		all = append(all, model.Trim(part))
	}
	return all, true
}
