package runbook

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// button is a handoff that is needed only while something is wrong, and done when OneLogin's log or a run of ours shows
// it. It can be pressed again: OneLogin takes its time, and a refresh may need a second try.
type button struct {
	repair    model.RepairName
	eventType int
	place     model.Place
	// since is from when on a press counts.
	since func(*Case) time.Time
}

func sinceCaseBegun(c *Case) time.Time { return c.logTime(c.Begun) }

func anyTime(*Case) time.Time { return time.Time{} }

func judgeRefresh(of problemFinder) func(*Case) Verdict {
	return button{
		model.RefreshEntitlements, model.EventEntitlementsRefresh, model.PlaceEntitlements, sinceCaseBegun,
	}.judge(of)
}

// judgeReapply has to follow the last edit of the app, whatever else it follows: a press before it applied something
// else.
func judgeReapply(of problemFinder, since func(*Case) time.Time) func(*Case) Verdict {
	edited := func(c *Case) time.Time {
		at := since(c)
		if edits := c.Comparison.Source.EditsSince(); len(edits) > 0 && edits[0].At.After(at) {
			at = edits[0].At
		}
		return at
	}
	return button{model.ReapplyMappings, model.EventReapplied, model.PlaceReapply, edited}.judge(of)
}

// judgeReapplyAfterRefresh is a reapply that has to follow the refresh: before it OneLogin pushes by wrong memory.
func judgeReapplyAfterRefresh(of problemFinder) func(*Case) Verdict {
	return func(c *Case) Verdict {
		v := judgeReapply(of, (*Case).lastRefresh)(c)
		if v.State == Done && judgeRefresh(of)(c).State == Open {
			v.State, v.Seen = Open, v.Seen+"; that was before the refresh"
		}
		return v
	}
}

func (b button) judge(of problemFinder) func(*Case) Verdict {
	return func(c *Case) Verdict {
		wrong, unread := of(c)
		at, seen, pressed := c.lastPressed(b.repair, b.eventType, b.since(c))
		v := Verdict{Place: b.place}
		if len(wrong) > 0 {
			if v.Picks = picksFor(wrong, model.Console, b.repair); len(v.Picks) == 0 {
				v.Picks = appButton(b.repair)
			}
		}
		refresh := b.repair == model.RefreshEntitlements
		switch remembered := c.rememberedGroups(wrong); {
		case pressed && refresh && len(remembered) > 0 && !c.Comparison.Source.ReadAt.Before(at):
			v.State, v.Seen = Open,
				seen+"; OneLogin still remembers "+firstNames(remembered)+", and a refresh is known to "+
					"need a second try"
		case pressed && refresh: // what it should mend takes a reapply as well
			v.State, v.Seen = Done, seen
		case pressed && len(wrong) > 0:
			v.State, v.Seen = Done, seen+"; still wrong: "+subjectNames(wrong)+"; it may take a while, or have to be "+
				"pressed again"
		case pressed:
			v.State, v.Seen = Done, seen
		case len(wrong) > 0:
			v.State, v.Seen = Open, "not right yet: "+subjectNames(wrong)
		case unread != "":
			v.Seen = unread
		default:
			v = Verdict{State: Needless, Seen: "nothing is missing"}
		}
		return v
	}
}

// rememberedGroups are the groups at fault that OneLogin's list of groups names, though they are not at the target.
// Nobody documents that this list is the cache: it can call for a second refresh, and proves none.
func (c *Case) rememberedGroups(wrong []*model.Finding) (out []string) {
	for _, f := range wrong {
		same := func(name string) bool { return model.SameName(name, f.Subject.Name) }
		if f.Kind == model.GroupMissing && slices.ContainsFunc(c.Comparison.Source.Entitlements, same) {
			out = append(out, f.Subject.Name)
		}
	}
	return out
}

// appButton is a button that is pressed though no finding asks for it.
func appButton(repair model.RepairName) []model.Pick {
	return []model.Pick{{Option: model.Option{Repair: repair, Channel: model.Console}}}
}
