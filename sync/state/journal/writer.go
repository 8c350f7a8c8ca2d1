package journal

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
)

// Writer writes the journal of one run. Its methods may be called at the same time.
type Writer struct {
	id  string
	now func() time.Time

	mu   sync.Mutex
	file state.File
	// intentTried holds every step of the plan, true once its intent was tried.
	intentTried map[string]bool
	// size is how long the file is; partialLine: it may end within a line.
	size        int64
	partialLine bool
	// writeErr is why a record did not reach the disk. From then on nothing may be sent.
	writeErr error
	ended    bool
	// release lets go of the connection; nil after Close.
	release func()
}

// ID is the run's.
func (w *Writer) ID() string { return w.id }

var errClosed = errors.New("the journal of this run is closed; start a new run")

// Intent says that a step is about to be sent, with what it will change as it is now. It returns without an error
// when that is on the disk, and only then may the step be sent. A step has one intent. After a record that did not
// reach the disk every intent fails, because what the file holds is not known any more.
func (w *Writer) Intent(step string, backup []model.Backup) error {
	return w.write(line{Kind: lineIntent, At: w.now(), Step: step, Backup: backup}, func() error {
		begun, known := w.intentTried[step]
		switch {
		case w.writeErr != nil:
			return w.writeErr
		case !known:
			return w.unplannedError(step)
		case begun:
			return fmt.Errorf("step %s was begun before and is not sent twice; read both sides and make a new plan",
				model.Visible(step))
		}
		w.intentTried[step] = true
		return nil
	})
}

func (w *Writer) unplannedError(step string) error {
	return fmt.Errorf("step %s is not in the plan of run %s; make a new plan", model.Visible(step), w.id)
}

// Outcome says what became of a step. Its backup stays that of the intent; At is the clock's if it is zero. It is tried
// even after a record did not reach the disk, because what is known about a step that was sent must not be kept back.
func (w *Writer) Outcome(rec model.StepRecord) error {
	return w.write(outcomeLine(&rec, w.now()), func() error {
		if _, known := w.intentTried[rec.ID]; !known {
			return w.unplannedError(rec.ID)
		}
		return isOutcome(rec.ID, rec.State)
	})
}

func outcomeLine(rec *model.StepRecord, now time.Time) line {
	l := line{
		Kind: lineOutcome, At: rec.At, Step: rec.ID, State: rec.State, Detail: rec.Detail,
		CreatedID: rec.CreatedID, Found: rec.Found, Settled: rec.Settled, Beyond: rec.Beyond,
	}
	if l.At.IsZero() {
		l.At = now
	}
	return l
}

// End says that the run is over: done, incomplete or cancelled. After it nothing but Close is of use.
func (w *Writer) End(state model.RunState) error {
	return w.write(line{Kind: lineEnd, At: w.now(), Ended: state}, func() error { return isEnding(state) })
}

// write writes a line, unless the journal is closed or refused has something against it.
func (w *Writer) write(l line, refused func() error) error {
	content, err := encode(l)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.release == nil {
		return errClosed
	}
	if err == nil {
		err = refused()
	}
	if err == nil {
		err = w.writeRecord(content)
	}
	w.ended = err == nil && l.Kind == lineEnd
	return err
}

// Close lets go of the connection. A run that was not ended is interrupted from then on. It may be called again.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.release == nil {
		return nil
	}
	w.release()
	w.release = nil
	return w.file.Close()
}

// writeRecord writes a record and returns when it is on the disk. What a full disk took of one is taken back, so that
// no line is cut short; if that fails as well, the next record starts on a line of its own.
func (w *Writer) writeRecord(content []byte) error {
	if w.partialLine {
		content = append([]byte("\n"), content...)
	}
	n, err := w.file.Write(content)
	if err == nil {
		w.size += int64(n)
		w.partialLine = false
		err = w.file.Sync()
	} else if n > 0 {
		w.partialLine = w.file.Truncate(w.size) != nil
	}
	if err != nil {
		w.writeErr = fmt.Errorf("the journal of run %s cannot be written (%w), so nothing more is sent; make room for "+
			"it or make it writable, then settle the run", w.id, err)
		return w.writeErr
	}
	return nil
}
