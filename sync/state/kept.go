package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// ReadingKept is how long what was last known of a connection is kept without being used.
const ReadingKept = 14 * 24 * time.Hour

const (
	readingFile   = "reading"
	readingSchema = 5
	// sumDigits is how long the checksum is that ends the file.
	sumDigits = 8
)

// Kept is what was last known of a connection.
type Kept struct {
	model.Reading

	// Groups is the digest of the configuration of groups that it was compared with.
	Groups string
	// Rosters say whom the lists mean, where it was read; they are not kept, because they follow from it.
	Rosters *model.Rosters
}

// readingHead is the first line of the file: all of the reading that is small, as JSON. The rest are the users of both
// sides and, by their places among these, the users of roles and the members of groups: a hundred thousand users with
// a million memberships are there within a fraction of a second.
type readingHead struct {
	Schema      int           `json:"scimdrift_reading"`
	Fingerprint string        `json:"fingerprint"`
	Groups      string        `json:"groups"`
	Users       string        `json:"users"` // the fields of a user in the rest
	Reading     model.Reading `json:"reading"`
}

// KeepReading keeps what was read, in the place of what was kept before. Raw answers are no part of it, and of the
// app only what a comparison looks at.
func (s *Store) KeepReading(k Kept) error {
	content, to := io.Pipe()
	packed := make(chan struct{})
	go func() {
		defer close(packed)
		_ = to.CloseWithError(s.encodeReading(to, &k))
	}()
	err := replace(s.files, s.path(readingFile), content)
	_ = content.Close() // what is not read by now is not wanted
	<-packed
	if err != nil {
		return fmt.Errorf("what was read cannot be kept for the next start (%w); make %s writable or make room there",
			err, s.dir)
	}
	return nil
}

// encodeReading writes the file as it is packed: it is never held in memory.
func (s *Store) encodeReading(to io.Writer, k *Kept) error {
	head := readingHead{
		Schema: readingSchema, Fingerprint: s.fingerprint, Groups: k.Groups, Users: userFields(),
		Reading: k.Reading,
	}
	r := &head.Reading
	r.Source.Users, r.Target.Users = nil, nil
	r.Source.Roles, r.Target.Members = slices.Clone(r.Source.Roles), slices.Clone(r.Target.Members)
	for _, list := range slices.Concat(roleUserLists(r.Source.Roles), pointers(r.Target.Members)) {
		list.IDs = nil
	}
	out, sum := bufio.NewWriterSize(to, 1<<16), crc32.New(crcTable()) //nolint:mnd // so that few writes are made
	both := io.MultiWriter(out, sum)
	if err := json.NewEncoder(both).Encode(head); err != nil {
		return err
	}
	// What follows leaves the first error of any write to out.
	packUsers(both, k.Source.Users)
	packUsers(both, k.Target.Users)
	packLists(both, roleUserLists(k.Source.Roles), k.Source.Users)
	packLists(both, pointers(k.Target.Members), k.Target.Users)
	_, _ = fmt.Fprintf(out, "%0*x", sumDigits, sum.Sum32())
	return out.Flush()
}

func roleUserLists(roles []model.Role) []*model.MemberList {
	lists := make([]*model.MemberList, len(roles))
	for i := range roles {
		lists[i] = &roles[i].Users
	}
	return lists
}

// Reading gives what was last known; nil if nothing is kept. A file that is damaged, of another connection or of
// another version is an error that says what replaces it, for a caller to show before it goes on as if there were
// none.
func (s *Store) Reading() (*Kept, error) {
	name := s.path(readingFile)
	content, err := s.files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is kept before the first read
	}
	if err != nil {
		return nil, fmt.Errorf("what was last known cannot be read (%w); make %s readable", err, name)
	}
	k, err := s.decodeReading(content)
	if err != nil {
		return nil, fmt.Errorf("what was last known is left aside: %w; the next read replaces %s", err, name)
	}
	return k, nil
}

var (
	errDamaged = errors.New("its file is damaged")
	errVersion = errors.New("it is of another version of scimdrift")
)

func (s *Store) decodeReading(content []byte) (*Kept, error) {
	end := max(0, len(content)-sumDigits)
	first, rest, _ := bytes.Cut(content[:end], []byte("\n"))
	// Another version may have its sum elsewhere, so that the number of the version is looked at first.
	begin := fmt.Appendf(nil, `{"scimdrift_reading":%d,`, readingSchema)
	switch {
	case end > 0 && !bytes.HasPrefix(content, begin):
		return nil, errVersion
	case fmt.Sprintf("%0*x", sumDigits, crc32.Checksum(content[:end], crcTable())) != string(content[end:]):
		return nil, errDamaged
	}
	var head readingHead
	switch err := json.Unmarshal(first, &head); {
	case err != nil || head.Users != userFields():
		return nil, errVersion
	case head.Fingerprint != s.fingerprint:
		return nil, errors.New("it is of another connection")
	}
	k := &Kept{Reading: head.Reading, Groups: head.Groups, Rosters: &model.Rosters{}}
	p := &unpacker{rest: string(rest), lists: map[string][]string{}}
	k.Source.Users, k.Target.Users = p.readUsers(), p.readUsers()
	p.readMemberLists(roleUserLists(k.Source.Roles), k.Source.Users, k.Rosters.Source.SetUsers(k.Source.Users))
	p.readMemberLists(pointers(k.Target.Members), k.Target.Users, k.Rosters.Target.SetUsers(k.Target.Users))
	if p.damaged || p.rest != "" {
		return nil, errDamaged
	}
	return k, nil
}

func pointers[T any](list []T) []*T { return model.Map(list, func(one *T) *T { return one }) }

func crcTable() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
