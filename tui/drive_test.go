package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
)

func testOptions() Options {
	return Options{
		Now: noon,
		Face: model.Face{Connection: "prod", Accent: "red", Sides: [2]model.SideName{
			{Title: "OneLogin", Short: "OneLogin", Detail: "app 500001"},
			{Title: "AWS IAM Identity Center", Short: "AWS", Detail: "us-east-1"},
		}},
	}
}

func hostileNames() []string {
	return []string{
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\nb", "tab\there", "cr\rback", "\u202eright to left",
		"zero\u200bwidth", "宽字符宽字符宽字符宽字符宽字符",
		strings.Repeat("long-", 200),
		"👩🏽‍🚀 astronaut", "e\u0301\u0301\u0301\u0301 marks", "\xff\xfe broken", "🇩🇪 flag", "", " ",
		"\u0600 arabic sign", "각", "\x9b31m c1",
		"aws-กำลังพล", "aws-प्रिया-शर्मा", "aws-தமிழ்", "aws-বিশ্ববিদ্যালয়", "می\u200cخواهم", "مدیران-مُحَمَّد",
		"ज्ञान स्ते", "ᅡ alone", "aः mixed",
	}
}

// fakeOutside answers from values. Each load takes the next answer; the last one again and again.
type fakeOutside struct {
	mu      sync.Mutex
	answers []func(ctx context.Context, watch drift.Watch) (*drift.Comparison, error)
	loads   int
	refresh func(ctx context.Context, s model.Subject) (*drift.Comparison, error)
	log     []model.Exchange
	budgets Budgets
	caution Caution
	// known is what an earlier program knew.
	known *drift.Comparison
	// browser tells whether there is one.
	browser func(address string) (bool, error)
	// The repairs. What a test does not give is not asked for in it; the history is empty then.
	plan func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error)
	undo func(run string, allow []model.GuardRule) (*model.Plan, error)
	run  func(ctx context.Context, p *model.Plan, why string, watch func(plan.RunProgress)) (model.Run,
		*drift.Comparison, error)
	settles func(run string) (model.Run, error)
	history func() ([]model.Run, error)
	// The runbooks: what is kept, and what was recorded last.
	kept     []runbook.Entry
	recorded runbook.Case
	record   func() (text, path string, err error)
	probe    func() (*drift.Comparison, error)
}

func answer(c *drift.Comparison) func(context.Context, drift.Watch) (*drift.Comparison, error) {
	return func(context.Context, drift.Watch) (*drift.Comparison, error) { return c, nil }
}

func (f *fakeOutside) Load(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	f.mu.Lock()
	load := f.answers[min(f.loads, len(f.answers)-1)]
	f.loads++
	f.mu.Unlock()
	return load(ctx, watch)
}

func (f *fakeOutside) Look(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	return f.Load(ctx, watch)
}

func (f *fakeOutside) Summary(context.Context) *drift.Summary {
	if f.known == nil {
		return nil
	}
	s := f.known.Summary()
	return &s
}

func (f *fakeOutside) Known(context.Context) (*drift.Comparison, error) { return f.known, nil }

func (*fakeOutside) Past(context.Context, *drift.Comparison) drift.Past { return drift.Past{} }

func (f *fakeOutside) Caution() Caution { return f.caution }

func (f *fakeOutside) Refresh(ctx context.Context, s model.Subject) (*drift.Comparison, error) {
	return f.refresh(ctx, s)
}

func (f *fakeOutside) Open(_ context.Context, address string) (bool, error) {
	return f.browser(address)
}

func (f *fakeOutside) Plan(_ context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	return f.plan(picks, allow)
}

func (f *fakeOutside) Undo(_ context.Context, run string, allow []model.GuardRule) (*model.Plan, error) {
	return f.undo(run, allow)
}

func (f *fakeOutside) Run(ctx context.Context, p *model.Plan, _ []model.GuardRule, why string,
	watch func(plan.RunProgress),
) (model.Run, *drift.Comparison, error) {
	return f.run(ctx, p, why, watch)
}

func (f *fakeOutside) Settle(_ context.Context, run string) (model.Run, error) { return f.settles(run) }

func (f *fakeOutside) History(context.Context) ([]model.Run, error) {
	if f.history == nil {
		return nil, nil
	}
	return f.history()
}

func (f *fakeOutside) Place(app string, place model.Place) model.Location {
	return model.Location{
		Link: "https://acme.onelogin.com/apps/" + app + "/edit/",
		Menu: fmt.Sprint("OneLogin > place ", place),
	}
}

func (f *fakeOutside) Probe(context.Context) (*drift.Comparison, error) { return f.probe() }

func (f *fakeOutside) Cases(context.Context) ([]runbook.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.kept), nil
}

func (f *fakeOutside) KeepCase(_ context.Context, e runbook.Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = append(slices.DeleteFunc(f.kept, e.Same), e)
	return nil
}

func (f *fakeOutside) DropCase(_ context.Context, e runbook.Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = slices.DeleteFunc(f.kept, e.Same)
	return nil
}

func (f *fakeOutside) Record(_ context.Context, _ runbook.Book, c runbook.Case) (text, path string, err error) {
	f.recorded = c
	return f.record()
}

func (f *fakeOutside) Requests() []model.Exchange { return f.log }
func (f *fakeOutside) Budgets() Budgets           { return f.budgets }

// board is a program with a comparison on it, driven message by message without the framework's loop; commands are not
// run, so that nothing but what the test sends can happen.
func board(tb testing.TB, c *drift.Comparison, width, height int, change ...func(*Options)) *app {
	tb.Helper()
	opts := testOptions()
	for _, f := range change {
		f(&opts)
	}
	a := newApp(tb.Context(), &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(c)}}, opts)
	a.Update(tea.WindowSizeMsg{Width: width, Height: height})
	a.Init()
	a.tell(func() { a.receiveHistory(a.historyRequest, nil, nil) })
	tb.Cleanup(func() {
		if a.Fetch.Cancel != nil {
			a.Fetch.Cancel()
		}
	})
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c)})
	return a
}

// press sends keys by the names that people write.
func (a *app) press(keys ...string) {
	for _, k := range keys {
		a.Update(a.own(k))
		a.settle()
	}
}

// settle brings an open inspector what it has asked for, which the framework's loop would do.
func (a *app) settle() {
	if s := a.inspector(); s != nil && !s.Gone {
		if cmd := s.Renew(a.Set); cmd != nil {
			a.Update(cmd())
		}
	}
}

// tell does what an answer would do.
func (a *app) tell(take func()) { a.Update(screen.Handled(take)) }

// logs brings a log the requests that were made.
func (a *app) logs(on *requests.Screen, made []model.Exchange) tea.Cmd {
	a.outside.(*fakeOutside).log = made
	_, cmd := a.Update(on.Ask())
	return cmd
}

// write types text.
func (a *app) write(text string) {
	for _, r := range text {
		a.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// own is a key by its usual name, as it is where every action was given another.
func (a *app) own(k string) tea.KeyPressMsg {
	if a.prompt == nil && len(a.opts.Keys) == len(a.actions) {
		usual := KeyMap(a.opts.Views)
		for i := range a.actions {
			if act := &a.actions[i]; key.Matches(keyOf(k), usual[i].Binding) && a.isAvailable(act) {
				return keyOf(act.Binding.Keys()[0])
			}
		}
	}
	return keyOf(k)
}

func keyOf(k string) tea.KeyPressMsg {
	switch k {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "ctrl+p":
		return tea.KeyPressMsg{Code: 'p', Mod: tea.ModCtrl}
	case "ctrl+c":
		return tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	case "ctrl+d":
		return tea.KeyPressMsg{Code: 'd', Mod: tea.ModCtrl}
	default:
		r := []rune(k)[0]
		return tea.KeyPressMsg{Code: r, Text: k}
	}
}

// screenLines is what the terminal would show, with styles.
func (a *app) screenLines() []string { return strings.Split(a.View().Content, "\n") }

func sized(width, height int) tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: width, Height: height}
}

// single is a frame with runs of spaces made one, for what stands in columns.
func single(frame string) string { return strings.Join(strings.Fields(frame), " ") }
