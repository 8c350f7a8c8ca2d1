package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

// ReadingKept is how long what was last known of a connection is kept without being used.
const ReadingKept = 14 * 24 * time.Hour

const (
	readingFile   = "reading"
	readingSchema = 1
)

// Kept is what was last known of a connection.
type Kept struct {
	model.Reading

	// Groups is the digest of the configuration of groups that it was compared with.
	Groups string
}

// readingHead is the first line of the file: all of the reading that is small, as JSON, and what the rest is. The rest are the users
// of both sides and, by their places among these, the users of roles and the members of groups: a hundred thousand users with a
// million memberships are there within a fraction of a second.
type readingHead struct {
	Schema      int           `json:"scimdrift_reading"`
	Fingerprint string        `json:"fingerprint"`
	Groups      string        `json:"groups"`
	Users       string        `json:"users"` // the fields of a user in the rest
	Sizes       []int         `json:"sizes"`
	Sum         uint32        `json:"sum"`
	Reading     model.Reading `json:"reading"`
}

// section is one part of the rest of the file.
type section int

const (
	sourceUsers section = iota
	targetUsers
	roleUsers
	groupMembers
	sections
)

// KeepReading keeps what was read, in the place of what was kept before. Raw answers are no part of it, and of the app only what a
// comparison looks at.
func (s *Store) KeepReading(k Kept) error {
	content, err := s.encodeReading(k)
	if err == nil {
		err = replace(s.files, s.path(readingFile), content)
	}
	if err != nil {
		return fmt.Errorf("what was read cannot be kept for the next start (%w); make %s writable or make room there", err, s.dir)
	}
	return nil
}

func (s *Store) encodeReading(k Kept) ([]byte, error) {
	head := readingHead{Schema: readingSchema, Fingerprint: s.fingerprint, Groups: k.Groups, Users: userFields(), Reading: k.Reading}
	r := &head.Reading
	var rest [sections][]byte
	rest[sourceUsers] = packUsers(r.Source.Users)
	rest[targetUsers] = packUsers(r.Target.Users)
	r.Source.Roles, r.Target.Members = slices.Clone(r.Source.Roles), slices.Clone(r.Target.Members)
	roles := make([]*model.MemberList, len(r.Source.Roles))
	for i := range roles {
		roles[i] = &r.Source.Roles[i].Users
	}
	rest[roleUsers] = packLists(roles, r.Source.Users)
	rest[groupMembers] = packLists(pointers(r.Target.Members), r.Target.Users)
	r.Source.Users, r.Target.Users = nil, nil
	var sum uint32
	for _, part := range rest {
		sum = crc32.Update(sum, castagnoli(), part)
		head.Sizes = append(head.Sizes, len(part))
	}
	head.Sum = sum
	first, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	// The head is checked by its own sum, before it.
	line := fmt.Appendf(nil, "%08x\n", crc32.Checksum(first, castagnoli()))
	return slices.Concat(append([][]byte{line, first, {'\n'}}, rest[:]...)...), nil
}

// Reading gives what was last known; nil if nothing is kept. A file that is damaged, of another connection or of another version is
// an error that says what replaces it, for a caller to show before it goes on as if there were none.
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
	sum, content, _ := bytes.Cut(content, []byte("\n"))
	first, rest, ended := bytes.Cut(content, []byte("\n"))
	if !ended || fmt.Sprintf("%08x", crc32.Checksum(first, castagnoli())) != string(sum) {
		return nil, errDamaged
	}
	var version struct {
		Schema int    `json:"scimdrift_reading"`
		Users  string `json:"users"`
	}
	switch err := json.Unmarshal(first, &version); {
	case err != nil:
		return nil, errDamaged
	case version.Schema != readingSchema || version.Users != userFields():
		return nil, errVersion
	}
	var head readingHead
	d := json.NewDecoder(bytes.NewReader(first))
	d.DisallowUnknownFields() // a field that is not known here may change what the others mean
	switch err := d.Decode(&head); {
	case err != nil:
		return nil, errVersion
	case head.Fingerprint != s.fingerprint:
		return nil, errors.New("it is of another connection")
	case len(head.Sizes) != int(sections) || crc32.Checksum(rest, castagnoli()) != head.Sum:
		return nil, errDamaged
	}
	var parts [sections][]byte
	for i, size := range head.Sizes {
		if size < 0 || size > len(rest) {
			return nil, errDamaged
		}
		parts[i], rest = rest[:size], rest[size:]
	}
	k := &Kept{Reading: head.Reading, Groups: head.Groups}
	source, target := &k.Source, &k.Target
	var both errgroup.Group
	both.Go(func() (err error) {
		if source.Users, err = unpackUsers(parts[sourceUsers]); err != nil {
			return err
		}
		roles := make([]*model.MemberList, len(source.Roles))
		for i := range roles {
			roles[i] = &source.Roles[i].Users
		}
		return unpackLists(parts[roleUsers], roles, source.Users)
	})
	both.Go(func() (err error) {
		if target.Users, err = unpackUsers(parts[targetUsers]); err != nil {
			return err
		}
		return unpackLists(parts[groupMembers], pointers(target.Members), target.Users)
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	return k, nil
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
