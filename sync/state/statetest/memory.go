// Package statetest gives a file system in memory for crash tests: it forgets what was not synced, in any of the ways
// in which a disk may, and stops at whatever operation a test chooses.
package statetest

import (
	"errors"
	"fmt"
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

	dirs  map[string]bool
	files map[string]*node
	// lasting are the names that survive for certain, pending the changes to them that may not, in order.
	lasting map[string]*node
	pending []change
	locks   map[string]*sync.RWMutex
}

// node is the content of a file: now, as synced, and what was done to it since.
type node struct {
	now, synced []byte
	since       []edit
}

// edit adds data, or cuts to a size where that is not negative.
type edit struct {
	data []byte
	cut  int
}

func (e edit) apply(b []byte) []byte {
	if e.cut >= 0 {
		return slices.Clone(b[:min(e.cut, len(b))])
	}
	return append(slices.Clone(b), e.data...)
}

// change puts a file at a name; nil removes the name. A rename is two of them that belong together.
type change struct {
	name     string
	file     *node
	together bool // with the one after it
}

// New makes an empty one. The seed decides what a crash leaves of what was not synced.
func New(seed uint64) *Memory {
	return &Memory{
		rand: rand.New(rand.NewPCG(seed, 0)), dirs: map[string]bool{}, files: map[string]*node{},
		lasting: map[string]*node{}, locks: map[string]*sync.RWMutex{},
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
	for d := range m.dirs {
		after.dirs[d] = true
	}
	names := m.lasting
	for i, n := 0, m.rand.IntN(len(m.pending)+1); i < n || i > 0 && i < len(m.pending) && m.pending[i-1].together; i++ {
		set(names, m.pending[i])
	}
	for name, f := range names {
		b := m.survivor(f)
		after.files[name] = &node{now: b, synced: b}
		after.lasting[name] = after.files[name]
	}
	return after
}

// survivor is what is left of a file: the first of the edits since it was synced, of the last one any part, and now
// and then zeros instead, where the size had reached the disk and the data had not.
func (m *Memory) survivor(f *node) []byte {
	b := slices.Clone(f.synced)
	n := m.rand.IntN(len(f.since) + 1)
	for _, e := range f.since[:n] {
		b = e.apply(b)
	}
	if n < len(f.since) && f.since[n].cut < 0 {
		part := slices.Clone(f.since[n].data[:m.rand.IntN(len(f.since[n].data)+1)])
		if m.rand.IntN(8) == 0 {
			clear(part)
		}
		b = append(b, part...)
	}
	return b
}

func set(names map[string]*node, c change) {
	if c.file == nil {
		delete(names, c.name)
		return
	}
	names[c.name] = c.file
}

// do counts an operation and says whether it happens, and what it gives. part is whether it happens in part only.
func (m *Memory) do(op Op, name string) (happens, part bool, err error) {
	if m.crashed {
		return false, false, ErrCrashed
	}
	m.ops++
	if m.ops == m.crashAt {
		m.crashed = true
		return m.rand.IntN(2) == 0, m.rand.IntN(2) == 0, ErrCrashed
	}
	if m.fail != nil {
		if err := m.fail(op, name); err != nil {
			return op == OpWrite, true, &fs.PathError{Op: string(op), Path: name, Err: err}
		}
	}
	return true, false, nil
}

func (m *Memory) there(op, dir string) error {
	if !m.dirs[dir] {
		return &fs.PathError{Op: op, Path: dir, Err: fs.ErrNotExist}
	}
	return nil
}

func (m *Memory) alive() error {
	if m.crashed {
		return ErrCrashed
	}
	return nil
}

// MkdirAll makes folders, which last.
func (m *Memory) MkdirAll(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir = filepath.Clean(dir)
	if m.dirs[dir] && !m.crashed {
		return nil
	}
	happens, _, err := m.do(OpMkdir, dir)
	for d := dir; happens && !m.dirs[d]; d = filepath.Dir(d) {
		m.dirs[d] = true
	}
	return err
}

// Create makes a new file.
func (m *Memory) Create(name string) (state.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name = filepath.Clean(name)
	if err := errors.Join(m.alive(), m.there("create", filepath.Dir(name))); err != nil {
		return nil, err
	}
	if m.files[name] != nil {
		return nil, &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	happens, _, err := m.do(OpCreate, name)
	f := &node{}
	if happens {
		m.files[name] = f
		m.pending = append(m.pending, change{name: name, file: f})
	}
	if err != nil {
		return nil, err
	}
	return &handle{m: m, name: name, node: f}, nil
}

// Append opens a file to write at its end.
func (m *Memory) Append(name string) (state.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.file("append", name)
	if err != nil {
		return nil, err
	}
	return &handle{m: m, name: filepath.Clean(name), node: f}, nil
}

func (m *Memory) file(op, name string) (*node, error) {
	f := m.files[filepath.Clean(name)]
	if f == nil {
		return nil, errors.Join(m.alive(), &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist})
	}
	return f, m.alive()
}

// ReadFile gives a file as it is now.
func (m *Memory) ReadFile(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.file("read", name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.now), nil
}

// WriteFile puts a file there as if it had always been, for tests that damage one.
func (m *Memory) WriteFile(name string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name = filepath.Clean(name)
	for d := filepath.Dir(name); !m.dirs[d]; d = filepath.Dir(d) {
		m.dirs[d] = true
	}
	f := &node{now: slices.Clone(content), synced: slices.Clone(content)}
	m.files[name], m.lasting[name] = f, f
}

// ReadDir gives the names of files and folders in a folder.
func (m *Memory) ReadDir(dir string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir = filepath.Clean(dir)
	if err := errors.Join(m.alive(), m.there("readdir", dir)); err != nil {
		return nil, err
	}
	var names []string
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
	slices.Sort(names)
	return names, nil
}

// Remove removes a file.
func (m *Memory) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.file("remove", name); err != nil {
		return err
	}
	name = filepath.Clean(name)
	happens, _, err := m.do(OpRemove, name)
	if happens {
		delete(m.files, name)
		m.pending = append(m.pending, change{name: name})
	}
	return err
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
		err = m.rename(fresh, name)
	}
	if err != nil {
		_ = m.Remove(fresh) // it may be gone already
		return err
	}
	return m.SyncDir(filepath.Dir(name))
}

func (m *Memory) rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.file("rename", from)
	if err != nil {
		return err
	}
	from, to = filepath.Clean(from), filepath.Clean(to)
	happens, _, err := m.do(OpRename, to)
	if happens {
		delete(m.files, from)
		m.files[to] = f
		m.pending = append(m.pending, change{name: from, together: true}, change{name: to, file: f})
	}
	return err
}

// SyncDir makes the names in a folder last, and with them all changes before them, as a file system with a journal
// does.
func (m *Memory) SyncDir(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir = filepath.Clean(dir)
	happens, _, err := m.do(OpSyncDir, dir)
	if !happens {
		return err
	}
	last := 0
	for i, c := range m.pending {
		if filepath.Dir(c.name) == dir {
			last = i + 1
		}
	}
	for _, c := range m.pending[:last] {
		set(m.lasting, c)
	}
	m.pending = slices.Clone(m.pending[last:])
	return err
}

func (m *Memory) lock(name string) *sync.RWMutex {
	m.mu.Lock()
	defer m.mu.Unlock()
	name = filepath.Clean(name)
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

// handle is an open file.
type handle struct {
	m    *Memory
	name string
	node *node
}

func (h *handle) edit(e edit) {
	h.node.now = e.apply(h.node.now)
	h.node.since = append(h.node.since, e)
}

func (h *handle) Write(p []byte) (int, error) {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	happens, part, err := h.m.do(OpWrite, h.name)
	if !happens {
		return 0, err
	}
	if part {
		p = p[:len(p)/2]
	}
	h.edit(edit{data: slices.Clone(p), cut: -1})
	return len(p), err
}

func (h *handle) Truncate(size int64) error {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if size < 0 || size > int64(len(h.node.now)) {
		return fmt.Errorf("truncate %s: %d of %d bytes", h.name, size, len(h.node.now))
	}
	happens, _, err := h.m.do(OpTruncate, h.name)
	if happens {
		h.edit(edit{cut: int(size)})
	}
	return err
}

func (h *handle) Sync() error {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	happens, _, err := h.m.do(OpSync, h.name)
	if happens {
		h.node.synced, h.node.since = slices.Clone(h.node.now), nil
	}
	return err
}

func (h *handle) Close() error { return nil }
