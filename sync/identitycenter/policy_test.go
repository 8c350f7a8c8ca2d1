package identitycenter_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/identitycenter"
)

// policies are the actions of the IAM policies, by the ids of their statements, as their JSON has them.
func policies(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, ready := range identitycenter.Policies() {
		text := ready.JSON()
		var policy struct {
			Version   string
			Statement []struct {
				Sid, Effect, Resource string
				Action                []string
			}
		}
		if json.Unmarshal([]byte(text), &policy) != nil || policy.Version != "2012-10-17" {
			t.Fatalf("%s is no policy:\n%s", ready.Sid, text)
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

// calls are the IAM actions of the operations that this package calls, by themselves or through a paginator.
func calls(t *testing.T) (called []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	service := map[string]string{"store": "identitystore", "admin": "sso", "orgs": "organizations"}
	paginator := regexp.MustCompile(`^New(\w+)Paginator$`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "policies.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			operation, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			of, name := operation.X, operation.Sel.Name
			if paged := paginator.FindStringSubmatch(name); paged != nil {
				of, name = call.Args[0], paged[1]
			}
			if client, ok := of.(*ast.SelectorExpr); ok && service[client.Sel.Name] != "" {
				called = append(called, service[client.Sel.Name]+":"+name)
			}
			return true
		})
	}
	slices.Sort(called)
	return slices.Compact(called)
}

// The policies allow exactly what is called, reads in the one and writes with their status in the other.
func TestPoliciesAllowWhatIsCalled(t *testing.T) {
	t.Parallel()
	ready := policies(t)
	called := calls(t)
	write := regexp.MustCompile(`AccountAssignment$|AccountAssignment(Creation|Deletion)Status$`)
	reads := slices.DeleteFunc(slices.Clone(called), write.MatchString)
	writes := slices.DeleteFunc(slices.Clone(called), func(a string) bool { return !write.MatchString(a) })
	if len(reads) < 10 || len(writes) != 4 {
		t.Fatalf("the calls were not found: %v, %v", reads, writes)
	}
	if diff := cmp.Diff(reads, ready["ScimdriftReads"]); diff != "" {
		t.Errorf("reading (-called +policy):\n%s", diff)
	}
	if diff := cmp.Diff(writes, ready["ScimdriftRepairsAssignments"]); diff != "" {
		t.Errorf("repairing (-called +policy):\n%s", diff)
	}
}
