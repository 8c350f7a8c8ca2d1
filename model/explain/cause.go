package explain

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// because adds the cause to a summary, where it is known and not said already.
func because(f model.Finding, target string) string {
	said := Cause(f.Cause)
	switch {
	case f.Cause == model.CauseMissingAttribute && toMend(f, target) != "":
		said = toMend(f, target)
	case f.Cause == model.CauseUnknown && f.Shows(model.EvidenceInFlight):
		said = "OneLogin is still at it"
	}
	if said == "" {
		return ""
	}
	return "; " + said
}

// KindAndCause says in a phrase what is known of a finding by its kind and cause alone.
func KindAndCause(kind model.Kind, cause model.Cause) string {
	if kind.Setup() {
		return CheckTitle(kind)
	}
	return joinedBy(": ", strings.ReplaceAll(string(kind), "-", " "), Cause(cause))
}

func briefly(c model.Cause) string {
	if c == model.CauseUnknown || c == "" {
		return "cause not known"
	}
	return cmp.Or(words(c, "brief"), Cause(c))
}

// stays says why the difference does not end by itself.
func stays(f model.Finding, target string) string {
	if f.LooksAlike() {
		return "Nothing but the look of the name says that the two are one, so that nothing is written at the " +
			"target on the strength of it."
	}
	if said := words(f.Kind, "stays"); said != "" {
		return said // whatever the cause is
	}
	if f.Cause == model.CauseUnknown {
		return unknown(f)
	}
	mend := toMend(f, target)
	said := strings.NewReplacer("TARGET", target, "MEND", mend).Replace(words(f.Cause, "stays"))
	if f.Cause == model.CausePendingApproval && mend != "" {
		said += " Once it is approved, " + target + " will refuse it all the same: " + mend + "."
	}
	return said
}

func unknown(f model.Finding) string {
	switch {
	case f.Shows(model.EvidenceInFlight):
		return "OneLogin is still at it, so this may end by itself; read again in a few minutes."
	case f.Kind == model.UserDuplicate, f.Kind == model.GroupDuplicate, f.Kind == model.RuleOpaque,
		f.Kind == model.RuleRedundant:
		return ""
	}
	return "What was read of the log and of the app's settings does not tell why."
}

// access says what the difference means for those who need access, or should not have it.
func access(f model.Finding, target string) string {
	switch {
	case f.Kind == model.UserLingering && f.Severity == model.Info:
		return "The record is inactive and lets nobody in; it can come back to life with all its memberships."
	case f.Kind == model.GroupLingering && f.MembersUnknown == "" && len(f.Members) == 0:
		return "Nobody is in it, and whoever is put into it gets what it is assigned."
	}
	return strings.ReplaceAll(words(f.Kind, "access"), "TARGET", target)
}
