package main

import (
	"context"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// Place leads to a page of a console.
func (o outside) Place(app string, place model.Place) model.Location {
	return locator(o.s.connection.OneLogin.Console())(app, place)
}

// Probe asks both services what doctor asks.
func (o outside) Probe(ctx context.Context) (*model.Comparison, error) {
	c, err := o.s.loader.Probe(ctx, o.s.source.Prober(), o.s.reach)
	o.s.stands(c) //nolint:contextcheck // what is known is kept also where the command was cancelled
	return c, err
}

// Cases gives the runbooks under way.
func (o outside) Cases(context.Context) ([]runbook.Entry, error) {
	return o.s.store.Casebook().Entries()
}

// KeepCase keeps a runbook.
func (o outside) KeepCase(_ context.Context, e runbook.Entry) error {
	return o.s.store.Casebook().Keep(e)
}

// DropCase forgets a runbook.
func (o outside) DropCase(_ context.Context, e runbook.Entry) error {
	return o.s.store.Casebook().Drop(e)
}

// Record words a case and writes it to a file.
func (o outside) Record(_ context.Context, book runbook.Book, c runbook.Case) (text, path string, err error) {
	var out strings.Builder
	at := time.Now()
	h := runbook.Header{Connection: o.s.connection.Name, Who: o.s.who(), Host: o.s.host(), Version: version, At: at}
	if err := book.Record(&out, h, c); err != nil {
		return "", "", err
	}
	path, err = o.s.store.Casebook().Record(book.Name, at, []byte(out.String()))
	return out.String(), path, err
}
