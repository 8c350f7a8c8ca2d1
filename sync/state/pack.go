package state

import (
	"encoding/binary"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Users and memberships are packed, because there are many of them: a text is its length and its bytes, a list is one
// more than its length and its items with 0 for none, and what a membership names is the place of its user.

// userFields tells which fields are packed for a user, in their order: what was packed with others is not read.
func userFields() string {
	var names strings.Builder
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.User]()) {
		names.WriteString(f.Name + " " + f.Type.String() + ", ")
	}
	return names.String()
}

// packUsers writes users, as packLists writes lists, to a writer that keeps its first error.
func packUsers(to io.Writer, users []model.User) {
	b := packLength(nil, users == nil, len(users))
	for i := range users {
		_, _ = to.Write(b)
		b = packValue(b[:0], reflect.ValueOf(&users[i]).Elem())
	}
	_, _ = to.Write(b)
}

func packLength(b []byte, none bool, n int) []byte {
	if none {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(n)+1)
}

func packText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func packValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() { //nolint:exhaustive // a user has no other fields, and a test packs every field there is
	case reflect.String:
		return packText(b, v.String())
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Slice:
		b = packLength(b, v.IsNil(), v.Len())
		for i := range v.Len() {
			b = packValue(b, v.Index(i))
		}
		return b
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return packValue(append(b, 1), v.Elem())
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // the iterator allocates for each field
			b = packValue(b, v.Field(i))
		}
		return b
	}
	panic("state: a user has a field of a kind that cannot be kept: " + v.Type().String())
}

// packLists packs the ids in lists as the places of their users. Ids of no user among them are texts.
func packLists(to io.Writer, lists []*model.MemberList, users []model.User) {
	places := make(map[string]int, len(users))
	for i := range users {
		places[users[i].ID] = i
	}
	var b []byte
	for _, list := range lists {
		b = packLength(b[:0], list.IDs == nil, len(list.IDs))
		for _, id := range list.IDs {
			if at, known := places[id]; known {
				b = binary.AppendUvarint(b, uint64(at)+1)
			} else {
				b = packText(append(b, 0), id)
			}
		}
		_, _ = to.Write(b)
	}
}

// unpacker reads what was packed. Texts share the memory of what was read.
type unpacker struct {
	rest    string
	damaged bool
	// lists are lists of texts, each kept once: the names of attributes are the same for every user.
	lists map[string][]string
}

// readNumber gives one that is no larger than most.
func (p *unpacker) readNumber(most int) int {
	var n uint64
	for shift := 0; shift < 64 && len(p.rest) > 0; shift += 7 {
		c := p.rest[0]
		p.rest = p.rest[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if n > uint64(most) {
				break
			}
			return int(n)
		}
	}
	p.rest, p.damaged = "", true
	return 0
}

// readLength gives that of a list, which cannot be longer than what is left; false is no list.
func (p *unpacker) readLength() (int, bool) {
	n := p.readNumber(len(p.rest) + 1)
	return max(n-1, 0), n > 0
}

func (p *unpacker) readText() string {
	n := p.readNumber(len(p.rest))
	n = min(n, len(p.rest)) // which its own length is no part of any more
	text := p.rest[:n]
	p.rest = p.rest[n:]
	return text
}

func (p *unpacker) readValue(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // see packValue
	case reflect.String:
		v.SetString(p.readText())
	case reflect.Bool:
		v.SetBool(p.readNumber(1) == 1)
	case reflect.Slice:
		before := p.rest
		n, there := p.readLength()
		if !there {
			return
		}
		list := make([]string, n)
		for i := range list {
			list[i] = p.readText()
		}
		key := before[:len(before)-len(p.rest)]
		if shared, known := p.lists[key]; known {
			list = shared
		} else if len(p.lists) < maxSharedLists {
			p.lists[key] = list
		}
		v.Set(reflect.ValueOf(list))
	case reflect.Pointer:
		if p.readNumber(1) == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			p.readValue(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // see packValue
			p.readValue(v.Field(i))
		}
	}
}

// maxSharedLists bounds the lists of texts that are looked up to be shared.
const maxSharedLists = 1024

func (p *unpacker) readUsers() []model.User {
	n, there := p.readLength()
	if !there {
		return nil
	}
	users := make([]model.User, n)
	for i := range users {
		p.readValue(reflect.ValueOf(&users[i]).Elem())
	}
	return users
}

// readMemberLists puts the ids back into lists, and tells the roster whom they mean: it would look up every single one.
func (p *unpacker) readMemberLists(lists []*model.MemberList, users []model.User, roster *model.Roster) {
	for _, list := range lists {
		n, there := p.readLength()
		if !there {
			continue
		}
		list.IDs = slices.Grow([]string{}, n)
		known := make([]int32, 0, n)
		for range n {
			if at := p.readNumber(len(users)); at == 0 {
				list.IDs = append(list.IDs, p.readText())
			} else {
				list.IDs, known = append(list.IDs, users[at-1].ID), append(known, int32(at-1))
			}
		}
		roster.Remember(list.IDs, known)
	}
}
