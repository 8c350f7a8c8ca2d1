package model_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// drawRecord draws a SCIM record of attributes that are texts, lists and complex.
func drawRecord(t *rapid.T) map[string]any {
	record := map[string]any{"id": "1", "meta": map[string]any{"version": rapid.String().Draw(t, "version")}}
	for i := range rapid.IntRange(1, 5).Draw(t, "attributes") {
		name := fmt.Sprintf("a%d", i)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			record[name] = rapid.StringN(1, 5, -1).Draw(t, "text")
		case 1:
			var list []any
			for n := range rapid.IntRange(1, 5).Draw(t, "values") {
				list = append(list, map[string]any{
					"value": fmt.Sprintf("v%d", n),
					"type":  rapid.String().Draw(t, "type"),
				})
			}
			record[name] = list
		default:
			record[name] = map[string]any{
				"x": rapid.StringN(1, 5, -1).Draw(t, "x"),
				"y": rapid.StringN(1, 5, -1).Draw(t, "y"),
			}
		}
	}
	return record
}

func rawOf(t rapid.TB, record map[string]any) json.RawMessage {
	raw, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// copyOf is deep.
func copyOf(t rapid.TB, record map[string]any) (out map[string]any) {
	if err := json.Unmarshal(rawOf(t, record), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// takeFrom takes something away from a record, and gives what the loss is called.
func takeFrom(t *rapid.T, record map[string]any) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(record)), func(name string) bool {
		return name == "id" ||
			name == "meta"
	})
	name := rapid.SampledFrom(names).Draw(t, "lost")
	switch v := record[name].(type) {
	case []any:
		n := rapid.IntRange(1, len(v)).Draw(t, "values lost")
		if record[name] = v[n:]; n == len(v) {
			delete(record, name)
		}
		return fmt.Sprintf("%d of %d %s", n, len(v), name)
	case map[string]any:
		sub := "x"
		if v[sub] == nil {
			sub = "y"
		}
		delete(v, sub)
		return name + "." + sub
	}
	delete(record, name)
	return name
}

// Whatever one answer lacks is told and nothing else, and what a server gives by itself or another value in its place
// is no lack.
func TestWhatARecordLacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := drawRecord(t)
		short := copyOf(t, full)
		short["meta"] = "else"
		if lacks, err := model.MissingAttributes(rawOf(t, full), rawOf(t, short)); err != nil || len(lacks) > 0 {
			t.Fatal(lacks, err)
		}
		lost := takeFrom(t, short)
		lacks, err := model.MissingAttributes(rawOf(t, full), rawOf(t, short))
		if err != nil || len(lacks) != 1 || lacks[0].String() != lost {
			t.Fatalf("%v, want %s, %v", lacks, lost, err)
		}
		if lacks, err := model.MissingAttributes(rawOf(t, short), rawOf(t, full)); err != nil || len(lacks) > 0 {
			t.Fatal("a record that shows more lacks", lacks, err)
		}
	})
}

// A write does what it says: what it changes or takes away is no surprise, and what goes or changes beside that is one.
func TestWhatAWriteDidBeside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawRecord(t)
		written, meant := copyOf(t, before), ""
		if rapid.Bool().Draw(t, "takes away") {
			meant = takeFrom(t, written)
		}
		written["new"] = "value"
		after := copyOf(t, written)
		if gone, changed, err := model.UnintendedChanges(rawOf(t, before), rawOf(t, written),
			rawOf(t, after)); err != nil || len(gone)+len(changed) > 0 {
			t.Fatalf("what was meant (%s) is a surprise: %v %v %v", meant, gone, changed, err)
		}
		lost := "new"
		if len(after) > 3 && rapid.Bool().Draw(t, "another") {
			lost = takeFrom(t, after)
		} else {
			delete(after, "new")
		}
		gone, changed, err := model.UnintendedChanges(rawOf(t, before), rawOf(t, written), rawOf(t, after))
		if err != nil || len(gone) != 1 || gone[0].String() != lost || len(changed) > 0 {
			t.Fatalf("gone %v, changed %v, want %s gone, %v", gone, changed, lost, err)
		}
		after = copyOf(t, written)
		after["other"] = "came"
		_, changed, err = model.UnintendedChanges(rawOf(t, before), rawOf(t, written), rawOf(t, after))
		if diff := cmp.Diff([]string{"other"}, changed); err != nil || diff != "" {
			t.Fatal(diff, err)
		}
	})
}
