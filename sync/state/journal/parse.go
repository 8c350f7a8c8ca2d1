package journal

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// parsedRun is a run as its file tells it.
type parsedRun struct {
	model.Run

	pid int
	// hasLine: the file holds a whole line. Begin returns after the first is on the disk, so without one nothing was
	// ever sent.
	hasLine bool
	// linesLost: lines cannot be read that may have been about any step.
	linesLost bool
	// size is how much of the file is whole lines, or a last one that lacks its newline only, which noFinalNewline
	// says. What follows was cut short.
	size           int64
	noFinalNewline bool
	// lastTime is the last time that a line carries.
	lastTime time.Time
}

// parse reads a journal. Nothing in it, in whatever order, is an error: what cannot be read becomes a sentence in
// Damage.
func parse(id, fingerprint string, content []byte) *parsedRun {
	p := &parser{
		parsedRun: parsedRun{Run: model.Run{ID: id, State: model.RunInterrupted, Headless: true}},
		steps:     map[string]int{}, openIntents: map[string]bool{},
	}
	p.Plan = &model.Plan{Fingerprint: fingerprint}
	for n := 1; len(content) > 0; n++ {
		raw, rest, whole := bytes.Cut(content, []byte("\n"))
		content = rest
		if whole {
			p.hasLine = true
			p.size += int64(len(raw)) + 1
		}
		if len(raw) > 0 || !whole { // a writer starts with an empty line after a record that it could not take back
			p.parseLine(n, raw, whole)
		}
	}
	p.finish()
	return &p.parsedRun
}

type parser struct {
	parsedRun

	// steps finds a step's place by its id; openIntents marks those with an intent and no outcome after it.
	steps       map[string]int
	openIntents map[string]bool
}

func (p *parser) addDamage(n int, what string) {
	p.Damage = append(p.Damage, fmt.Sprintf("line %d: %s", n, what))
}

func (p *parser) parseLine(n int, raw []byte, whole bool) {
	l, err := decode(raw)
	if err != nil && !whole {
		p.Damage = append(p.Damage, fmt.Sprintf("line %d is cut short, as a kill leaves it; the lines before it "+
			"are whole", n))
		return
	}
	if err != nil {
		p.addDamage(n, err.Error())
		p.linesLost = true
		return
	}
	if !whole {
		p.size += int64(len(raw))
		p.noFinalNewline = true
	}
	if l.At.After(p.lastTime) {
		p.lastTime = l.At
	}
	switch l.Kind {
	case lineHead:
		p.parseHead(n, &l)
	case lineIntent:
		p.parseIntent(n, &l)
	case lineOutcome:
		p.parseOutcome(n, &l)
	case lineEnd:
		p.State, p.EndedAt = l.Ended, l.At
	}
}

func (p *parser) parseHead(n int, l *line) {
	switch {
	case !p.Headless || len(p.Steps) > 0:
		p.addDamage(n, "a second head")
		p.linesLost = true
		return
	case l.Run != p.ID || l.Fingerprint != p.Plan.Fingerprint:
		p.addDamage(n, "it is of another run or connection, the file was moved; put it back")
		p.linesLost = true
		return
	}
	p.Headless = false
	p.Plan, p.StartedAt, p.pid = l.Plan, l.At, l.PID
	p.Plan.Connection = l.Connection // as it was called by whoever ran it, wherever the plan is from
	p.Who, p.Host, p.Version, p.Reason, p.Allow = l.Who, l.Host, l.Version, l.Reason, l.Allow
	p.Steps = make([]model.StepRecord, len(l.Plan.Steps))
	for i := range l.Plan.Steps {
		p.Steps[i] = model.StepRecord{ID: l.Plan.Steps[i].ID, State: model.StepQueued}
		p.steps[l.Plan.Steps[i].ID] = i
	}
}

// stepRecord finds the record of a line's step. Without a head the plan's steps are those that the lines name.
func (p *parser) stepRecord(n int, l *line) *model.StepRecord {
	i, ok := p.steps[l.Step]
	if !ok && !p.Headless {
		p.addDamage(n, "it is about a step that the plan does not have")
		return nil
	}
	if !ok {
		i = len(p.Steps)
		p.steps[l.Step] = i
		p.Steps = append(p.Steps, model.StepRecord{ID: l.Step, State: model.StepQueued})
		p.Plan.Steps = append(p.Plan.Steps, model.Step{ID: l.Step})
	}
	return &p.Steps[i]
}

func (p *parser) parseIntent(n int, l *line) {
	s := p.stepRecord(n, l)
	if s == nil {
		return
	}
	if s.State != model.StepQueued {
		p.addDamage(n, "step "+model.Visible(l.Step)+" begins a second time")
	}
	s.State, s.At, s.Backup = model.StepInDoubt, l.At, l.Backup
	s.Detail, s.CreatedID = "", ""
	p.openIntents[l.Step] = true
}

func (p *parser) parseOutcome(n int, l *line) {
	s := p.stepRecord(n, l)
	if s == nil {
		return
	}
	if s.State == model.StepQueued && mayHaveHappened(l.State) && p.Plan.Steps[p.steps[l.Step]].Request != nil {
		p.addDamage(n, "step "+model.Visible(l.Step)+" ends, and the line is lost that kept what it was to change")
	}
	s.State, s.At, s.Detail, s.CreatedID = l.State, l.At, l.Detail, l.CreatedID
	s.Found, s.Settled, s.Beyond = l.Found, l.Settled, l.Beyond
	delete(p.openIntents, l.Step)
}

// finish says what follows from the whole of it. A step of which no line is left may have been sent if lines were lost:
// steps have their turn in order, and each that had it leaves a line, as all do in a run that is done.
func (p *parser) finish() {
	if p.Headless {
		p.StartedAt = startTime(p.ID)
		if p.hasLine {
			p.Damage = slices.Insert(p.Damage, 0, "the head cannot be read: what the run was to do is not known")
		}
	}
	turns := len(p.Steps)
	for p.State != model.RunDone && turns > 0 && p.Steps[turns-1].State == model.StepQueued {
		turns--
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.State == model.StepQueued && i < turns && !p.linesLost {
			p.Damage = append(p.Damage, "no line is left of step "+model.Visible(s.ID)+", which had its turn")
		}
		switch {
		case s.State == model.StepQueued && (p.linesLost || i < turns):
			s.State, s.Detail = model.StepInDoubt, "lines of the journal are lost that may have been about it"
		case s.State == model.StepQueued && p.State != model.RunInterrupted:
			s.State, s.At = model.StepCancelled, p.EndedAt
		case p.openIntents[s.ID]:
			s.Detail = openDetail
		}
	}
}

// openDetail is what is said of a step with an intent and no outcome.
const openDetail = "it was begun, and the journal does not say how it went"

// markLive marks the run of a process that is at it: what it has begun is not in doubt.
func (t *parsedRun) markLive() {
	t.State = model.RunRunning
	for i := range t.Steps {
		if s := &t.Steps[i]; s.State == model.StepInDoubt && s.Detail == openDetail {
			s.State, s.Detail = model.StepRunning, ""
		}
	}
}
