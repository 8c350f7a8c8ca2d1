package onelogin

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// The first pages tell what a load is going to take, before it has taken it and without a request of its own; when it
// has ended, in whatever way, nothing is to come any more.
func TestFirstPagesTellWhatIsToCome(t *testing.T) {
	t.Parallel()
	for name, knobs := range map[string]sim.Knobs{
		"as documented":       {},
		"pages that lie":      {Paging: []fault.Paging{{List: "users", Total: true}}},
		"rows that are short": {Paging: []fault.Paging{{List: "users", Vanish: true}}},
		"no users in roles":   {IgnoreRoleFields: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, 950, knobs, "manage_all")
			c := tenant.client
			first := 0
			_, coverage := c.Users(t.Context(), func(done, expected int) {
				if first == 0 && done < expected {
					first = c.Requests() + c.ToCome()
				}
			})
			if _, groups, _ := c.Roles(t.Context(), nil); groups.State == model.Unknown {
				t.Fatal(groups)
			}
			if c.ToCome() != 0 {
				t.Errorf("%d requests are still to come after the end", c.ToCome())
			}
			if pages := 10; coverage.Complete() && first < pages || first > c.Requests() {
				t.Errorf("the first page foresaw %d requests, of which %d were sent", first, c.Requests())
			}
		})
	}
}
