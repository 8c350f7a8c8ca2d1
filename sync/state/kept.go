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
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

// ReadingKept is how long what was last known of a connection is kept without being used.
const ReadingKept = 14 * 24 * time.Hour

const (
	readingFile   = "reading"
	readingSchema = 2
)

// Kept is what was last known of a connection.
type Kept struct {
	model.Reading

	// Groups is the digest of the configuration of groups that it was compared with.
	Groups string
}

// readingHead is the first line of the file: all of the reading that is small, as JSON, and what the rest is. The
// rest are the users of both sides and, by their places among these, the users of roles and the members of groups: a
// hundred thousand users with a million memberships are there within a fraction of a second.
type readingHead struct {
	Schema      int           `json:"scimdrift_reading"`
	Fingerprint string        `json:"fingerprint"`
	Groups      string        `json:"groups"`
	Users       string        `json:"users"` // the fields of a user in the rest
	Reading     model.Reading `json:"reading"`
}

// readingEnd is the last line of the file: how long each section of the rest is, and the sum of all. It stands behind
// them because they are written as they are packed, and never held in memory at once.
type readingEnd struct {
	Sizes []int  `json:"sizes"`
	Sum   uint32 `json:"sum"`
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

// KeepReading keeps what was read, in the place of what was kept before. Raw answers are no part of it, and of the
// app only what a comparison looks at.
func (s *Store) KeepReading(k Kept) error {
	content, to := io.Pipe()
	var packing sync.WaitGroup
	packing.Go(func() { _ = to.CloseWithError(s.encodeReading(to, &k)) })
	err := replace(s.files, s.path(readingFile), content)
	_ = content.Close() // what is not read by now is not wanted
	packing.Wait()
	if err != nil {
		return fmt.Errorf("what was read cannot be kept for the next start (%w); make %s writable or make room there",
			err, s.dir)
	}
	return nil
}

func (s *Store) encodeReading(to io.Writer, k *Kept) error {
	head := readingHead{
		Schema: readingSchema, Fingerprint: s.fingerprint, Groups: k.Groups, Users: userFields(),
		Reading: k.Reading,
	}
	r := &head.Reading
	r.Source.Users, r.Target.Users = nil, nil
	r.Source.Roles, r.Target.Members = slices.Clone(r.Source.Roles), slices.Clone(r.Target.Members)
	for i := range r.Source.Roles {
		r.Source.Roles[i].Users.IDs = nil
	}
	for i := range r.Target.Members {
		r.Target.Members[i].IDs = nil
	}
	first, err := json.Marshal(head)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(to, 1<<16) //nolint:mnd // so that the reader is not woken for each user
	// The head is checked by its own sum, before it.
	_, _ = fmt.Fprintf(out, "%08x\n%s\n", crc32.Checksum(first, castagnoli()), first)
	rest := sectionWriter{to: out}
	for _, pack := range [sections]func() error{
		sourceUsers:  func() error { return packUsers(&rest, k.Source.Users) },
		targetUsers:  func() error { return packUsers(&rest, k.Target.Users) },
		roleUsers:    func() error { return packLists(&rest, usersOf(k.Source.Roles), k.Source.Users) },
		groupMembers: func() error { return packLists(&rest, pointers(k.Target.Members), k.Target.Users) },
	} {
		rest.Sizes = append(rest.Sizes, 0)
		if err := pack(); err != nil {
			return err
		}
	}
	last, err := json.Marshal(rest.readingEnd)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\n%s", last)
	return out.Flush() // which gives the first error of any write
}

// sectionWriter keeps account of what is written to the last of its sections.
type sectionWriter struct {
	readingEnd

	to io.Writer
}

func (w *sectionWriter) Write(b []byte) (int, error) {
	w.Sizes[len(w.Sizes)-1] += len(b)
	w.Sum = crc32.Update(w.Sum, castagnoli(), b)
	return w.to.Write(b)
}

func usersOf(roles []model.Role) []*model.MemberList {
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
	}
	var end readingEnd
	at := max(bytes.LastIndexByte(rest, '\n'), 0)
	if json.Unmarshal(rest[at:], &end) != nil || len(end.Sizes) != int(sections) ||
		crc32.Checksum(rest[:at], castagnoli()) != end.Sum {
		return nil, errDamaged
	}
	rest = rest[:at]
	var parts [sections][]byte
	for i, size := range end.Sizes {
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
		return unpackLists(parts[roleUsers], usersOf(source.Roles), source.Users)
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
