package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Basis is what a pair was matched by.
type Basis uint8

// The bases, the strongest first. Groups use BasisName, BasisExternalID, BasisRename and BasisLookAlike.
const (
	NoBasis Basis = iota
	BasisExternalID
	BasisUserName
	BasisEmail
	BasisName
	// BasisRename: the log shows that the role of the source group had the target group's name before.
	BasisRename
	// BasisLookAlike: both are alone under names that look alike. Nothing is written or compared on the strength of it.
	BasisLookAlike
)

func (b Basis) String() string {
	return [...]string{
		"", "external id", "userName", "e-mail", "name", "the role's earlier name", "a name that only looks alike",
	}[b]
}

// Pairing says which records of both sides are the same user or group.
type Pairing struct {
	// ToTarget gives for each source record its target record, ToSource the reverse; None where there is none.
	ToTarget, ToSource []int32
	// Basis is what each source record was matched by.
	Basis []Basis
	// Contests lists the claims that were lost, by the source index of the pair that won.
	Contests map[int32]*Contest
	// LostSource and LostTarget mark the losers, which yield no other finding.
	LostSource, LostTarget map[int32]bool
}

// Contest is a pair that other records claim too.
type Contest struct {
	// Tied: the others claim it on the same basis, so that only the order of ids chose the pair, or another key of its
	// own speaks against it. Nothing more can be said of the pair.
	Tied bool
	// Sources and Targets are the others' indices, in the order of their ids. Those without a pair are its losers.
	Sources, Targets []int32
}

func newPairing(sources, targets int) Pairing {
	return Pairing{
		ToTarget: slices.Repeat([]int32{model.None}, sources), ToSource: slices.Repeat([]int32{model.None}, targets),
		Basis: make([]Basis, sources), Contests: map[int32]*Contest{}, LostSource: map[int32]bool{},
		LostTarget: map[int32]bool{},
	}
}

func (p *Pairing) join(s, t int32, basis Basis) {
	p.ToTarget[s], p.ToSource[t], p.Basis[s] = t, s, basis
}

func (p *Pairing) contestOf(s int32) *Contest {
	c := p.Contests[s]
	if c == nil {
		c = &Contest{}
		p.Contests[s] = c
	}
	return c
}

// IsTied reports whether only ids chose the pair of source record s, so that nothing more can be said of it.
func (p *Pairing) IsTied(s int32) bool {
	c := p.Contests[s]
	return c != nil && c.Tied
}

// records is one side as the matcher sees it: an order for ties, a name, and a key for each basis.
type records struct {
	byID func(a, b int32) int
	name func(int32) string
	key  func(int32, Basis) string
}

// match pairs what is still unpaired by one basis. Records without a key stay out; those that share one are paired in
// the order of their ids, and tied, so that the order in which records were read cannot show.
func (p *Pairing) match(src, tgt records, basis Basis, eligible func(s int32) bool) {
	unpaired := model.CountIf(p.ToSource, func(s int32) bool { return s == model.None })
	heads := make(map[string]int32, unpaired) // the first target with a key
	type tie struct{ sources, targets []int32 }
	ties := map[int32]tie{} // who else has the key of a head
	for t := range int32(len(p.ToSource)) {
		if p.ToSource[t] != model.None {
			continue
		}
		key := tgt.key(t, basis)
		if key == "" {
			continue
		}
		if head, ok := heads[key]; ok {
			ties[head] = tie{targets: append(ties[head].targets, t)}
		} else {
			heads[key] = t
		}
	}
	if len(heads) == 0 {
		return
	}
	for s := range int32(len(p.ToTarget)) {
		if p.ToTarget[s] != model.None || !eligible(s) {
			continue
		}
		switch head, ok := heads[src.key(s, basis)]; {
		case !ok:
		case p.ToSource[head] == model.None:
			p.join(s, head, basis)
		default:
			ties[head] = tie{append(ties[head].sources, s), ties[head].targets}
		}
	}
	for head, others := range ties {
		if s := p.ToSource[head]; s != model.None {
			p.ToTarget[s], p.ToSource[head], p.Basis[s] = model.None, model.None, NoBasis
			p.matchTied(src, tgt, basis, append(others.targets, head), append(others.sources, s))
		}
	}
}

func (p *Pairing) matchTied(src, tgt records, basis Basis, targets, sources []int32) {
	slices.SortFunc(targets, tgt.byID)
	slices.SortFunc(sources, src.byID)
	for i := range min(len(sources), len(targets)) {
		p.join(sources[i], targets[i], basis)
		c := p.contestOf(sources[i])
		c.Tied = true
		c.Sources = slices.Delete(slices.Clone(sources), i, i+1)
		c.Targets = slices.Delete(slices.Clone(targets), i, i+1)
	}
}

// ProvenIDs is how many groups paired by name must carry their role's id before an external id pairs others: fewer
// could be chance, and a wrong pair would rename a stranger's group.
const ProvenIDs = 3

// PairGroups matches groups by name; then by external id against the role ids, where enough name pairs show that this
// target carries role ids. One external id is enough to speak against a pair, in a tenant of any size.
func PairGroups(source, target []model.Group) Pairing {
	src, tgt := groupRecords(source), groupRecords(target)
	p := newPairing(len(source), len(target))
	all := func(int32) bool { return true }
	p.match(src, tgt, BasisName, all)
	if p.carriesRoleIDs(source, target) {
		p.matchByRoleID(source, target)
	}
	p.markLosers(src, tgt, []Basis{BasisName}, all)
	p.contestByRoleID(source, target)
	p.spreadTies()
	p.sortContests(src, tgt)
	return p
}

func (p *Pairing) carriesRoleIDs(source, target []model.Group) bool {
	proven := 0
	for s, t := range p.ToTarget {
		if t != model.None && slices.Contains(source[s].RoleIDs, target[t].ExternalID) {
			proven++
		}
	}
	return proven >= ProvenIDs
}

// matchByRoleID pairs by external id. A source group may have several roles, so its key is a set; where two leftover
// targets carry ids of one group's roles, the first role in order wins and markLosers finds the other.
func (p *Pairing) matchByRoleID(source, target []model.Group) {
	byRole := groupByRoleID(source)
	best := map[int32]int32{}
	for t := range int32(len(target)) {
		s, ok := byRole[target[t].ExternalID]
		if !ok || p.ToSource[t] != model.None || p.ToTarget[s] != model.None {
			continue
		}
		rank := func(t int32) int { return slices.Index(source[s].RoleIDs, target[t].ExternalID) }
		if other, taken := best[s]; !taken || rank(t) < rank(other) || rank(t) == rank(other) &&
			model.CompareIDs(target[t].ID, target[other].ID) < 0 {
			best[s] = t
		}
	}
	for s, t := range best {
		p.join(s, t, BasisExternalID)
	}
}

// contestByRoleID contests each pair by name of a record whose external id says otherwise: a group has the name that
// another has just given up, or two have swapped theirs, and which is meant is for the operator to say.
func (p *Pairing) contestByRoleID(source, target []model.Group) {
	byRole := groupByRoleID(source)
	for t := range int32(len(target)) {
		s, ok := byRole[target[t].ExternalID]
		if !ok || p.ToTarget[s] == t {
			continue
		}
		holder := p.ToSource[t]
		if p.ToTarget[s] != model.None {
			p.claimTarget(s, t)
		}
		if holder != model.None {
			p.claimSource(holder, s)
		}
	}
}

func groupByRoleID(source []model.Group) map[string]int32 {
	byRole := make(map[string]int32, len(source))
	for s := range source {
		for _, role := range source[s].RoleIDs {
			byRole[role] = int32(s)
		}
	}
	return byRole
}

func groupRecords(groups []model.Group) records {
	return records{
		byID: func(a, b int32) int { return model.CompareIDs(groups[a].ID, groups[b].ID) },
		name: func(i int32) string { return groups[i].Name },
		key:  func(i int32, _ Basis) string { return model.Fold(groups[i].Name) },
	}
}

// PairUsers matches users by external id, then userName, then e-mail; then what looks alike. Assigned source users go
// first: a target user is paired with an unassigned one only if no assigned one claims it.
func PairUsers(source, target []model.User) Pairing {
	src, tgt := userRecords(source), userRecords(target)
	p := newPairing(len(source), len(target))
	bases := []Basis{BasisExternalID, BasisUserName, BasisEmail}
	assigned := func(s int32) bool { return source[s].Assigned }
	for _, b := range bases {
		p.match(src, tgt, b, assigned)
	}
	p.markLosers(src, tgt, bases, assigned)
	// Most pairs agree to the letter, and need no folding to see that.
	differ := func(s int32, values func(*model.User) [2]string) bool {
		t := p.ToTarget[s]
		return assigned(s) && (t == model.None || values(&source[s]) != values(&target[t]))
	}
	email := func(s int32) bool {
		t := p.ToTarget[s]
		return differ(s, func(u *model.User) [2]string { return [2]string{u.Email} }) &&
			(t == model.None || !target[t].EmailUnsure)
	}
	p.contestRings(src, tgt, func(s int32) bool {
		return p.Basis[s] != BasisUserName && differ(s, func(u *model.User) [2]string { return [2]string{u.UserName} })
	})
	for s, c := range p.Contests {
		c.Tied = c.Tied || email(s) && p.keyDiffers(src, tgt, BasisEmail, s) || p.namesDenyPair(src, tgt, s)
	}
	p.contestByKey(src, tgt, BasisEmail, email)
	p.spreadTies()
	// The app's users go first here too: else one whom it does not list would make another's record a lingering one.
	p.matchLookAlikes(src, tgt, assigned)
	unassigned := func(s int32) bool { return !source[s].Assigned }
	unclaimed := tgt
	unclaimed.key = func(t int32, b Basis) string {
		if p.LostTarget[t] {
			return "" // already claimed by an assigned user
		}
		return tgt.key(t, b)
	}
	for _, b := range bases {
		p.match(src, unclaimed, b, unassigned)
	}
	// There are namesakes, so that names come last: they speak only of records that nobody else has a claim on.
	p.contestByKey(src, tgt, BasisName, func(s int32) bool {
		return differ(s, func(u *model.User) [2]string { return [2]string{u.GivenName, u.FamilyName} })
	})
	p.sortContests(src, tgt)
	return p
}

func userRecords(users []model.User) records {
	return records{
		byID: func(a, b int32) int { return model.CompareIDs(users[a].ID, users[b].ID) },
		name: func(i int32) string { return users[i].UserName },
		key: func(i int32, b Basis) string {
			switch u := &users[i]; b {
			case BasisExternalID:
				return u.ExternalID
			case BasisUserName:
				return model.Fold(u.UserName)
			case BasisEmail:
				return model.Fold(u.Email)
			case BasisName: // never pairs, for there are namesakes
				if given, family := model.Fold(u.GivenName), model.Fold(u.FamilyName); given != "" && family != "" {
					return given + "\x00" + family
				}
			case NoBasis, BasisRename, BasisLookAlike:
			}
			return ""
		},
	}
}
