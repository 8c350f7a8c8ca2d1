package setup

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// sourceScopes looks at what OneLogin refused. It documents 401 and 403 for a scope that is missing, without saying
// which where; 404 and 429 that never end are named too, because a credential that may not see a thing can meet them.
func (s *Setup) sourceScopes() judgement {
	refusals := s.Options.Facts.Source.Refusals
	users := s.Source.Coverage[model.PartUsers]
	switch {
	case len(refusals) == 0 && users.State == model.Unknown:
		return unknownBecause("OneLogin could not be read", users.Reason, mendFirstTodo)
	case len(refusals) == 0:
		return fine("OneLogin refused nothing that was asked of it")
	}
	var seen, scopes, todo []string
	result := model.CheckLook
	for _, r := range refusals {
		line := fmt.Sprintf("%s refused with %d", r.What, r.Status)
		if r.Scope != "" {
			line += ", needs the scope " + r.Scope
		}
		seen = append(seen, line)
		switch {
		case r.Status != 429:
			result = model.CheckMend
		case !slices.Contains(todo, waitForReset):
			todo = append(todo, waitForReset)
		}
		if r.Scope != "" && !slices.Contains(scopes, r.Scope) {
			scopes = append(scopes, r.Scope)
		}
		if r.Status == 404 && !slices.Contains(todo, checkAppID) {
			todo = append(todo, checkAppID)
		}
	}
	slices.Sort(scopes)
	if len(scopes) == 0 {
		todo = append(todo, "Check client_id and client_secret, and that the credential still exists.")
	} else {
		todo = append(todo, "Give the API credential the scope "+strings.Join(scopes, " and ")+"; Manage All "+
			"covers every other. Parts that you can do without are left out with onelogin.skip.")
	}
	return newJudgement(result, strings.Join(seen, "; "), strings.Join(todo, " "))
}

const (
	mendFirstTodo = "Mend that first, and run doctor again."
	waitForReset  = "Wait until the hourly limit resets, and see whether it stays so."
	checkAppID    = "Check app_id: a 404 may also mean that there is no such app."
)

// maxClockSkew is how far a clock may be off before log windows and the order of events mislead.
const maxClockSkew = time.Minute

func (s *Setup) clockSkew() judgement {
	var seen, agree []string
	worst := time.Duration(0)
	for _, one := range []struct {
		name string
		what model.Service
	}{{"OneLogin", s.Options.Facts.Source}, {s.targetName(), s.Options.Facts.Target}} {
		if !one.what.SkewKnown {
			continue
		}
		off := one.what.Skew.Round(time.Second)
		worst = max(worst, off.Abs())
		word := "ahead of"
		if off < 0 {
			word = "behind"
		}
		if off != 0 {
			seen = append(seen, fmt.Sprintf("this machine's clock is %s %s %s's", model.Lasting(off.Abs()), word,
				one.name))
		} else {
			agree = append(agree, one.name+"'s")
		}
	}
	switch {
	case !s.Options.Facts.Source.SkewKnown && !s.Options.Facts.Target.SkewKnown:
		return unknown("no answer told the service's time", "Run doctor when a side answers.")
	case worst > maxClockSkew:
		return mend(strings.Join(seen, "; "), "Set this machine's clock by the network time; until then the times "+
			"of events mislead.")
	case len(seen) > 0:
		return fine(strings.Join(seen, "; "))
	}
	return fine("this machine's clock agrees with " + strings.Join(agree, " and "))
}

func (s *Setup) rateBudget() judgement {
	var seen []string
	low := false
	for _, one := range []struct {
		name     string
		budget   model.Budget
		answered bool
	}{
		{"OneLogin", s.Options.Facts.Source.Budget, s.Options.Facts.Source.Answered},
		{s.targetName(), s.Options.Facts.Target.Budget, s.Options.Facts.Target.Answered},
	} {
		b := one.budget
		if !b.Known {
			said := " says nothing about its limit"
			if !one.answered {
				said = " did not answer"
			}
			seen = append(seen, one.name+said)
			continue
		}
		line := fmt.Sprintf("%s: %d of %d calls left", one.name, b.Remaining, b.Limit)
		if !b.Reset.IsZero() {
			line += ", whole again at " + b.Reset.UTC().Format("15:04 UTC")
		}
		seen = append(seen, line)
		low = low || b.Low()
	}
	switch {
	case low:
		return look(strings.Join(seen, "; "), "Wait for the reset before large reads: OneLogin's calls are shared "+
			"by everything that uses the account's API.")
	case !s.Options.Facts.Source.Budget.Known && (!s.Options.Facts.Source.Answered ||
		!s.Options.Facts.Target.Budget.Known):
		return unknown(strings.Join(seen, "; "), "Run doctor when OneLogin answers.")
	}
	return fine(strings.Join(seen, "; "))
}
