package model_test

import (
	"os"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/modeltest"
)

func TestMain(m *testing.M) {
	model.SetAsked(modeltest.Compare)
	os.Exit(m.Run())
}
