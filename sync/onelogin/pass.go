package onelogin

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"
)

type pass[T any] struct {
	c        *Client
	list     list[T]
	progress progress
	parallel bool

	mu         sync.Mutex
	rows       []T
	seen       map[string]int // on which page first
	page       int
	duplicates int // rows that stood twice on one page
	withoutID  int
	bad        []string // why rows were left out, each once
	total      int      // -1: unknown
	changed    bool     // the total differed between two pages
	// repeated is set when a page holds nothing but rows of earlier ones and no total tells what is missing. Where page
	// numbers are ignored it is the first page again, and the list would look as if that were all of it.
	repeated bool
}

// run walks the list once. again is true if walking once more may give what this walk did not.
func (p *pass[T]) run(ctx context.Context) (got walkResult[T], again bool) {
	p.total = -1
	first, paging, err := p.list.fetchFirst(ctx, p.c)
	if err != nil {
		return walkResult[T]{reason: err.Error(), err: err}, false
	}
	p.add(first)
	last, number, reason := first, 1, ""
	if p.parallel && first.pages > 1 && first.pages <= maxPages {
		number = first.pages
		last, err = p.fetchPages(ctx, paging, number)
	}
	if err == nil && !p.isInconsistent() {
		reason, err = p.followPages(ctx, paging, last, number, first.size())
	}
	got = walkResult[T]{rows: p.rows, err: err}
	read := strconv.Itoa(len(p.rows))
	if p.total >= 0 {
		read += " of " + strconv.Itoa(p.total)
	}
	switch again = true; {
	case err != nil:
		got.reason, again = fmt.Sprintf("%s read, then: %v", read, err), refusedParameters(err)
	case p.repeated:
		got.reason = read + " read: OneLogin gave a page again in the place of another; read again"
	case p.changed:
		got.reason = read + " read: the list changed while it was read; read again"
	case p.withoutID > 0:
		got.reason, again = fmt.Sprintf("%d of the rows have no id; report this", p.withoutID), false
	case len(p.bad) > 0:
		got.reason, again = badRowsText(p.bad), false
	case p.total < 0:
		got.reason = reason
	case len(p.rows) != p.total && len(p.rows)+p.duplicates != p.total: // a row that is twice on a page may count twice
		got.reason = read + " read; the list may have changed meanwhile, read again"
		if reason != "" {
			got.reason += " (" + reason + ")"
		}
	}
	return got, again && got.reason != ""
}

func (p *pass[T]) add(got page[T]) (fresh int) {
	const most = 200_000 // rows to make room for at once, for a total may be anything
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rows == nil {
		room := min(max(got.total, len(got.rows)), most)
		p.rows, p.seen = make([]T, 0, room), make(map[string]int, room)
	}
	p.page++
	for _, row := range got.rows {
		id := p.list.id(row)
		switch p.seen[id] {
		case p.page:
			p.duplicates++
		case 0:
			if id == "" {
				p.withoutID++
				continue
			}
			p.seen[id] = p.page
			if p.list.trim != nil {
				p.list.trim(&row)
			}
			p.rows = append(p.rows, row)
			fresh++
		}
	}
	for _, why := range got.bad {
		if key := "bad " + why; p.seen[key] == 0 {
			p.seen[key] = p.page
			p.bad = append(p.bad, why)
			fresh++
		}
	}
	if got.total >= 0 {
		if p.total >= 0 && got.total != p.total {
			p.changed = true
		}
		p.total = got.total
	}
	if fresh == 0 && got.size() > 0 && p.total < 0 && p.list.maxLogPages == 0 {
		p.repeated = true
	}
	if p.progress != nil {
		p.progress(len(p.rows), max(p.total, 0))
	}
	return fresh
}

// fetchPages reads pages 2 to pages by number, several at a time, because latency and not size is what a walk costs. It
// gives the last page, whose cursor tells whether there is still more.
func (p *pass[T]) fetchPages(ctx context.Context, paging url.Values, pages int) (last page[T], err error) {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(pageWorkers)
	for n := 2; n <= pages && groupCtx.Err() == nil; n++ {
		group.Go(func() error {
			if p.isInconsistent() {
				return nil // this walk will be thrown away: spend nothing more on it
			}
			got, pageErr := p.list.fetch(groupCtx, p.c, pageQuery(paging, n))
			if pageErr != nil {
				return pageErr
			}
			p.add(got)
			if n == pages {
				last = got
			}
			return nil
		})
	}
	if err = group.Wait(); err == nil && ctx.Err() != nil {
		err = context.Cause(ctx) // the loop ended early: what was not asked for is not read
	}
	return last, err
}

func (p *pass[T]) isInconsistent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changed || p.repeated
}

// followPages reads on page by page: by cursor where there is one, else by number while pages are promised, or while
// full pages come from a service that says nothing at all. A cursor is followed even when the total is reached: totals
// may be wrong.
func (p *pass[T]) followPages(
	ctx context.Context, paging url.Values, last page[T], number, fullPage int,
) (reason string, err error) {
	used := map[string]bool{}
	empty := 0
	for {
		var next url.Values
		switch log := p.list.maxLogPages > 0; {
		case last.next != "" && log && number >= p.list.maxLogPages:
			return fmt.Sprintf("only the newest %d were read (%d pages)", len(p.rows), number), nil
		case last.next != "":
			if used[last.next] {
				return "a cursor came twice", nil
			}
			used[last.next] = true
			next = url.Values{"cursor": {last.next}} // never with limit or page: OneLogin refuses the two together
			if log {
				next = url.Values{"after_cursor": {last.next}}
			}
		case log:
			return "", nil
		case last.pages > number,
			last.pages < 0 && last.total < 0 && paging.Has("limit") && last.size() >= fullPage && fullPage >= 50:
			next = pageQuery(paging, number+1)
		default:
			return "", nil
		}
		number++
		if last, err = p.list.fetch(ctx, p.c, next); err != nil {
			return "", err
		}
		fresh := p.add(last)
		if p.isInconsistent() {
			return "", nil
		}
		if fresh > 0 {
			empty = 0
			continue
		}
		if empty++; empty >= maxEmptyPages {
			return fmt.Sprintf("%d pages in a row brought nothing new", empty), nil
		}
	}
}

func pageQuery(paging url.Values, n int) url.Values {
	q := url.Values{"page": {strconv.Itoa(n)}}
	maps.Copy(q, paging)
	return q
}
