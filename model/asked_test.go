package model_test

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
)

// asked compares two sides as a load does, with what is asked directly.
func asked(src rules.Source, tgt model.Directory, o drift.Options) *drift.Comparison {
	return modeltest.Compare(src, tgt, o)
}
