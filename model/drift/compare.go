// Package drift compares both sides: it pairs their records, gives each its verdict, and names every difference as a
// finding with its cause. It holds the evidence table: what findings rest on and what could refute them.
package drift

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// Options say how a connection is compared.
type Options struct {
	Groups rules.GroupsConfig `json:"groups"`
	// Fields are the compared attributes.
	Fields model.FieldSet `json:"fields"`
	// Nudge: the connection names an attribute that may be written, so that reapply can be offered over the public API.
	Nudge bool `json:"nudge"`
	// Facts are what only the wire, configuration and a probe tell; Locate leads to a place of an app, or is nil.
	Facts model.Facts `json:"-"`
	// Replies are the direct questions that the load asked; see Comparison.Questions.
	Replies model.Replies                                  `json:"-"`
	Locate  func(app string, p model.Place) model.Location `json:"-"`
	// Checks runs the set-up checks over what was found: setup.Check, or nil to leave them out.
	Checks func(*Comparer) `json:"-"`
}

// Comparison is both sides, how their records pair, and every difference between them.
type Comparison struct {
	Source rules.Source
	Target model.Directory
	Users  Pairing
	Groups Pairing
	// Stranded are the account assignments that hang on groups which are gone, by the ids of these.
	Stranded []model.Stranded
	// StrandedRead: they were looked for; StrandedUnread is why not, or why there may be more.
	StrandedRead   bool
	StrandedUnread string
	// Checks are those of the set-up, in the order in which they are shown.
	Checks []model.Check
	// TargetURL is the SCIM base URL as OneLogin needs it, without a slash at its end; empty where it is not known.
	TargetURL string
	// Skew is how far our clock is ahead of the source's, as far as that is known.
	Skew time.Duration
	// TokenEnd is when the connection's SCIM token ends, as far as that is known.
	TokenEnd model.TokenEnd
	// Nudge: reapply can be offered over the public API; see Options.
	Nudge bool
	// Findings, the worst first, in an order that depends on the two sides only.
	Findings []model.Finding
	// Notes are sentences on what was left out beside the coverage, such as provisioning states over the budget.
	Notes []string
	// Replies are the direct questions that the load asked, with what was answered.
	Replies model.Replies
	// Provisional: the load has not ended. What it found is shown, without confidence or repair.
	Provisional bool

	verdicts verdicts
}

// Compare pairs both sides and names every difference. It is the only comparison there is: the board, the reports,
// plans and the verification after a run all use it.
//
// A part that was not read completely never makes a finding that its missing records would disprove, nor offers a
// repair that takes something away on the strength of it.
func Compare(src rules.Source, tgt model.Directory, opts Options) *Comparison {
	src = src.AllowNamed(tgt.Groups, opts.Groups)
	c := newComparer(Comparison{
		Source: src, Target: tgt, Replies: opts.Replies, TokenEnd: opts.Facts.Token.End(tgt.Kind),
		TargetURL: strings.TrimRight(opts.Facts.TargetURL, "/"), Skew: opts.Facts.Source.Skew,
		Nudge: opts.Nudge,
		Users: PairUsers(src.Users, tgt.Users), Groups: PairGroups(src.Groups, tgt.Groups),
	}, opts)
	c.initVerdicts()
	c.contestRenamedRoles()
	c.pairRenamedRoles()
	c.Groups.matchLookAlikes(groupRecords(src.Groups), groupRecords(tgt.Groups), func(int32) bool { return true })
	c.compareUsers()
	c.compareGroups()
	c.compareMembers()
	c.compareRules()
	c.findStranded()
	if opts.Checks != nil {
		opts.Checks(c)
	}
	nameFindings(c.Findings)
	c.settleVerdicts()
	return &c.Comparison
}

// Comparer is a Comparison in the making.
type Comparer struct {
	Comparison

	Options Options
	events  eventIndex
	// holderIndex finds who holds a name at the target; nil until somebody asks.
	holderIndex *holderIndex
	// rolesByUser are the roles whose lists show a user, by id, of those about whom it matters; nil until asked.
	rolesByUser map[string][]*model.Role
	// roles are those of the source by id, and roleChanges those that all roles, asked again, show otherwise; or nil.
	roles       map[string]*model.Role
	roleChanges []changedRole
	// roleIDsByGroup are the ids of roles by the folded name of the group that they would yield; nil until somebody
	// asks.
	roleIDsByGroup map[string][]string
	// targetHasExternalIDs: users of the target have external ids. targetHasRoleIDs: groups of it have those of roles.
	targetHasExternalIDs, targetHasRoleIDs bool
	// deniedClaims are the claims that an answer denied of some record.
	deniedClaims []claim
	// answeredKeys names the users who have a key by their own record.
	answeredKeys map[recordKey]string
	// provenanceByRole is what earlier readings say of groups by their only role; nil until somebody asks.
	provenanceByRole map[string][]*model.Provenance
	// proofs is what shows where a stray group came from.
	proofs proofs
}

func newComparer(c Comparison, opts Options) *Comparer {
	x := &Comparer{
		Comparison: c, Options: opts, events: indexEvents(c.Source.Events, c.Source.App.ID),
		roles: model.By(c.Source.Roles, func(r *model.Role) string { return r.ID }),
	}
	x.findExternalIDs()
	return x
}

// SourceRead reports whether a part of the source was read in full, and TargetRead one of the target.
func (c *Comparer) SourceRead(p model.Part) bool { return c.Source.Coverage[p].Complete() }

// TargetRead reports whether a part of the target was read in full.
func (c *Comparer) TargetRead(p model.Part) bool { return c.Target.Coverage[p].Complete() }

// SourceUnread says what of some parts of the source was not read in full; "" if all was.
func (c *Comparison) SourceUnread(parts ...model.Part) string {
	return unreadParts(model.AtSource, c.Source.Coverage, model.Coverage.Complete, parts)
}

// TargetUnread is as SourceUnread.
func (c *Comparison) TargetUnread(parts ...model.Part) string {
	return unreadParts(model.AtTarget, c.Target.Coverage, model.Coverage.Complete, parts)
}

// SourceUnsettled is as SourceUnread of parts that the configuration may say to do without.
func (c *Comparison) SourceUnsettled(parts ...model.Part) string {
	return unreadParts(model.AtSource, c.Source.Coverage, model.Coverage.Settled, parts)
}

// TargetUnsettled is as SourceUnsettled.
func (c *Comparison) TargetUnsettled(parts ...model.Part) string {
	return unreadParts(model.AtTarget, c.Target.Coverage, model.Coverage.Settled, parts)
}

func unreadParts(side string, coverage model.Coverages, good func(model.Coverage) bool, parts []model.Part) string {
	for _, p := range parts {
		if !good(coverage[p]) {
			return fmt.Sprintf("not all %s of the %s were read: %s", p, side,
				cmp.Or(coverage[p].Reason, coverage[p].State.String()))
		}
	}
	return ""
}

// addFinding completes a finding by the evidence table and keeps it.
func (c *Comparer) addFinding(f model.Finding) {
	f.Severity = cmp.Or(f.Severity, kindTable[f.Kind].severity)
	f.Cause = cmp.Or(f.Cause, model.CauseUnknown)
	c.setConfidence(&f)
	f.Repairs = repairsFor(&f, c.Options.Nudge)
	c.recordVerdict(&f)
	c.Findings = append(c.Findings, f)
}

// newFinding begins a finding about a user or group, or a pair of them; s or t may be None.
func (c *Comparer) newFinding(kind model.Kind, s, t int32, sure model.Confidence) model.Finding {
	subject := c.GroupSubject
	if strings.HasPrefix(string(kind), "user-") {
		subject = c.UserSubject
	}
	return model.Finding{Kind: kind, Confidence: sure, Subject: subject(s, t), Source: s, Target: t}
}

// addDuplicate completes a finding about a pair that others claim: by what it was matched, who they are and why.
func (c *Comparer) addDuplicate(
	f model.Finding, pairing *Pairing, source, target func(int32) string, why []model.Evidence,
) {
	f.Cause = model.CauseDuplicate
	for _, other := range pairing.Contests[f.Source].Sources {
		f.Members = append(f.Members, source(other))
	}
	for _, other := range pairing.Contests[f.Source].Targets {
		f.Members = append(f.Members, target(other))
	}
	slices.Sort(f.Members)
	f.Members = slices.Compact(f.Members) // of two that swap names each is on both sides
	f.Evidence = append([]model.Evidence{{What: "matched by " + pairing.Basis[f.Source].String()}}, why...)
	c.addFinding(f)
}

// UserSubject names a pair of users by the source where there is one, and by what it has where it has no name.
func (c *Comparison) UserSubject(s, t int32) model.Subject {
	subject := model.Subject{Type: model.SubjectUser}
	var src, tgt *model.User
	if t != model.None {
		tgt = &c.Target.Users[t]
		subject.TargetID = tgt.ID
	}
	if s != model.None {
		src = &c.Source.Users[s]
		subject.SourceID = src.ID
	}
	subject.Name = model.CalledTogether(src, tgt)
	return subject
}

// GroupSubject names a pair of groups, either of which may be None.
func (c *Comparison) GroupSubject(s, t int32) model.Subject {
	subject := model.Subject{Type: model.SubjectGroup}
	if t != model.None {
		g := &c.Target.Groups[t]
		subject.Name, subject.TargetID = g.Called(), g.ID
	}
	if s != model.None {
		g := &c.Source.Groups[s]
		subject.Name, subject.SourceID = g.Called(), g.ID
	}
	return subject
}

// AppSubject is what findings about the whole connection are about.
func (c *Comparison) AppSubject() model.Subject {
	return model.Subject{Type: model.SubjectConnection, Name: cmp.Or(c.Source.App.Name, c.Source.Name, "connection")}
}

// nameFindings gives every finding its id and puts all in order: the worst first, then by kind and name. Both depend on
// the two sides only. The ids come first by a total order, so that equal names get the same ones.
func nameFindings(findings []model.Finding) {
	rank := make(map[model.Kind]int, len(model.Kinds()))
	for i, k := range model.Kinds() {
		rank[k] = i
	}
	keys := make([]string, len(findings))
	for i := range findings {
		f := &findings[i]
		// The tilde parts name and target id, so it must not stand in a name.
		keys[i] = string(f.Kind) + "/" + strings.ReplaceAll(url.PathEscape(model.Fold(f.Subject.Name)), "~", "%7E")
	}
	count := make(map[string]int, len(keys))
	for _, k := range keys {
		count[k]++
	}
	for i := range findings {
		f := &findings[i]
		f.ID = keys[i]
		if count[keys[i]] > 1 {
			f.ID += "~" + url.PathEscape(cmp.Or(f.Subject.TargetID, f.Subject.SourceID))
		}
	}
	slices.SortFunc(findings, func(a, b model.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(rank[a.Kind], rank[b.Kind]),
			model.ByFolded(a.Subject.Name, b.Subject.Name), cmp.Compare(a.ID, b.ID))
	})
}
