package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A request may need the id of what an earlier step of its plan creates. Until that step has run, a reference stands
// for it: {$id:REF} in the path, where an escaped id can hold no brace, and the object {"$id":"REF"} in the body,
// where an id is a string. So no name and no id, whatever it holds, is ever taken for a reference.
const (
	refInPath = "{$id:"
	refInBody = `{"$id":`
)

// The forms of references; in compact JSON none can begin inside a string, whose quotes are escaped.
var (
	pathRef = regexp.MustCompile(`\{\$id:([^{}]+)\}`)
	bodyRef = regexp.MustCompile(`\{"\$id":("(?:[^"\\]|\\.)+")\}`)
	refKey  = regexp.MustCompile(`[{,]"\$id":`)
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

var errMalformedRef = errors.New("a reference in the request is not of the form {\"$id\": \"s3\"}; make the plan again")

// RefInPath writes a reference as a segment of a path.
func RefInPath(ref string) string { return refInPath + url.PathEscape(ref) + "}" }

// RefInBody writes a reference as a value of a body.
func RefInBody(ref string) json.RawMessage {
	// A string always encodes.
	quoted, _ := json.Marshal(ref) //nolint:errchkjson // see above
	return json.RawMessage(refInBody + string(quoted) + "}")
}

// Refs gives the references of the request, each once, sorted. The error is for no JSON, and for odd references.
func (r Request) Refs() (refs []string, err error) {
	_, err = r.RenameRefs(func(ref string) (string, error) {
		refs = append(refs, ref)
		return ref, nil
	})
	slices.Sort(refs)
	return slices.Compact(refs), err
}

// RenameRefs gives the request with its references renamed, as when keys of intents become ids of steps.
func (r Request) RenameRefs(name func(ref string) (string, error)) (Request, error) {
	return r.replaceEachRef(func(ref string) (string, string, error) {
		renamed, err := name(ref)
		return RefInPath(renamed), string(RefInBody(renamed)), err
	})
}

// Resolve gives the request with ids for its references. An empty id is an error: it would address everything.
func (r Request) Resolve(id func(ref string) (string, error)) (Request, error) {
	return r.replaceEachRef(func(ref string) (string, string, error) {
		known, err := id(ref)
		if err == nil && known == "" {
			err = fmt.Errorf("the id of what step %s creates is empty; make the plan again", ref)
		}
		// A string always encodes.
		quoted, _ := json.Marshal(known)
		return url.PathEscape(known), string(quoted), err
	})
}

// replaceEachRef replaces every reference, in the path by the first and in the body by the second of what replace
// gives.
func (r Request) replaceEachRef(replace func(ref string) (inPath, inBody string, err error)) (Request, error) {
	var compact bytes.Buffer
	if len(r.Body) > 0 && json.Compact(&compact, r.Body) != nil {
		return r, errors.New("the body of the request is no JSON; make the plan again")
	}
	body := compact.String()
	if strings.Contains(pathRef.ReplaceAllString(r.Path, ""), refInPath) ||
		hasRefKey(bodyRef.ReplaceAllString(body, `""`)) {
		return r, errMalformedRef
	}
	path, err := replaceRefs(r.Path, pathRef, func(written string) (string, error) {
		ref, err := url.PathUnescape(written)
		if err != nil {
			return "", errMalformedRef
		}
		inPath, _, err := replace(ref)
		return inPath, err
	})
	if err != nil {
		return r, err
	}
	swapped, err := replaceRefs(body, bodyRef, func(written string) (ref string, err error) {
		_ = json.Unmarshal([]byte(written), &ref) // a text of a body that is JSON
		_, inBody, err := replace(ref)
		return inBody, err
	})
	if r.Path = path; swapped != body {
		r.Body = json.RawMessage(swapped)
	}
	return r, err
}

// replaceRefs replaces the references of a text, given as they are written in its form.
func replaceRefs(
	text string, form *regexp.Regexp, replace func(written string) (string, error),
) (_ string, failed error) {
	text = form.ReplaceAllStringFunc(text, func(whole string) string {
		now, err := replace(form.FindStringSubmatch(whole)[1])
		failed = cmp.Or(failed, err)
		return now
	})
	return text, failed
}

// hasRefKey reports whether an object of a body has the key of a reference, however it is written.
func hasRefKey(body string) bool {
	var value any
	if json.Unmarshal([]byte(body), &value) != nil {
		return false // there is none
	}
	plain, _ := json.Marshal(value) //nolint:errchkjson // it has just been read as JSON
	return refKey.Match(plain)
}
