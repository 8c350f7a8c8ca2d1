package onelogin

// ToCome is how many requests the lists that are being read are still going to take, as far as their first pages tell:
// 0 before those are there. It costs no request. Lists that are only known to be wanted when others have been read, and
// what is asked of single records, come on top.
func (c *Client) ToCome() int { return int(c.toCome.Load()) }

func (p page[T]) promised() int {
	switch {
	case p.pages > maxPages:
		return 0 // a mistake
	case p.pages > 0:
		return p.pages - 1
	case p.total > len(p.rows) && len(p.rows) > 0:
		return min((p.total-1)/len(p.rows), maxPages)
	}
	return 0
}

func (p *pass[T]) owe(first page[T]) {
	p.owed = first.promised()
	p.c.toCome.Add(int64(p.owed))
}

// pay takes off one page that is about to be asked for.
func (p *pass[T]) pay() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.owed > 0 {
		p.owed--
		p.c.toCome.Add(-1)
	}
}

// waive takes off what the walk ended without.
func (p *pass[T]) waive() {
	p.c.toCome.Add(-int64(p.owed))
	p.owed = 0
}
