package repair_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain takes a quarter of the random worlds under the race detector, unless somebody asks for a number: CI draws all of them
// without it.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if underRace && !asked {
		if err := flag.Set("rapid.checks", "25"); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
