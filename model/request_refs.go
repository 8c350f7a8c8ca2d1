package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A request may need the id of what an earlier step of its plan creates. Until that step has run, a reference stands
// for it: {$id:REF} in the path, where an escaped id can hold no brace, and the object {"$id":"REF"} in the body,
// where an id is a string. So no name and no id, whatever it holds, is ever taken for a reference.
const (
	refInPath = "{$id:"
	refInBody = `{"$id":`
	refKey    = "$id"
)

// VersionRef stands in the If-Match header of a request for the version of the record that it writes. A version is
// not known when a plan is made: an earlier step of it may create or change the record. So it is read at the run,
// before the precondition is held against the record, and what changes the record after that makes the target refuse
// the write. Like a reference it can be taken for nothing else: no entity tag (RFC 9110 section 8.8.3) begins with a
// brace. Where the record has no version, or one that another read shows as another, the header is left out.
const VersionRef = "{$version}"

// HeaderVersion is the header that holds a write to a version of the record (RFC 7644 section 3.14).
const HeaderVersion = "If-Match"

// RecordVersion is what a read showed of the version that a record is in.
type RecordVersion struct {
	// Tag is what If-Match wants, as the target wrote it; empty where it gives none.
	Tag string
	// Digest tells the record, its members with it, from what it was before; empty for a record that is not there.
	Digest string
}

// TargetRecord is one record of the target as one answer shows it.
type TargetRecord struct {
	// User or Group is what is compared of it; Members are those of a group, where they were asked for.
	User    User
	Group   Group
	Members MemberList
	// Raw is the answer itself, and Version the version that it is of.
	Raw     json.RawMessage
	Version RecordVersion
}

var errOddRef = errors.New("a reference in the request is not of the form {\"$id\": \"s3\"}; make the plan again")

// RefInPath writes a reference as a segment of a path.
func RefInPath(ref string) string { return refInPath + url.PathEscape(ref) + "}" }

// RefInBody writes a reference as a value of a body.
func RefInBody(ref string) json.RawMessage {
	// A string always encodes.
	quoted, _ := json.Marshal(ref) //nolint:errchkjson // see above
	return json.RawMessage(refInBody + string(quoted) + "}")
}

// Refs gives the references of the request, each once, in the order of their names. The error is for a body that is no
// JSON and for what looks like a reference and is none.
func (r Request) Refs() (refs []string, err error) {
	_, err = r.eachRef(func(ref string) (string, string, error) {
		refs = append(refs, ref)
		return RefInPath(ref), string(RefInBody(ref)), nil
	})
	slices.Sort(refs)
	return slices.Compact(refs), err
}

// RenameRefs gives the request with its references under other names, as when a plan turns the keys of intents into the
// ids of steps.
func (r Request) RenameRefs(name func(ref string) (string, error)) (Request, error) {
	return r.eachRef(func(ref string) (string, string, error) {
		renamed, err := name(ref)
		return RefInPath(renamed), string(RefInBody(renamed)), err
	})
}

// Resolve gives the request with ids in the place of its references. An empty id is an error: it would address
// everything.
func (r Request) Resolve(id func(ref string) (string, error)) (Request, error) {
	return r.eachRef(func(ref string) (string, string, error) {
		known, err := id(ref)
		if err == nil && known == "" {
			err = fmt.Errorf("the id of what step %s creates is empty; make the plan again", ref)
		}
		// A string always encodes.
		quoted, _ := json.Marshal(known)
		return url.PathEscape(known), string(quoted), err
	})
}

// eachRef replaces every reference, in the path by the first and in the body by the second of what replace gives.
func (r Request) eachRef(replace func(ref string) (inPath, inBody string, err error)) (Request, error) {
	var err error
	r.Path, err = refsOfPath(r.Path, func(ref string) (string, error) {
		inPath, _, err := replace(ref)
		return inPath, err
	})
	if err != nil {
		return r, err
	}
	r.Body, err = refsOfBody(r.Body, func(ref string) (string, error) {
		_, inBody, err := replace(ref)
		return inBody, err
	})
	return r, err
}

func refsOfPath(path string, replace func(string) (string, error)) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(path, refInPath)
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		escaped, after, closed := strings.Cut(rest, "}")
		ref, err := url.PathUnescape(escaped)
		if !closed || err != nil || ref == "" {
			return "", errOddRef
		}
		text, err := replace(ref)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		path = after
	}
}

// refsOfBody works on the text, so that everything else in the body stays as it is. In compact JSON the opening of a
// reference cannot stand inside a string, whose quotes are escaped.
func refsOfBody(body json.RawMessage, replace func(string) (string, error)) (json.RawMessage, error) {
	if len(body) == 0 {
		return body, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return nil, errors.New("the body of the request is no JSON; make the plan again")
	}
	count, err := countRefs(compact.Bytes())
	if err != nil || count == 0 {
		return body, err
	}
	var out bytes.Buffer
	for rest := compact.Bytes(); ; count-- {
		before, after, found := bytes.Cut(rest, []byte(refInBody))
		out.Write(before)
		if !found {
			break
		}
		decoder := json.NewDecoder(bytes.NewReader(after))
		var ref string
		if err := decoder.Decode(&ref); err != nil || ref == "" || after[decoder.InputOffset()] != '}' {
			return nil, errOddRef
		}
		text, err := replace(ref)
		if err != nil {
			return nil, err
		}
		out.WriteString(text)
		rest = after[decoder.InputOffset()+1:]
	}
	if count != 0 {
		return nil, errOddRef // some are spelt so that the text does not show them
	}
	return out.Bytes(), nil
}

// countRefs counts the objects with the key of a reference, however they are written.
func countRefs(body []byte) (count int, err error) {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return 0, errors.New("the body of the request is no JSON; make the plan again")
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			if _, is := v[refKey]; is {
				count++
			}
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(value)
	return count, nil
}
