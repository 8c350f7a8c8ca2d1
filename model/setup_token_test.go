package model_test

import (
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestSetupOfTheTokensAge(t *testing.T) {
	t.Parallel()
	const dayLong = 24 * time.Hour
	ago := func(days int) time.Time { return setupAt.Add(-time.Duration(days) * dayLong) }
	in := func(d time.Duration) model.TokenFacts {
		return model.TokenFacts{At: ago(1), FirstSeen: ago(40), Ends: setupAt.Add(d), EndsBy: model.TokenConfigured}
	}
	with := func(f model.TokenFacts, edit ...func(*world, *drift.Options)) func(*world, *drift.Options) {
		return func(w *world, o *drift.Options) {
			o.Facts.Token = f
			for _, e := range edit {
				e(w, o)
			}
		}
	}
	generic := func(w *world, _ *drift.Options) { w.kind = "generic" }
	answers := func(_ *world, o *drift.Options) { o.Facts.Target.Answered = true }
	cases := []setupCase{
		{name: "nobody looked", change: with(model.TokenFacts{}), want: model.CheckUnknown},
		{
			name: "no token", change: with(model.TokenFacts{At: ago(0), None: true}), want: model.CheckLook,
			seen: "no SCIM token",
		},
		{
			name: "far from its end", change: with(in(31 * dayLong)), want: model.CheckFine,
			seen: "first used here on 2026-10-14, 40 days ago; it ends in 31 days, on 2026-12-24 (by " +
				"target.token_expires)",
		},
		{
			name: "thirty days", change: with(in(30 * dayLong)), want: model.CheckMend, severity: model.Info,
			seen: "ends in 30 days", todo: "without a gap",
		},
		{
			name: "a little over seven", change: with(in(7*dayLong + time.Second)), want: model.CheckMend,
			severity: model.Info,
		},
		{
			name: "seven days", change: with(in(7 * dayLong)), want: model.CheckMend, severity: model.Medium,
			seen: "ends in 7 days",
		},
		{
			name: "the last hours", change: with(in(time.Hour)), want: model.CheckMend, severity: model.Medium,
			seen: "ends within a day",
		},
		{
			name: "over", change: with(in(-3 * dayLong)), want: model.CheckMend, severity: model.High,
			seen: "ended 3 days ago",
		},
		{
			name: "over, and still accepted", change: with(in(-3*dayLong), answers), want: model.CheckLook,
			seen: "accepts it still", todo: "token_expires",
		},
		{
			name: "nothing says, AWS", change: with(model.TokenFacts{At: ago(0), FirstSeen: ago(40)}),
			want: model.CheckLook, seen: "on 2027-10-14 at the latest", todo: "token_expires",
		},
		{
			name: "nothing says, AWS, nearly a year", change: with(model.TokenFacts{At: ago(0), FirstSeen: ago(340)}),
			want: model.CheckMend, severity: model.Info, seen: "at the latest",
		},
		{
			name: "nothing says, elsewhere", change: with(model.TokenFacts{At: ago(0), FirstSeen: ago(400)}, generic),
			want: model.CheckLook, seen: "nothing says when it ends",
		},
		{
			name:   "the program began after the read",
			change: with(model.TokenFacts{At: setupAt.Add(20 * dayLong), Ends: setupAt.Add(25 * dayLong)}),
			want:   model.CheckMend, severity: model.Medium, seen: "ends in 5 days",
		},
	}
	for i := range cases {
		cases[i].id = model.SetupTokenAge
	}
	runSetupCases(t, cases)
}

func TestTheHeaderWarnsFromSevenDaysOn(t *testing.T) {
	t.Parallel()
	end := model.TokenFacts{Ends: setupAt, EndsBy: model.TokenDated}.End("generic")
	for left, want := range map[time.Duration]string{
		7*24*time.Hour + time.Second: "",
		7 * 24 * time.Hour:           "SCIM token ends in 7 days",
		25 * time.Hour:               "SCIM token ends in 1 day",
		time.Hour:                    "SCIM token ends within a day",
		-time.Hour:                   "SCIM token has ended",
		-49 * time.Hour:              "SCIM token ended 2 days ago",
	} {
		if got := end.Warning(setupAt.Add(-left)); got != want {
			t.Errorf("%s before its end: %q, want %q", left, got, want)
		}
	}
	if got := (model.TokenEnd{}).Warning(setupAt); got != "" {
		t.Errorf("an end that nobody knows: %q", got)
	}
}
