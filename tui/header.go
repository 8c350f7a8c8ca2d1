package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// titleLine says where this is and how far it can be relied on.
func (a *app) titleLine() string {
	left := " scimdrift " + a.theme.Frame.On("▌"+a.context().Name()+"▐")
	if a.opts.Still != "" {
		left += "  " + a.theme.Chosen.On(" snapshot ")
	}
	if a.opts.ReadOnly {
		left += "  read-only"
	}
	if a.Set != nil {
		if warning := a.Set.Comparison.TokenEnd.Warning(a.now); warning != "" {
			left += "  " + a.theme.Bad.On(warning)
		}
	}
	const between = " · "
	status := a.readStatus()
	all := append(slices.Clone(status), a.budgetTexts()...)
	for n := range status { // the findings stand below by severity too, so that they give way to it
		needed := strings.Join(status[:len(status)-n], between)
		for _, counted := range a.findingCounts() {
			with := left + "  " + counted
			if room := a.width - style.Width(with) - 2; style.Width(needed) <= room {
				return style.Between(with, style.Fill(all, between, room)+" ", a.width)
			}
		}
	}
	return style.Between(left, style.Fill(all, between, max(a.width-style.Width(left)-2, 0))+" ", a.width)
}

// findingCounts says how many findings there are, and of how many causes where there is room.
func (a *app) findingCounts() []string {
	if a.Set == nil || len(a.Set.Comparison.Findings) == 0 {
		return nil
	}
	short := a.theme.Title.On(style.Count(len(a.Set.Comparison.Findings), "finding"))
	long := short + " · " + style.Count(len(a.Set.Groups), "cause")
	if trend := a.trendLine(); trend != "" {
		return []string{long + " · " + trend, long, short}
	}
	return []string{long, short}
}

// readStatus says how complete and fresh is what shows, what matters most first.
func (a *app) readStatus() (parts []string) {
	spent := style.Span(a.context().Now.Sub(a.Fetch.Began))
	switch {
	case a.opts.Still != "" && a.Set != nil:
		parts = append(parts, "as it was "+a.ageText()+", not as it is")
	case a.Fetch.Look && a.Fetch.Active:
		parts = append(parts, "looking again")
	case a.Fetch.Active && a.Fetch.Subject != nil:
		parts = append(parts, "reading "+style.Cut(style.Name(a.Fetch.Subject.Name), 24)+" again")
	case a.Fetch.Active && a.AllRead():
		parts = append(parts, "reading details, "+spent+a.cancelHint("stops"))
	case a.Fetch.Active:
		parts = append(parts, "reading, "+spent+a.cancelHint("cancels"))
	}
	if gaps := len(a.Gaps()); a.Set != nil && (!a.Interim || a.Late != nil) && a.opts.Still == "" {
		switch {
		case a.Fetch.Active:
			parts = append(parts, "what shows was read "+a.ageText())
		case a.Late != nil:
			parts = append(parts, a.theme.Bad.On("stale: read "+a.ageText()+", the reload "+
				a.context().Ago(a.Late.At)+" "+a.Late.Word), a.retryText())
		case gaps > 0:
			parts = append(parts, a.theme.Bad.On("incomplete: "+style.Count(gaps, "part")+" not read"),
				"read "+a.ageText()+", "+a.keyFor("reload")+" reads again")
		default:
			parts = append(parts, a.theme.Good.On("●")+" live, complete", "read "+a.ageText())
		}
		if watched := a.watchText(); watched != "" {
			parts = append(parts, watched)
		}
	}
	return parts
}

// cancelHint names the key that ends a read, where it does: on a job's screen it would stop the job.
func (a *app) cancelHint(does string) string {
	if !a.canCancelFetch() {
		return ""
	}
	return " · " + a.keyFor("close") + " " + does
}

func (a *app) budgetTexts() (texts []string) {
	for side, b := range a.outside.Budgets() {
		if b.Known {
			texts = append(texts, a.budgetText(model.Side(side), b))
		}
	}
	return texts
}

func (a *app) budgetText(side model.Side, b model.Budget) string {
	const cells = 10
	text := fmt.Sprintf("%s %s calls left", style.Name(a.opts.Sides[side].Short), style.Number(b.Remaining))
	if a.width >= wideTerminal {
		text += " " + style.Bar(b.Remaining, b.Limit, cells)
	}
	if wait := b.Reset.Sub(a.context().Now); b.Remaining == 0 && wait > 0 {
		text += ", more in " + style.Span(wait)
	}
	return text
}

// ageText says how old the older side is.
func (a *app) ageText() string { return a.context().Ago(a.ReadAt()) }

// severityLine counts the findings by severity, and says how the sizes of both sides add up.
func (a *app) severityLine() string {
	left := " " + a.severityTotals(a.width-2)
	if changes := a.changesText(); changes != "" {
		left = style.Cut(left+"  "+a.theme.Chosen.On(" "+changes+" "), a.width-1)
	}
	if a.Set == nil || a.Interim {
		return left
	}
	sizes := model.Map(a.Set.Sizes, func(phrase *string) string { return style.Name(*phrase) })
	return style.Between(left, style.FillCut(sizes, " · ", a.width-style.Width(left)-4)+" ", a.width)
}

// sideLine says of each side what was read of it, one beside the other.
func (a *app) sideLine() string {
	half := a.width / 2
	return style.Fit(" "+a.sideText(model.SourceSide, half-2), half) + style.Fit(" "+
		a.sideText(model.TargetSide, a.width-half-2), a.width-half)
}

// sideText names a side and counts what was read of it, or says how far the read is.
func (a *app) sideText(sideText model.Side, width int) string {
	n := a.opts.Sides[sideText]
	name := style.Cut(style.Name(n.Short), max(width/2, 1))
	if long := style.Name(n.Title); a.width >= wideTerminal {
		name = style.Cut(long, width/3)
	}
	details := style.Name(n.Detail)
	if asOf := a.asOfText(sideText); asOf != "" {
		name, details = name+asOf, "no event since"
	}
	room := max(width-style.Width(name)-2, 0)
	text := a.sideCounts(sideText, room)
	if a.Loading() && !a.AllRead() && a.Known() != nil { // what is known stays below, how far the read is stands here
		text = a.SideProgress(a.context(), sideText, room)
	}
	detail := ""
	if rest := room - style.Width(text) - 1; rest > 12 || rest >= style.Width(details) {
		detail = " " + style.Cut(details, rest)
	}
	return a.theme.Title.On(name) + a.theme.Faint.On(detail) + "  " + text
}

// isSideUnread: neither its users nor its groups could be read.
func (a *app) isSideUnread(side model.Side) bool {
	c := a.Set.Directory(side).Coverage
	return c[model.PartUsers].State == model.Unknown && c[model.PartGroups].State == model.Unknown
}

func (a *app) sideCounts(side model.Side, width int) string {
	switch {
	case a.Loading() && !a.AllRead() && a.Known() == nil:
		return a.SideProgress(a.context(), side, width)
	case a.Set == nil:
		return a.theme.Faint.On("not read")
	case a.isSideUnread(side):
		why := style.Name(a.Set.Directory(side).Coverage[model.PartUsers].Reason)
		return a.theme.Bad.On(style.Cut("✗ not read: "+why, width))
	}
	n, c := a.Set.Sides[side], a.Set.Directory(side).Coverage
	var parts, wrong []string
	for _, p := range []struct {
		part model.Part
		n    int
		noun string
	}{
		{model.PartUsers, n.Users, "user"},
		{model.PartGroups, n.Groups, "group"},
		{model.PartMemberships, n.Memberships, "membership"},
	} {
		text := a.partCount(p.n, p.noun, c[p.part])
		if a.StalePart(side, p.part) {
			text = a.theme.Bad.On("!") + " " + text
		}
		if a.StalePart(side, p.part) || c[p.part].State == model.Unknown || c[p.part].State == model.Partial {
			wrong = append(wrong, text)
			continue
		}
		parts = append(parts, text)
	}
	if unread := a.Set.Sides[side].Unknown; side == model.TargetSide && unread > 0 &&
		c[model.PartMemberships].State == model.Partial {
		wrong = append(wrong, a.theme.Bad.On("? members of "+style.Count(unread, "group")))
	}
	for _, p := range []model.Part{model.PartRules, model.PartEvents} {
		switch {
		case a.StalePart(side, p):
			wrong = append(wrong, a.theme.Bad.On("! "+p.String()))
		case side == model.SourceSide && !c[p].Settled():
			wrong = append(wrong, a.theme.Bad.On("? "+p.String()))
		}
	}
	// What was not read comes first, so that it is not what there is no room for. A number that is cut is another one.
	return style.FillCut(append(wrong, parts...), " · ", width)
}

func (a *app) partCount(n int, noun string, c model.Coverage) string {
	switch c.State {
	case model.Unknown:
		return a.theme.Bad.On("? " + noun + "s")
	case model.Partial:
		return style.Count(n, noun) + " " + a.theme.Bad.On("(partial)")
	case model.Skipped:
		return a.theme.Faint.On(noun + "s skipped")
	case model.Complete:
	}
	return style.Count(n, noun)
}

// The trend in the header goes back so far, in so many columns at most.
const (
	trendPeriod     = 14 * 24 * time.Hour
	maxTrendColumns = 8
)

// trendLine draws how many findings the complete reads of the last days had, and says by how many they changed over
// all of them; empty where fewer than two reads are known.
func (a *app) trendLine() string {
	t := a.trend.Trend
	for len(t) > 0 && t[len(t)-1].At.Sub(t[0].At) > trendPeriod {
		t = t[1:]
	}
	if len(t) < 2 || t[len(t)-1].At.Sub(t[0].At) < time.Minute {
		return ""
	}
	from, last := t[0], t[len(t)-1]
	columns := min(len(t), maxTrendColumns)
	values := make([]int, columns)
	for i, at := 0, 0; i < columns; i++ {
		until := from.At.Add(last.At.Sub(from.At) * time.Duration(i) / time.Duration(columns-1))
		for at+1 < len(t) && !t[at+1].At.After(until) {
			at++
		}
		values[i] = t[at].Total()
	}
	return fmt.Sprintf("%s %s %+d", style.Span(last.At.Sub(from.At)), style.Sparkline(values),
		last.Total()-from.Total())
}
