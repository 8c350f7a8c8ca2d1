package scim

import (
	"context"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// legacyPage is the smallest page at which AWS cuts a list without a sign: 50 rows in the old generation, 100 in the
// new (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html). A shorter list is whole.
const legacyPage = 50

// cursorStyle is how the first page of a cursor walk is asked for. Both forms are shipped by clients of AWS
// (github.com/slashdevops/idp-scim-sync sends the bare key, others "cursor=").
type cursorStyle uint8

const (
	styleUndecided cursorStyle = iota
	styleBare
	styleEmpty
	styleNone
)

func (s cursorStyle) param() string {
	return [...]string{styleUndecided: "cursor", styleBare: "cursor", styleEmpty: "cursor=", styleNone: ""}[s]
}

// asks reports whether the style is one of an endpoint that understands cursors.
func (s cursorStyle) asks() bool { return s == styleBare || s == styleEmpty }

// probe finds out once which style an endpoint understands; nothing announces it. The first page of the first list is
// the probe, so that an endpoint with cursors costs no request more.
type probe struct {
	// turn is held by the list that probes; the others wait, or each would waste the same requests.
	turn  transport.Turn
	style *cursorStyle
}

func newProbe() probe { return probe{turn: transport.NewTurn(), style: new(cursorStyle)} }

// decided gives what is known so far without waiting for more than a probe that is under way.
func (p probe) decided(ctx context.Context) (cursorStyle, error) {
	release, err := p.turn.Take(ctx)
	if err != nil {
		return styleUndecided, err
	}
	defer release()
	return *p.style, nil
}

// open fetches the first page of a list; understood means that this endpoint is known to understand cursors. Any answer
// but a 400 that is no list ends the probe undecided: a refused token says nothing about cursors.
func (p probe) open(
	ctx context.Context, fetch func(style cursorStyle) (page, error),
) (first page, understood bool, err error) {
	release, err := p.turn.Take(ctx)
	if err != nil {
		return page{}, false, err
	}
	if style := *p.style; style != styleUndecided {
		release()
		first, err = fetch(style)
		return first, style.asks(), err
	}
	defer release()
	var legacy *page
	for _, style := range []cursorStyle{styleBare, styleEmpty} {
		first, err = fetch(style)
		switch {
		case refused(err):
			continue
		case err != nil:
			return page{}, false, err
		case first.isCursorPage():
			*p.style = style
			return first, true, nil
		case len(first.rows) < legacyPage && first.total.value <= len(first.rows):
			return first, false, nil // whole, cursor or not; the next list may still decide
		}
		kept := first
		legacy = &kept
	}
	if legacy == nil {
		if first, err = fetch(styleNone); err != nil {
			return page{}, false, err
		}
		legacy = &first
	}
	*p.style = styleNone
	return *legacy, false, nil
}
