package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Seal brings the plan into the one form that its JSON has too, and sets its checksum over everything else in it. A
// plan that cannot be written as JSON, because a body is none, keeps no checksum and is never intact.
func (p *Plan) Seal() {
	p.Normalise()
	p.Checksum = p.computeChecksum()
}

// Intact reports whether nothing in the plan has changed since it was sealed.
func (p *Plan) Intact() bool { return p.Checksum != "" && p.Checksum == p.computeChecksum() }

const codeLength = 6

// Code is the beginning of the checksum in capitals, short enough to be typed; empty for a plan that is not sealed.
func (p *Plan) Code() string {
	if len(p.Checksum) < codeLength {
		return ""
	}
	return strings.ToUpper(p.Checksum[:codeLength])
}

// Fingerprint turns some parts, such as the addresses of a connection, into 32 hex digits. Other parts give other
// digits, wherever one ends and the next begins.
func Fingerprint(parts ...string) string {
	const digits = 32
	h := sha256.New()
	for _, part := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		_, _ = h.Write(length[:])
		_, _ = h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))[:digits]
}

// computeChecksum is the SHA-256 of the plan's compact JSON with an empty checksum; empty if there is no such JSON.
func (p *Plan) computeChecksum() string {
	bare := *p
	bare.Checksum = ""
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(&bare) != nil { //nolint:errchkjson // a body can be no JSON
		return ""
	}
	return sha256Hex(b.Bytes())
}

func sha256Hex(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Sealed reports whether the compact JSON of a plan is what the checksum in it says. It goes by the text, which stays
// as it is in a journal, where Intact goes by all that this version knows of a plan.
func Sealed(text []byte) bool {
	var p struct {
		Checksum string `json:"checksum"`
	}
	if json.Unmarshal(text, &p) != nil || p.Checksum == "" {
		return false
	}
	bare := bytes.Replace(text, []byte(`"checksum":"`+p.Checksum+`"`), []byte(`"checksum":""`), 1)
	return p.Checksum == sha256Hex(append(bare, '\n'))
}

// Normalise makes equal what the JSON cannot tell apart, so that a plan that was printed and read again is the same
// value.
func (p *Plan) Normalise() {
	p.MadeAt, p.ReadAt = p.MadeAt.UTC().Round(0), p.ReadAt.UTC().Round(0)
	p.Picks = NoneIfEmpty(p.Picks)
	p.Steps = EmptyIfNone(p.Steps)
	p.Access = NoneIfEmpty(p.Access)
	p.LeftOut, p.Warnings = NoneIfEmpty(p.LeftOut), NoneIfEmpty(p.Warnings)
	p.Guard.Refusals, p.Guard.Overridden = EmptyIfNone(p.Guard.Refusals), NoneIfEmpty(p.Guard.Overridden)
	for i := range p.Steps {
		p.Steps[i].Normalise()
	}
}

// Normalise gives empty lists the one form in which they are sealed.
func (s *Step) Normalise() {
	s.Findings, s.After, s.Members = NoneIfEmpty(s.Findings), NoneIfEmpty(s.After), NoneIfEmpty(s.Members)
	s.Precondition, s.Afterwards = EmptyIfNone(s.Precondition), NoneIfEmpty(s.Afterwards)
	for _, conditions := range [][]Condition{s.Precondition, s.Afterwards} {
		for i := range conditions {
			conditions[i].Users = NoneIfEmpty(conditions[i].Users)
			conditions[i].OfRequest = false // it has been narrowed to the step's members by now
		}
	}
	if b := s.BlastRadius; b != nil {
		b.Members, b.Groups, b.Assignments = EmptyIfNone(b.Members), EmptyIfNone(b.Groups), EmptyIfNone(b.Assignments)
	}
	if r := s.Request; r != nil {
		if r.Headers == nil {
			r.Headers = map[string]string{}
		}
		r.Body = compactBody(r.Body)
	}
}

// compactBody gives nil for no body, which JSON writes as null: a DELETE must not go out with the word null.
func compactBody(body json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, body) != nil {
		if len(bytes.TrimSpace(body)) == 0 {
			return nil
		}
		return body
	}
	if b.String() == "null" {
		return nil
	}
	return b.Bytes()
}

// EmptyIfNone is the list, or an empty one where it is nil, which JSON would write as null.
func EmptyIfNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// NoneIfEmpty is the list, or nil where it is empty: both are written alike.
func NoneIfEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// ExpiresAt is until when the plan can be run: what it rests on was read before it was made.
func (p *Plan) ExpiresAt() time.Time {
	if p.ReadAt.Before(p.MadeAt) && !p.ReadAt.IsZero() {
		return p.ReadAt.Add(PlanLife)
	}
	return p.MadeAt.Add(PlanLife)
}

// clockSlack is how far in the future a plan may have been made: another machine's clock may be ahead of this one's.
const clockSlack = 5 * time.Minute

// Expired reports whether the plan is too old to be run, or was made so far in the future that its age cannot be told.
func (p *Plan) Expired(now time.Time) bool {
	return now.After(p.ExpiresAt()) || p.MadeAt.After(now.Add(clockSlack))
}

// ConfirmWord is what an operator must type, to the letter, before the plan runs, and a phrase that says so: the raw
// name of the one subject, else how many and what is done to them. The code of the plan, which only this plan shows,
// stands in for a name that cannot be typed, and where a group may go that is not known to be OneLogin's. Both are
// empty for a plan that neither takes nor grants.
func ConfirmWord(p *Plan) (word, hint string) {
	var subjects []Subject
	for i := range p.Steps {
		s := &p.Steps[i]
		if (s.Takes || s.Grants) && (len(subjects) == 0 || subjects[len(subjects)-1] != s.Subject) {
			subjects = append(subjects, s.Subject)
		}
	}
	switch {
	case len(subjects) == 0:
		return "", ""
	case p.deletesUnclaimed() && p.Code() != "":
		return p.Code(), "type the code of the plan, " + p.Code() + ": nothing shows that OneLogin made what is deleted"
	case len(subjects) == 1 && isTypable(subjects[0].Name):
		return subjects[0].Name, fmt.Sprintf("type the name of the %s, %s", subjects[0].Type, subjects[0].Name)
	case len(subjects) == 1 && p.Code() != "":
		return p.Code(), "type the code of the plan, " + p.Code() + ": the name cannot be typed safely"
	}
	word = p.verbsAndCounts()
	return word, "type " + word
}

// deletesUnclaimed: the plan or the guard says that nothing shows who made a group that it deletes.
func (p *Plan) deletesUnclaimed() bool {
	said := slices.Concat(p.Guard.Refusals, p.Guard.Overridden)
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.DeletesUnclaimed() }) ||
		slices.ContainsFunc(said, func(r GuardRefusal) bool { return r.Rule == RuleUnclaimed })
}

// verbsAndCounts names each kind of thing that is taken or granted, the gravest first: one would hide the others.
func (p *Plan) verbsAndCounts() string {
	verbs := []string{"delete", "deactivate", "remove", "rename", "grant"}
	n := make([]int, len(verbs))
	for i := range p.Steps {
		s := &p.Steps[i]
		count := s.Counts
		switch {
		case s.Repair == DeleteUser || s.Repair == DeleteGroup:
			n[0] += count.Deletes
		case s.Repair == DeactivateUser:
			n[1] += count.Deletes
		case s.Repair == RemoveMembers || s.Repair == RemoveAssignments || s.Repair == ClearAssignments:
			n[2] += count.Removals
		case s.Takes:
			n[3]++
		case s.Grants:
			n[4] += count.Grants
		}
	}
	var said []string
	for i, verb := range verbs {
		if n[i] > 0 {
			said = append(said, fmt.Sprintf("%s %d", verb, n[i]))
		}
	}
	if len(said) > 0 {
		return strings.Join(said, ", ")
	}
	return fmt.Sprintf("run %d", len(p.Steps)) // it takes or grants by its own word only
}

const maxTypedName = 80

// isTypable reports whether a name can be typed as it is read: what stands on the screen is what it is, no space hides,
// and no letter looks like one of another script. Beside ASCII that leaves the accented letters of the Latin blocks;
// their decomposed forms and all other scripts are left to the code.
func isTypable(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxTypedName && Visible(name) == name &&
		strings.TrimSpace(name) == name && !strings.Contains(name, "  ") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf && !isAccentedLatin(r) })
}

// isAccentedLatin: Latin-1 and Latin Extended-A, without the signs for times and divided and those letters that are
// taken for others, such as the dotless i and the long s.
func isAccentedLatin(r rune) bool {
	return r >= 'À' && r <= 'ž' && !strings.ContainsRune("×÷ıĸŀĿŉĲĳ", r)
}
