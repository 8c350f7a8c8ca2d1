package setup

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// rotateToken is the way to another token without a moment in which none is good: AWS lets two live at a time
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/rotate-token.html).
const rotateToken = "Rotate it without a gap: make a second token at the target (AWS lets two live at a time), put " +
	"it into OneLogin and save, put it here (scimdrift login, or where target.token points), see one push and one " +
	"read succeed, and only then delete the first."

// tokenAge says when this connection's token, often OneLogin's too, was first used here and when it ends.
func (s *Setup) tokenAge() judgement {
	t := s.Options.Facts.Token
	end := t.End(s.Target.Kind)
	switch {
	case t.At.IsZero():
		return unknown("when the token was first used here is not known", "Run doctor on the configured connection.")
	case t.None:
		return look("this connection has no SCIM token; when OneLogin's ends, only the target's console shows",
			"Look at its date there. "+rotateToken)
	}
	// The latest moment that this comparison knows of: when it was read, or the program that shows it began.
	now := slices.MaxFunc([]time.Time{t.At, s.Source.ReadAt, s.Target.ReadAt}, time.Time.Compare)
	seen := "when the token was first used here could not be kept"
	if !t.FirstSeen.IsZero() {
		seen = "first used here on " + dateOnly(t.FirstSeen)
		if days := int(now.Sub(t.FirstSeen) / (24 * time.Hour)); days > 0 {
			seen += ", " + model.Counted(days, "day", "days") + " ago"
		}
	}
	if end.At.IsZero() {
		return look(seen+"; nothing says when it ends",
			"Set target.token_expires to its date, as the target's console shows it, to be warned in time.")
	}
	latest := ""
	if end.By == model.TokenAWSYear {
		latest = " at the latest"
	}
	seen += "; it " + end.Away(now) + ", on " + dateOnly(end.At) + latest + " (by " + string(end.By) + ")"
	left := end.At.Sub(now)
	accepted := s.Options.Facts.Target.Answered && !s.hasRefusal(401)
	switch {
	case left <= 0 && accepted:
		return look(seen+", and the target accepts it still",
			"Look at its date in the target's console, and set target.token_expires to that.")
	case left <= model.TokenDoctorWarns:
		v := mend(seen, rotateToken)
		if left <= 0 {
			v.severity = model.High
		} else if left <= model.TokenHeaderWarns {
			v.severity = model.Medium
		}
		return v
	case end.By == model.TokenAWSYear:
		return look(seen, "It may have been older when it came here: look at its date in the target's console, and "+
			"set target.token_expires to that.")
	}
	return fine(seen)
}

func dateOnly(t time.Time) string { return t.UTC().Format(time.DateOnly) }
