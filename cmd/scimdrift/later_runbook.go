package main

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// Place leads to a page of a console.
func (l *later) Place(app string, place model.Place) model.Location {
	if o, there := l.now(); there {
		return o.Place(app, place)
	}
	return model.Location{}
}

// Probe waits for the session, then asks both services.
func (l *later) Probe(ctx context.Context) (*model.Comparison, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Probe(ctx)
}

// Cases waits for the session, then gives its runbooks under way.
func (l *later) Cases(ctx context.Context) ([]runbook.Entry, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Cases(ctx)
}

// KeepCase waits for the session, then keeps a runbook.
func (l *later) KeepCase(ctx context.Context, e runbook.Entry) error {
	o, err := l.outside(ctx)
	if err != nil {
		return err
	}
	return o.KeepCase(ctx, e)
}

// DropCase waits for the session, then forgets a runbook.
func (l *later) DropCase(ctx context.Context, e runbook.Entry) error {
	o, err := l.outside(ctx)
	if err != nil {
		return err
	}
	return o.DropCase(ctx, e)
}

// Record waits for the session, then writes the record of a case.
func (l *later) Record(ctx context.Context, book runbook.Book, c runbook.Case) (text, path string, err error) {
	o, err := l.outside(ctx)
	if err != nil {
		return "", "", err
	}
	return o.Record(ctx, book, c)
}
