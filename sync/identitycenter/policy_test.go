package identitycenter_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// policies are the IAM policies of the README, by the ids of their statements.
func policies(t *testing.T) map[string][]string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(readme, -1) {
		var policy struct {
			Version   string
			Statement []struct {
				Sid, Effect, Resource string
				Action                []string
			}
		}
		if json.Unmarshal(block[1], &policy) != nil || policy.Version != "2012-10-17" {
			continue // another kind of JSON
		}
		for _, s := range policy.Statement {
			if s.Effect != "Allow" || s.Resource != "*" {
				t.Errorf("%s is no policy that works as it stands: %+v", s.Sid, s)
			}
			out[s.Sid] = slices.Sorted(slices.Values(s.Action))
		}
	}
	return out
}

// calls are the IAM actions of the operations that this package calls, and those that its texts name.
func calls(t *testing.T) (called, named []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	service := map[string]string{"store": "identitystore", "admin": "sso", "orgs": "organizations"}
	action := regexp.MustCompile(`^(identitystore|sso|organizations):[A-Z]\w+$`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				operation, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if client, ok := operation.X.(*ast.SelectorExpr); ok && service[client.Sel.Name] != "" {
					called = append(called, service[client.Sel.Name]+":"+operation.Sel.Name)
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && action.MatchString(text) {
					named = append(named, text)
				}
			}
			return true
		})
	}
	slices.Sort(called)
	slices.Sort(named)
	return slices.Compact(called), slices.Compact(named)
}

// The policies of the README allow exactly what is called, reads in the one and writes with their status in the other; and every
// action that may be missing is named when it is.
func TestPoliciesAllowWhatIsCalled(t *testing.T) {
	t.Parallel()
	ready := policies(t)
	called, named := calls(t)
	write := regexp.MustCompile(`AccountAssignment$|AccountAssignment(Creation|Deletion)Status$`)
	reads := slices.DeleteFunc(slices.Clone(called), write.MatchString)
	writes := slices.DeleteFunc(slices.Clone(called), func(a string) bool { return !write.MatchString(a) })
	if len(reads) < 10 || len(writes) != 4 {
		t.Fatalf("the calls were not found: %v, %v", reads, writes)
	}
	if diff := cmp.Diff(reads, ready["ScimdriftReads"]); diff != "" {
		t.Errorf("reading (-called +README):\n%s", diff)
	}
	if diff := cmp.Diff(writes, ready["ScimdriftRepairsAssignments"]); diff != "" {
		t.Errorf("repairing (-called +README):\n%s", diff)
	}
	// What accounts and permission sets are called is a comfort: without it their ids show, and nothing is said.
	quiet := []string{"organizations:ListAccounts", "sso:DescribePermissionSet"}
	loud := slices.DeleteFunc(slices.Clone(called), func(a string) bool { return slices.Contains(quiet, a) })
	if diff := cmp.Diff(loud, named); diff != "" {
		t.Errorf("texts (-called +named):\n%s", diff)
	}
}
