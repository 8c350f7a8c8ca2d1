// Package statetest gives a file system in memory for crash tests: it forgets what was not synced, in any of the ways
// in which a disk may, and stops at whatever operation a test chooses.
package statetest

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/scimdrift/scimdrift/sync/state"
)

// ErrCrashed is what every operation gives from the crash on.
var ErrCrashed = errors.New("the machine has crashed")

// Op is an operation that changes something.
type Op string

// The operations.
const (
	OpMkdir    Op = "mkdir"
	OpCreate   Op = "create"
	OpWrite    Op = "write"
	OpTruncate Op = "truncate"
	OpSync     Op = "sync"
	OpRemove   Op = "remove"
	OpRename   Op = "rename"
	OpSyncDir  Op = "syncdir"
)

// Memory is a state.FS in memory. Only operations that change something are counted; locks are none of them. It is safe
// for many goroutines.
type Memory struct {
	mu sync.Mutex
	// fail refuses operations.
	fail func(op Op, name string) error
	rand *rand.Rand

	ops, crashAt int
	crashed      bool

	dirs map[string]bool
	// files are those of now, durable the names that survive for certain, and pending the changes to names that may
	// not, in order.
	files, durable map[string]*node
	pending        []nameChange
	locks          map[string]*sync.RWMutex
}

// node is the content of a file: now, and as synced. Neither is ever written to.
type node struct{ now, synced []byte }

type nameChange struct {
	dir   string
	apply func(names map[string]*node)
}

// New makes an empty one. The seed decides what a crash leaves of what was not synced.
func New(seed uint64) *Memory {
	return &Memory{
		rand: rand.New(rand.NewPCG(seed, 0)), dirs: map[string]bool{}, files: map[string]*node{},
		durable: map[string]*node{}, locks: map[string]*sync.RWMutex{},
	}
}

// CrashAt makes the nth operation from now on, counted from 1, and all after it fail. Whether the nth still happens,
// in full or in part, the seed decides. 0 never crashes.
func (m *Memory) CrashAt(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ops, m.crashAt = 0, n
}

// Ops counts the operations since CrashAt, or since the beginning.
func (m *Memory) Ops() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ops
}

// Fail lets a function refuse operations: those for which it gives an error do not happen. A write that is refused has
// written the first half of what it should.
func (m *Memory) Fail(refuse func(op Op, name string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = refuse
}

// Restart gives the file system as it is found after the machine went down: with all that was synced, with some or
// none of what was not, and without any lock. The old one is dead.
func (m *Memory) Restart() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.crashed = true
	after := New(m.rand.Uint64())
	after.dirs = m.dirs
	for _, c := range m.pending[:m.rand.IntN(len(m.pending)+1)] {
		c.apply(m.durable)
	}
	for name, f := range m.durable {
		b := m.contentAfterCrash(f)
		after.files[name] = &node{now: b, synced: b}
		after.durable[name] = after.files[name]
	}
	return after
}

// contentAfterCrash is what is left of a file: what was synced, or what both that and the file of now begin with and
// any part of what the latter goes on with; now and then zeros instead, where the size had reached the disk and the
// data had not.
func (m *Memory) contentAfterCrash(f *node) []byte {
	if m.rand.IntN(4) == 0 {
		return f.synced
	}
	same := 0
	for same < min(len(f.now), len(f.synced)) && f.now[same] == f.synced[same] {
		same++
	}
	b := slices.Clone(f.now[:same+m.rand.IntN(len(f.now)-same+1)])
	if m.rand.IntN(8) == 0 {
		clear(b[same:])
	}
	return b
}

// change does an operation, unless there is an error in the way of it. do is told to do half of it only, as far as
// there are halves.
func (m *Memory) change(op Op, name string, before func() error, do func(half bool)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.crashed {
		return ErrCrashed
	}
	if err := before(); err != nil || op == "" {
		return err
	}
	m.ops++
	if m.ops == m.crashAt {
		if m.crashed = true; m.rand.IntN(2) == 0 {
			do(m.rand.IntN(2) == 0)
		}
		return ErrCrashed
	}
	if m.fail != nil {
		if err := m.fail(op, name); err != nil {
			if op == OpWrite {
				do(true)
			}
			return &fs.PathError{Op: string(op), Path: name, Err: err}
		}
	}
	do(false)
	return nil
}

func noPrecondition() error { return nil }

// fileExists refuses an operation on a file that is not there.
func (m *Memory) fileExists(name string) func() error {
	return func() error {
		if m.files[name] == nil {
			return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return nil
	}
}

// query is change for what changes nothing.
func (m *Memory) query(before func() error) error { return m.change("", "", before, nil) }

// rename changes names in a folder, now and some time on the disk.
func (m *Memory) rename(in string, apply func(names map[string]*node)) {
	apply(m.files)
	m.pending = append(m.pending, nameChange{filepath.Dir(in), apply})
}

func (m *Memory) mkdir(dir string) {
	for ; !m.dirs[dir]; dir = filepath.Dir(dir) {
		m.dirs[dir] = true
	}
}

// dirExists refuses what is in no folder that is there.
func (m *Memory) dirExists(dir string) error {
	if !m.dirs[dir] {
		return &fs.PathError{Op: "open", Path: dir, Err: fs.ErrNotExist}
	}
	return nil
}

// MkdirAll makes folders, which last.
func (m *Memory) MkdirAll(dir string) error {
	if m.query(func() error { return m.dirExists(dir) }) == nil {
		return nil
	}
	return m.change(OpMkdir, dir, noPrecondition, func(bool) { m.mkdir(dir) })
}

// Create makes a new file.
func (m *Memory) Create(name string) (state.File, error) {
	f := &node{}
	err := m.change(OpCreate, name, func() error {
		if m.files[name] != nil {
			return &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
		}
		return m.dirExists(filepath.Dir(name))
	}, func(bool) { m.rename(name, func(names map[string]*node) { names[name] = f }) })
	if err != nil {
		return nil, err
	}
	return &handle{m: m, name: name, node: f}, nil
}

// Append opens a file to write at its end.
func (m *Memory) Append(name string) (state.File, error) {
	h := &handle{m: m, name: name}
	err := m.query(func() error {
		h.node = m.files[name]
		return m.fileExists(name)()
	})
	return h, err
}

// ReadFile gives a file as it is now.
func (m *Memory) ReadFile(name string) (content []byte, err error) {
	err = m.query(func() error {
		err := m.fileExists(name)()
		if err == nil {
			content = slices.Clone(m.files[name].now)
		}
		return err
	})
	return content, err
}

// WriteFile puts a file there as if it had always been, for tests that damage one.
func (m *Memory) WriteFile(name string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mkdir(filepath.Dir(name))
	f := &node{now: content, synced: content}
	m.files[name], m.durable[name] = f, f
}

// ReadDir gives the names of files and folders in a folder.
func (m *Memory) ReadDir(dir string) (names []string, err error) {
	err = m.query(func() error {
		for name := range m.files {
			if filepath.Dir(name) == dir {
				names = append(names, filepath.Base(name))
			}
		}
		for name := range m.dirs {
			if filepath.Dir(name) == dir && name != dir {
				names = append(names, filepath.Base(name))
			}
		}
		return m.dirExists(dir)
	})
	slices.Sort(names)
	return names, err
}

// Remove removes a file.
func (m *Memory) Remove(name string) error {
	return m.change(OpRemove, name, m.fileExists(name), func(bool) {
		m.rename(name, func(names map[string]*node) { delete(names, name) })
	})
}

// Replace puts a file in place as the machine's does: by a new one with another name that is synced and renamed.
func (m *Memory) Replace(name string, content io.Reader) error {
	all, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	m.mu.Lock()
	fresh := name + strconv.Itoa(m.rand.Int())
	m.mu.Unlock()
	f, err := m.Create(fresh)
	if err != nil {
		return err
	}
	_, err = f.Write(all)
	if err = errors.Join(err, f.Sync()); err == nil {
		err = m.change(OpRename, name, noPrecondition, func(bool) {
			m.rename(name, func(names map[string]*node) {
				names[name] = names[fresh]
				delete(names, fresh)
			})
		})
	}
	if err != nil {
		_ = m.Remove(fresh) // it may be gone already
		return err
	}
	return m.SyncDir(filepath.Dir(name))
}

// SyncDir makes the names in a folder last, and with them all changes before them, as a file system with a journal
// does.
func (m *Memory) SyncDir(dir string) error {
	return m.change(OpSyncDir, dir, noPrecondition, func(bool) {
		last := len(m.pending)
		for last > 0 && m.pending[last-1].dir != dir {
			last--
		}
		for _, c := range m.pending[:last] {
			c.apply(m.durable)
		}
		m.pending = m.pending[last:]
	})
}

func (m *Memory) lock(name string) *sync.RWMutex {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locks[name] == nil {
		m.locks[name] = &sync.RWMutex{}
	}
	return m.locks[name]
}

// Lock takes a lock.
func (m *Memory) Lock(name string, wait bool) (release func(), ok bool, err error) {
	l := m.lock(name)
	if wait {
		l.Lock()
	} else if !l.TryLock() {
		return nil, false, nil
	}
	return sync.OnceFunc(l.Unlock), true, nil
}

// Locked reports whether somebody holds a lock.
func (m *Memory) Locked(name string) (bool, error) {
	l := m.lock(name)
	if !l.TryRLock() {
		return true, nil
	}
	l.RUnlock()
	return false, nil
}

type handle struct {
	m    *Memory
	name string
	node *node
}

func (h *handle) Write(p []byte) (n int, err error) {
	err = h.m.change(OpWrite, h.name, noPrecondition, func(half bool) {
		if n = len(p); half {
			n /= 2
		}
		h.node.now = slices.Concat(h.node.now, p[:n])
	})
	return n, err
}

func (h *handle) Truncate(size int64) error {
	return h.m.change(OpTruncate, h.name, noPrecondition, func(bool) { h.node.now = h.node.now[:size] })
}

func (h *handle) Sync() error {
	return h.m.change(OpSync, h.name, noPrecondition, func(bool) { h.node.synced = h.node.now })
}

func (h *handle) Close() error { return nil }
