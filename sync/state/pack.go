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
	fields := reflect.VisibleFields(reflect.TypeFor[model.User]())
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, f.Name+" "+f.Type.String())
	}
	return strings.Join(names, ", ")
}

func packUsers(to io.Writer, users []model.User) error {
	b := packLength(nil, users == nil, len(users))
	for i := range users {
		if _, err := to.Write(b); err != nil {
			return err
		}
		b = packValue(b[:0], reflect.ValueOf(&users[i]).Elem())
	}
	_, err := to.Write(b)
	return err
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
		for _, field := range v.Fields() {
			b = packValue(b, field)
		}
		return b
	}
	panic("state: a user has a field of a kind that cannot be kept: " + v.Type().String())
}

// packed reads what was packed. Texts share the memory of what was read.
type packed struct {
	rest string
	err  error
	// lists are lists of texts, each kept once: the names of attributes are the same for every user.
	lists map[string][]string
}

func (p *packed) number() int {
	var n uint64
	for shift := 0; shift < 64 && len(p.rest) > 0; shift += 7 {
		c := p.rest[0]
		p.rest = p.rest[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if n > 1<<31 {
				break
			}
			return int(n)
		}
	}
	p.rest, p.err = "", errDamaged
	return 0
}

// length gives that of a list, which cannot be longer than what is left; false is no list.
func (p *packed) length() (int, bool) {
	n := p.number()
	if n-1 > len(p.rest) {
		p.rest, p.err = "", errDamaged
		return 0, false
	}
	return max(n-1, 0), n > 0
}

func (p *packed) text() string {
	n := p.number()
	if n > len(p.rest) {
		p.rest, p.err = "", errDamaged
		return ""
	}
	text := p.rest[:n]
	p.rest = p.rest[n:]
	return text
}

func (p *packed) value(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // see packValue
	case reflect.String:
		v.SetString(p.text())
	case reflect.Bool:
		v.SetBool(p.number() == 1)
	case reflect.Slice:
		before := p.rest
		n, there := p.length()
		if !there {
			return
		}
		list := make([]string, n)
		for i := range list {
			list[i] = p.text()
		}
		key := before[:len(before)-len(p.rest)]
		if shared, known := p.lists[key]; known {
			list = shared
		} else if len(p.lists) < maxSharedLists {
			p.lists[key] = list
		}
		v.Set(reflect.ValueOf(list))
	case reflect.Pointer:
		if p.number() == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			p.value(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			p.value(field)
		}
	}
}

// maxSharedLists bounds the lists of texts that are looked up to be shared.
const maxSharedLists = 1024

func unpackUsers(content []byte) ([]model.User, error) {
	p := &packed{rest: string(content), lists: map[string][]string{}}
	n, there := p.length()
	if !there {
		return nil, p.err
	}
	users := make([]model.User, n)
	for i := range users {
		p.value(reflect.ValueOf(&users[i]).Elem())
	}
	return users, p.end()
}

func (p *packed) end() error {
	if p.err == nil && p.rest != "" {
		return errDamaged
	}
	return p.err
}

// packLists packs the ids in lists as the places of their users. Ids of no user among them are texts.
func packLists(to io.Writer, lists []*model.MemberList, users []model.User) error {
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
		if _, err := to.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// unpackLists puts the ids back.
func unpackLists(content []byte, lists []*model.MemberList, users []model.User) error {
	p := &packed{rest: string(content)}
	for _, list := range lists {
		n, there := p.length()
		if !there {
			continue
		}
		list.IDs = slices.Grow([]string{}, n)
		for range n {
			switch at := p.number(); {
			case at == 0:
				list.IDs = append(list.IDs, p.text())
			case at > len(users):
				return errDamaged
			default:
				list.IDs = append(list.IDs, users[at-1].ID)
			}
		}
	}
	return p.end()
}
