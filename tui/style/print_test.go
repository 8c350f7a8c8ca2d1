package style_test

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/tui/style"
)

func TestEveryRoleOfAReportHasALookOfItsOwn(t *testing.T) {
	t.Parallel()
	looks := map[string]report.Role{}
	for role := report.Info; role <= report.Title; role++ {
		look := style.Print(role, "x")
		if other, twice := looks[look]; twice || look == "x" || ansi.Strip(look) != "x" {
			t.Errorf("role %d is shown as %q, as is %d", role, look, other)
		}
		looks[look] = role
	}
}
