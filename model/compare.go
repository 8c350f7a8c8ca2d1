package model

import "cmp"

// Options say how a connection is compared.
type Options struct {
	Groups GroupsConfig `json:"groups"`
	// Fields are the compared attributes.
	Fields FieldSet `json:"fields"`
	// Nudge: the connection names an attribute that may be written, so that reapply can be offered over the public API.
	Nudge bool `json:"nudge"`
	// Facts are what only the wire, the configuration and a probe tell; Locate leads to a place of an app and may be nil.
	Facts Facts `json:"-"`
	// Replies are the direct questions that the load asked; see Comparison.Questions.
	Replies Replies                            `json:"-"`
	Locate  func(app string, p Place) Location `json:"-"`
	// Checks runs the set-up checks over what was found: CheckSetup, or nil to leave them out.
	Checks func(*comparer) `json:"-"`
}

// Comparison is both sides, how their records pair, and every difference between them.
type Comparison struct {
	Source Source
	Target Directory
	Users  Pairing
	Groups Pairing
	// Stranded are the account assignments that hang on groups which are gone, by the ids of these.
	Stranded []Stranded
	// StrandedRead: they were looked for; StrandedUnread is why not, or why there may be more.
	StrandedRead   bool
	StrandedUnread string
	// Checks are those of the set-up, in the order in which they are shown.
	Checks []Check
	// TokenEnd is when the connection's SCIM token ends, as far as that is known.
	TokenEnd TokenEnd
	// Findings, the worst first, in an order that depends on the two sides only.
	Findings []Finding
	// Notes are sentences on what was left out beside the coverage, such as provisioning states over the budget.
	Notes []string
	// Replies are the direct questions that the load asked, with what was answered.
	Replies Replies
	// Provisional: the load has not ended. What it found is shown, without confidence or repair.
	Provisional bool
	// Unsettled counts what was left open because a part was not read.
	Unsettled UnsettledCounts

	verdicts verdicts
}

// UnsettledCounts counts records of which nothing was said because the part that would decide was not read completely.
type UnsettledCounts struct{ Users, Groups, Memberships int }

// Compare pairs both sides and names every difference. It is the only comparison there is: the board, the reports, plans
// and the verification after a run all use it.
//
// A part that was not read completely never makes a finding that its missing records would disprove, nor offers a
// repair that takes something away on the strength of it.
func Compare(src Source, tgt Directory, opts Options) *Comparison {
	src = src.allowNamed(tgt.Groups, opts.Groups)
	c := &comparer{
		Comparison: Comparison{
			Source: src, Target: tgt, Replies: opts.Replies, TokenEnd: opts.Facts.Token.End(tgt.Kind),
			Users: PairUsers(src.Users, tgt.Users), Groups: PairGroups(src.Groups, tgt.Groups),
		},
		opts:   opts,
		events: indexEvents(src.Events, src.App.ID),
	}
	c.begin()
	c.contestRenamed()
	c.joinRenamed()
	c.Groups.matchLookAlikes(groupRecords(src.Groups), groupRecords(tgt.Groups),
		func(s int32) string { return src.Groups[s].Name },
		func(t int32) string { return tgt.Groups[t].Name }, func(int32) bool { return true })
	c.users()
	c.groups()
	c.members()
	c.rules()
	c.findStranded()
	if opts.Checks != nil {
		opts.Checks(c)
	}
	nameFindings(c.Findings)
	c.conclude()
	return &c.Comparison
}

// comparer is a Comparison in the making.
type comparer struct {
	Comparison

	opts   Options
	events eventIndex
	// held finds who holds a name at the target; nil until somebody asks.
	held *holders
	// listing are the roles whose lists show a user, by id, of those users about whom it matters; nil until somebody
	// asks.
	listing map[string][]*Role
	// roles are those of the source by id, and changed those that all roles, asked for once more, show otherwise; nil
	// until somebody asks.
	roles   map[string]*Role
	changed []changedRole
	// idsCarried is whether users of the target have external ids; Unsaid until somebody asks.
	idsCarried Tri
	// proofs is what shows where a stray group came from.
	proofs proofs
}

func (c *comparer) source(p Part) bool { return c.Source.Coverage[p].Complete() }
func (c *comparer) target(p Part) bool { return c.Target.Coverage[p].Complete() }

// settled reports whether a source part was read or the configuration says to do without it.
func (c *comparer) settled(p Part) bool {
	return c.source(p) || c.Source.Coverage[p].State == Skipped
}

// add completes a finding by the evidence table and keeps it.
func (c *comparer) add(f Finding) {
	f.Severity = cmp.Or(f.Severity, severities[f.Kind])
	f.Cause = cmp.Or(f.Cause, CauseUnknown)
	c.weigh(&f)
	f.Repairs = offer(&f, c.opts.Nudge)
	c.rule(&f)
	c.Findings = append(c.Findings, f)
}

// severities are the usual ones; user-lingering decides for itself.
var severities = map[Kind]Severity{ //nolint:gochecknoglobals // a constant table
	UserUnsynced: High, UserStillActive: Critical, UserInactive: High, UserRenamed: Medium, UserAttributes: Low,
	UserDuplicate: Medium, GroupDuplicate: Medium, GroupLingering: High, GroupUnclaimed: Info, GroupMissing: High,
	GroupRenamed: Medium, MembersMissing: High, MembersExtra: Critical, RuleRedundant: Medium, RuleOpaque: Info,
	AssignmentsStranded: High,
}

// UserSubject and GroupSubject name the record by the source where there is one, and by what it has where it has no
// name.
func (c *Comparison) UserSubject(s, t int32) Subject {
	subject := Subject{Type: SubjectUser}
	var src, tgt *User
	if t != None {
		tgt = &c.Target.Users[t]
		subject.TargetID = tgt.ID
	}
	if s != None {
		src = &c.Source.Users[s]
		subject.SourceID = src.ID
	}
	subject.Name = calledTogether(src, tgt)
	return subject
}

// GroupSubject names a pair of groups, either of which may be None.
func (c *Comparison) GroupSubject(s, t int32) Subject {
	subject := Subject{Type: SubjectGroup}
	if t != None {
		g := &c.Target.Groups[t]
		subject.Name, subject.TargetID = g.Called(), g.ID
	}
	if s != None {
		g := &c.Source.Groups[s]
		subject.Name, subject.SourceID = g.Called(), g.ID
	}
	return subject
}
