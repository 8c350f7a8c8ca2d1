package model_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"check", "plan", "apply", "history", "doctor", "group-lingering", "user-lingering"}
	for word, want := range map[string]string{
		"chekc": "check", "chk": "check", "hist": "history", "docter": "doctor", "PLAN": "plan",
		"goup-lingering": "group-lingering",
		"xyzzy":          "", "a": "", "zzzz-lingering": "",
	} {
		if got := model.Nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
