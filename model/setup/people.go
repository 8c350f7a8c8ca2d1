package setup

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

// minPairable is how many users both sides must have before too few pairs mean anything.
const minPairable = 5

// Mispaired judges how many users pair: where hardly anybody pairs, every other finding is an artefact of the wrong
// target, the wrong app or the wrong userName, and repairing them would replace the whole directory.
func (s *Setup) Mispaired() judgement {
	assigned, paired := 0, 0
	for i := range s.Source.Users {
		if s.Source.Users[i].Assigned {
			assigned++
			if s.Users.ToTarget[i] != model.None && !s.Users.IsLookAlike(int32(i)) {
				paired++
			}
		}
	}
	there := len(s.Target.Users)
	switch fewer := min(assigned, there); {
	case s.NotAllUsers() != "":
		return unknown("the users of a side were not read in full", mendFirstTodo)
	case fewer < minPairable:
		return fine(fmt.Sprintf("too few users to judge: %d in the app, %d at the target", assigned, there))
	case 2*paired < fewer:
		return mend(fmt.Sprintf("only %d of the app's %d users pair with one of the %d at the target",
			paired, assigned, there),
			"Check that app and target belong together, and which field is sent as userName (scimusername, "+
				"users.user_name), before anything is repaired.")
	}
	return fine(fmt.Sprintf("%d of the app's %d users pair with one of the %d at the target", paired, assigned, there))
}

// nameIDMismatch says that the app signs people in by another field than it sends as userName; "" if it does not.
func (s *Setup) nameIDMismatch() string {
	sent := s.Source.App.UserNameField
	for i := range s.Source.App.Parameters {
		p := &s.Source.App.Parameters[i]
		subject := p.Field()
		if model.Fold(p.Key) == "saml_username" && subject != "" && sent != "" && subject != model.Fold(sent) {
			return "people sign in by their " + subject + " (Subject NameID) and are pushed with their " + sent +
				" as userName"
		}
	}
	return ""
}

// userNameCase: userNames are compared without regard to case and normal form, SAML's nameID must be the exact form
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
func (s *Setup) userNameCase() judgement {
	var names []string
	for i := range s.Source.Users {
		t := s.Users.ToTarget[i]
		if t == model.None || s.Users.IsLookAlike(int32(i)) || !s.Source.Users[i].Assigned ||
			s.Source.Users[i].RollOnly {
			continue
		}
		if a, b := s.Source.Users[i].UserName, s.Target.Users[t].UserName; a != b && model.SameName(a, b) {
			a, b = model.Distinct(a, b)
			names = append(names, a+" is "+b+" at the target")
		}
	}
	other := s.nameIDMismatch()
	switch {
	case len(names) > 0:
	case s.NotAllUsers() != "":
		return unknown("the users of a side were not read in full", mendFirstTodo)
	case other != "":
		return look(other, "Signing in by SAML needs the very userName: choose the same field for both, unless the "+
			"two hold the same for everybody.")
	default:
		return fine("no userName differs in case, normal form or outer space only")
	}
	if other != "" {
		other = "; " + other
	}
	return look(model.Counted(len(names), "userName differs", "userNames differ")+
		" in case, normal form or outer space only: "+model.Few(names)+other,
		"Nothing is out of sync, but signing in by SAML needs the exact form: compare with what the Subject NameID "+
			"sends, and mend one side if somebody cannot sign in.")
}
