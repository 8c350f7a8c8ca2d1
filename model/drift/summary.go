package drift

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Health is how a connection stood when it was last read: what remains to be said of it while it is not open.
type Health struct {
	// At is as of when it holds.
	At time.Time `json:"at"`
	// Complete says whether every part of both sides was read, or left out by the configuration.
	Complete bool `json:"complete"`
	// Findings counts the findings by the name of their severity.
	Findings map[string]int `json:"findings"`
}

// Complete reports whether every part of both sides was read, or left out by the configuration.
func (c *Comparison) Complete() bool {
	return c.Source.Coverage.Complete(model.SourceParts()) && c.Target.Coverage.Complete(model.TargetParts())
}

// Health sums a comparison up.
func (c *Comparison) Health() Health {
	h := Health{At: c.AsOf(), Complete: c.Complete(), Findings: map[string]int{}}
	for i := range c.Findings {
		h.Findings[c.Findings[i].Severity.String()]++
	}
	return h
}

// UnsettledRecord is a record of which nothing is known, and why.
type UnsettledRecord struct {
	Subject model.Subject
	Why     string
	// OnlyMembers: of a group, nothing but who is in it is open.
	OnlyMembers bool
	// Kind is that of the finding about the record whose sources contradict each other; else empty.
	Kind model.Kind
}

// UnsettledRecords lists the users, or groups, of which nothing is known. Of a target's groups that are skipped none
// is.
func (c *Comparison) UnsettledRecords(of model.SubjectType) (out []UnsettledRecord) {
	if of == model.SubjectGroup && c.Target.Coverage[model.PartGroups].State == model.Skipped {
		return nil
	}
	list, pairing, subject := &c.verdicts.groups, &c.Groups, c.GroupSubject
	if of == model.SubjectUser {
		list, pairing, subject = &c.verdicts.users, &c.Users, c.UserSubject
	}
	add := func(v *Verdict, s, t int32) {
		out = append(out, UnsettledRecord{subject(s, t), v.Why, v.onlyMembersOpen(), v.Kind})
	}
	for s, v := range list[0] {
		if v.Relation == model.Unsettled {
			add(v, int32(s), pairing.ToTarget[s])
		}
	}
	for t, v := range list[1] {
		if v.Relation == model.Unsettled && pairing.ToSource[t] == model.None {
			add(v, model.None, int32(t))
		}
	}
	return out
}

// UnsettledForReason are the records of one type that are not settled for one reason, of which no finding says so.
type UnsettledForReason struct {
	Type        model.SubjectType
	OnlyMembers bool
	Why         string
	Subjects    []model.Subject
}

// UnsettledByReason gives each reason once, those about users first.
func (c *Comparison) UnsettledByReason() (out []UnsettledForReason) {
	records := append(c.UnsettledRecords(model.SubjectUser), c.UnsettledRecords(model.SubjectGroup)...)
	for s, v := range c.verdicts.groups[0] {
		if v.membersOpen != "" && v.Relation != model.Unsettled { // another finding tells of the group
			records = append(records, UnsettledRecord{
				c.GroupSubject(int32(s), c.Groups.ToTarget[s]), v.membersOpen, true, "",
			})
		}
	}
	at := map[UnsettledRecord]int{}
	for _, r := range records {
		if r.Kind != "" {
			continue
		}
		reason := r
		reason.Subject = model.Subject{Type: r.Subject.Type}
		i, known := at[reason]
		if !known {
			i = len(out)
			at[reason] = i
			out = append(out, UnsettledForReason{Type: r.Subject.Type, OnlyMembers: r.OnlyMembers, Why: r.Why})
		}
		out[i].Subjects = append(out[i].Subjects, r.Subject)
	}
	return out
}

// AsOf is when the older side was read, or the source's log showed that it still holds; zero if that is not known.
func (c *Comparison) AsOf() time.Time {
	source, target := c.Source.ReadAt, c.Target.ReadAt
	if c.Source.Unchanged.After(source) {
		source = c.Source.Unchanged
	}
	if source.IsZero() || !target.IsZero() && target.Before(source) {
		return target
	}
	return source
}

// AsProvisional is the comparison as it may be shown before its load has ended: what was found so far, of which nothing
// is certain and for which nothing is offered. The one it is called on stays as it is.
func (c *Comparison) AsProvisional() *Comparison {
	early := *c
	early.Provisional = true
	early.Findings = slices.Clone(c.Findings)
	for i := range early.Findings {
		f := &early.Findings[i]
		f.Provisional, f.Confidence, f.Repairs = true, model.Unsure, nil
	}
	return &early
}

// FindingIDs are the ids of all findings, the worst first.
func (c *Comparison) FindingIDs() []string {
	return model.Map(c.Findings, func(f *model.Finding) string { return f.ID })
}

// Gap is a part that was not read completely.
type Gap struct {
	Side     model.Side
	Part     model.Part
	Coverage model.Coverage
}

// Gaps lists what was not read completely.
func (c *Comparison) Gaps() (out []Gap) {
	coverages := c.Coverages()
	for _, side := range model.Sides() {
		for _, p := range side.Parts() {
			if read := coverages[side][p]; !read.Settled() {
				out = append(out, Gap{side, p, read})
			}
		}
	}
	return out
}

// UnreadParts are the parts of one side that were not read completely for one reason: a side that is down says the same
// of each.
type UnreadParts struct {
	Side     model.Side
	Parts    string // such as "users, groups"
	Coverage model.Coverage
}

// GapsByReason gives each reason once.
func GapsByReason(gaps []Gap) (out []UnreadParts) {
	for _, g := range gaps {
		i := slices.IndexFunc(out, func(u UnreadParts) bool { return u.Side == g.Side && u.Coverage == g.Coverage })
		if i < 0 {
			out = append(out, UnreadParts{g.Side, g.Part.String(), g.Coverage})
			continue
		}
		out[i].Parts += ", " + g.Part.String()
	}
	return out
}

// Shortfalls lists the parts of which a later read knows less than an earlier one, as the later one has them; none
// where it can take its place. Of two reads that got only a part of a list, for different reasons, the one with fewer
// records knows less; for the same reason, such as an endpoint that ends every list after 50 rows, they know the same.
func Shortfalls(earlier, later *Comparison) (out []Gap) {
	was, is, had, has := earlier.Coverages(), later.Coverages(), earlier.recordCounts(), later.recordCounts()
	for _, side := range model.Sides() {
		for _, p := range side.Parts() {
			before, now := was[side][p], is[side][p]
			less := coverageRank(now) < coverageRank(before)
			if before.State == model.Partial && now.State == model.Partial && before.Reason != now.Reason {
				less = has[side][p] < had[side][p]
			}
			if less {
				out = append(out, Gap{side, p, now})
			}
		}
	}
	return out
}

// recordCounts counts what was read of each part of both sides.
func (c *Comparison) recordCounts() [2][model.PartCount]int {
	s, t := &c.Source, &c.Target
	return [2][model.PartCount]int{
		{len(s.Users), len(s.Groups), s.Members.Total(), len(s.Rules), len(s.Events)},
		{len(t.Users), len(t.Groups), t.Members.Total()},
	}
}

// Coverages are those of source and target.
func (c *Comparison) Coverages() [2]model.Coverages {
	return [2]model.Coverages{c.Source.Coverage, c.Target.Coverage}
}

// coverageRank ranks how much a coverage says. What the configuration leaves out says as little as what could not be
// read.
func coverageRank(c model.Coverage) int {
	if c.State == model.Skipped {
		return 0
	}
	return c.Rank()
}

// KnowsSomething reports whether any part of either side was read at all.
func (c *Comparison) KnowsSomething() bool {
	return slices.ContainsFunc(slices.Concat(c.Source.Coverage[:], c.Target.Coverage[:]),
		func(part model.Coverage) bool { return coverageRank(part) > 0 })
}

// Summary is what can be said of a comparison before it is there again.
type Summary struct {
	Health

	// Users are those of the source who have the app, and of the target.
	Users [2]int `json:"users"`
	// First are the worst findings.
	First []SummaryLine `json:"first"`
}

// SummaryLine is one finding of a summary. Name is raw.
type SummaryLine struct {
	Severity string      `json:"severity"`
	Kind     model.Kind  `json:"kind"`
	Name     string      `json:"name"`
	Cause    model.Cause `json:"cause"`
}

// maxSummaryLines is about what a large screen shows at once.
const maxSummaryLines = 60

// Summary sums a comparison up.
func (c *Comparison) Summary() Summary {
	s := Summary{Health: c.Health(), Users: [2]int{c.Source.Totals().Users, len(c.Target.Users)}}
	for i := range c.Findings[:min(len(c.Findings), maxSummaryLines)] {
		f := &c.Findings[i]
		s.First = append(s.First, SummaryLine{f.Severity.String(), f.Kind, f.Subject.Name, f.Cause})
	}
	return s
}

// Watch is how a running load tells what it does. Either may be nil, is called from any goroutine and waits for nobody.
type Watch struct {
	// Part tells where one part of one side stands. Only the last word on each part counts.
	Part func(model.Progress)
	// Interim hands over a comparison to show before the load has ended; of what is being read the coverage is unknown.
	Interim func(*Comparison)
}
