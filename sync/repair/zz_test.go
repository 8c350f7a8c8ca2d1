package repair_test

import (
	"github.com/scimdrift/scimdrift/model"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	s := enact(t, "deleted-in-aws-first", nil)
	start := time.Now()
	ev, err := s.opts.Source.Tail(t.Context(), start)
	for _, e := range ev {
		t.Log("before", e.At.Sub(start), e.Type, e.AppID, e.ID)
	}
	s.press("refresh", "")
	ev, err = s.opts.Source.Tail(t.Context(), start)
	t.Log(err, s.loader.Last().Source.App.ID, start)
	for _, e := range ev {
		t.Log(e.At.Sub(start), e.Type, e.AppID, e.ID)
	}
	_ = model.Certain
}
