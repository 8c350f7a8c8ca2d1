package explain

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// causeSuffix adds the cause to a summary, where it is known and not said already.
func causeSuffix(f model.Finding, target string) string {
	said := Cause(f.Cause)
	switch {
	case f.Cause == model.CauseMissingAttribute && targetRefusals(f, target) != "":
		said = targetRefusals(f, target)
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
	return joinNonEmpty(": ", strings.ReplaceAll(string(kind), "-", " "), Cause(cause))
}

func briefCause(c model.Cause) string {
	if c == model.CauseUnknown || c == "" {
		return "cause not known"
	}
	return cmp.Or(lookUpText(c, "brief"), Cause(c))
}

// whyItStays says why the difference does not end by itself.
func whyItStays(f model.Finding, target string) string {
	if f.LooksAlike() {
		return "Nothing but the look of the name says that the two are one, so that nothing is written at the " +
			"target on the strength of it."
	}
	if said := lookUpText(f.Kind, "stays"); said != "" {
		return said // whatever the cause is
	}
	if f.Cause == model.CauseUnknown {
		return whyUnknownStays(f)
	}
	mend := targetRefusals(f, target)
	said := strings.NewReplacer("TARGET", target, "MEND", mend).Replace(lookUpText(f.Cause, "stays"))
	if f.Cause == model.CausePendingApproval && mend != "" {
		said += " Once it is approved, " + target + " will refuse it all the same: " + mend + "."
	}
	return said
}

func whyUnknownStays(f model.Finding) string {
	switch {
	case f.Shows(model.EvidenceInFlight):
		return "OneLogin is still at it, so this may end by itself; read again in a few minutes."
	case f.Kind == model.UserDuplicate, f.Kind == model.GroupDuplicate, f.Kind == model.RuleOpaque,
		f.Kind == model.RuleRedundant:
		return ""
	}
	return "What was read of the log and of the app's settings does not tell why."
}

// accessImpact says what the difference means for those who need access, or should not have it.
func accessImpact(f model.Finding, target string) string {
	switch {
	case f.Kind == model.UserLingering && f.Severity == model.Info:
		return "The record is inactive and lets nobody in; it can come back to life with all its memberships."
	case f.Kind == model.GroupLingering && f.MembersUnknown == "" && len(f.Members) == 0:
		return "Nobody is in it, and whoever is put into it gets what it is assigned."
	}
	return strings.ReplaceAll(lookUpText(f.Kind, "access"), "TARGET", target)
}
