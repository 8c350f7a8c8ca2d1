package filter

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Chloé": "chloe", "CHLOE\u0301": "chloe", "Łukasz": "lukasz", "Straße": "strasse", "STRASSE": "strasse",
		"Ærø": "aero", "İpek": "ipek",
		"ines": "ines", "Żółć": "zolc", "日本": "日本", "a\nb": "a<u+000a>b", "\x01x": "<u+0001>x",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) is %q, want %q", in, got, want)
		}
	}
}

// world is a comparison with one finding of each of some kinds, made by hand so that each fact has one place.
func world() *drift.Comparison {
	c := &drift.Comparison{}
	c.Target.Kind = "aws"
	c.Source.Users = []model.User{
		{
			ID: "101", UserName: "chloé.aziz@corp.example", DisplayName: "Chloé Aziz", Email: "chloé.aziz@corp.example",
			Assigned: true, Standing: "suspended",
		},
	}
	c.Target.Users = []model.User{{
		ID: "t-9f", UserName: "chloé.aziz@corp.example", DisplayName: "Chloé Aziz",
		Email: "chloé.aziz@corp.example", Active: true, Assigned: true,
	}}
	c.Target.Groups = []model.Group{{ID: "g-1", Name: "aws-interns-2022"}}
	c.Findings = []model.Finding{
		{
			ID: "user-still-active/chloe", Kind: model.UserStillActive, Severity: model.Critical,
			Confidence: model.Certain, Cause: model.CauseSourceSuspended,
			Subject: model.Subject{Type: model.SubjectUser, Name: "chloé.aziz@corp.example"}, Source: 0, Target: 0,
			Evidence: []model.Evidence{{What: "SUSPENDED_USER", By: "maya mensah"}},
			Repairs:  []model.Option{{Repair: model.ReapplyMappings, Channel: model.Console}},
		},
		{
			ID: "group-lingering/aws-interns-2022", Kind: model.GroupLingering, Severity: model.High,
			Confidence: model.Likely, Cause: model.CauseSourceDeleted,
			Subject: model.Subject{Type: model.SubjectGroup, Name: "aws-interns-2022"}, Source: model.None, Target: 0,
			Members: []string{"maya@corp.example", "tom@corp.example"},
		},
		{
			ID: "rule-redundant/7", Kind: model.RuleRedundant, Severity: model.Low, Cause: model.CauseTwoRules,
			Subject: model.Subject{Type: model.SubjectRule, Name: "Admins"}, Source: model.None, Target: model.None,
		},
	}
	return c
}

func TestFindings(t *testing.T) {
	t.Parallel()
	const user, group, rule = 0, 1, 2
	for text, want := range map[string][]int{
		"":                            {user, group, rule},
		"chloe AZIZ":                  {user},
		"101":                         {user},
		"t-9f":                        {user},
		"suspended":                   {user},
		`"still active"`:              {user},
		"linger":                      {group},
		`"deleted in onelogin"`:       {group},
		"tom":                         {group},
		"maya":                        {user, group},
		"by:maya":                     {user},
		`by:"maya m"`:                 {user},
		"member:maya":                 {group},
		"!maya":                       {rule},
		"!by:maya":                    {group, rule},
		"sev:critical":                {user},
		"sev:crit,low":                {user, rule},
		"!sev:low":                    {user, group},
		"kind:group":                  {group},
		"kind:lingering":              {group},
		"cause:deleted":               {group},
		"side:target":                 {group},
		"side:both":                   {user},
		"is:user":                     {user},
		"is:rule":                     {rule},
		"is:repairable":               {user},
		"is:likely":                   {group},
		"SEV:High is:group":           {group},
		"sev:high is:user":            {},
		"reapply":                     {user},
		`"no such phrase"`:            {},
		"10:30":                       {},
		`"sev:high"`:                  {},
		"interns sev:high member:tom": {group},
	} {
		q, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := []int{}
		for i, in := range q.Findings(world()) {
			if in {
				got = append(got, i)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestWhatIsNoneOfTheLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"serv:high":   "no field is called serv",
		"kidn:group":  "did you mean kind?",
		"sev:hgih":    "did you mean high?",
		"sev:high,":   "sev: has no value",
		"sev:":        "sev: wants a value: critical, high",
		"by:":         "by: wants a value",
		"kind:grup":   "has no value grup",
		"is:\x1b[2J":  "<U+001B>",
		"urn:a sev:x": "quotes search for the text itself",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	// what is wrong counts for nothing, and the rest does
	q, _ := Parse("sev:high kidn:x")
	if diff := cmp.Diff([]bool{false, true, false}, q.Findings(world())); diff != "" {
		t.Error(diff)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	names := func(f Field) []string {
		return map[Field][]string{By: {"Maya Mensah", "tom"}}[f]
	}
	for _, c := range []struct {
		text, before string
		words        []string
	}{
		{"", "", []string{"sev:", "kind:", "cause:", "side:", "by:", "member:", "is:"}},
		{"admin s", "admin ", []string{"sev:", "side:"}},
		{"!s", "!", []string{"sev:", "side:"}},
		{"sev:", "sev:", []string{"critical", "high", "medium", "low", "info"}},
		{"x !sev:h", "x !sev:", []string{"high"}},
		{"sev:high,l", "sev:high,", []string{"low"}},
		{"sev:high", "sev:", nil},
		{"by:ma", "by:", []string{`"Maya Mensah"`}},
		{"by:men", "by:", []string{`"Maya Mensah"`}},
		{"nope:x", "nope:x", nil},
		{`"sev:`, `"sev:`, nil},
		{"is:tar", "is:", []string{"target-only"}},
	} {
		before, words := Complete(c.text, names)
		if before != c.before || !slices.Equal(words, c.words) {
			t.Errorf("%q: %q %q, want %q %q", c.text, before, words, c.before, c.words)
		}
	}
}

// Every value of every field is taken, and every completion is one.
func TestEveryValueIsTaken(t *testing.T) {
	t.Parallel()
	for f := Severity; f < fieldCount; f++ {
		for _, v := range f.Values() {
			q, err := Parse(f.String() + ":" + v)
			if err != nil || !slices.Equal(q.terms[0].values, []string{v}) {
				t.Errorf("%s:%s: %v %v", f, v, q.terms, err)
			}
		}
	}
}

// A negated word narrows another where it leaves out all that the other does.
func TestANegatedListNarrowsAPartOfIt(t *testing.T) {
	t.Parallel()
	less, _ := Parse("!sev:high")
	more, _ := Parse("!sev:high,low")
	if !more.Narrows(less) || less.Narrows(more) {
		t.Errorf("%q narrows %q: %v, and the other way round: %v", more.Text(), less.Text(), more.Narrows(less),
			less.Narrows(more))
	}
}

// Whatever is typed after another filter and is said to narrow it picks no finding that the other does not.
func TestNarrows(t *testing.T) {
	t.Parallel()
	c := world()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{
			"maya", "m", "ma", "!m", "!ma", "!maya", "sev:", "sev:h", "sev:high", "sev:high,low", "!sev:high",
			"!sev:high,low",
			"kind:user", "by:m", "by:maya", "!by:may", "group", "is:user",
		})
		draw := func(name string) Query {
			q, _ := Parse(strings.Join(rapid.SliceOfN(word, 0, 3).Draw(t, name), " "))
			return q
		}
		before, after := draw("before"), draw("after")
		if !after.Narrows(before) {
			return
		}
		was, is := before.Findings(c), after.Findings(c)
		for i := range is {
			if is[i] && !was[i] {
				t.Fatalf("%q is said to narrow %q, and picks %s besides", after.Text(), before.Text(), c.Findings[i].ID)
			}
		}
	})
}
