package simulator

import (
	"container/heap"
	"context"
	"time"
)

// task is something that will happen. It runs with the simulator's mutex held.
type task struct {
	at    time.Time
	order uint64 // of those at the same moment
	do    func()
	index int // in the heap; -1 once it is not in it
}

// agenda is all that will happen, the earliest first.
type agenda struct {
	tasks []*task
	last  uint64
	wake  chan struct{} // one token: the earliest changed
}

func newAgenda() agenda { return agenda{wake: make(chan struct{}, 1)} }

// after has something done after a while. The caller holds mu.
func (s *Simulator) after(d time.Duration, do func()) *task {
	s.agenda.last++
	t := &task{at: s.now().Add(d), order: s.agenda.last, do: do}
	heap.Push(&s.agenda, t)
	if t.index == 0 {
		select {
		case s.agenda.wake <- struct{}{}:
		default: // it will look anyhow
		}
	}
	return t
}

// drop takes tasks back; those that were done, and nil, are no matter. The
// caller holds mu.
func (s *Simulator) drop(tasks ...*task) {
	for _, t := range tasks {
		if t != nil && t.index >= 0 {
			heap.Remove(&s.agenda, t.index)
		}
	}
}

// keepAgenda does what is due until ctx ends.
func (s *Simulator) keepAgenda(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-s.agenda.wake:
		}
		timer.Reset(s.doDue())
	}
}

// doDue does all that is due and returns how long there is nothing to do.
func (s *Simulator) doDue() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.agenda.tasks) > 0 {
		if wait := s.agenda.tasks[0].at.Sub(s.now()); wait > 0 {
			return wait
		}
		heap.Pop(&s.agenda).(*task).do()
	}
	return time.Hour
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (a *agenda) Len() int { return len(a.tasks) }

func (a *agenda) Less(i, j int) bool {
	x, y := a.tasks[i], a.tasks[j]
	return x.at.Before(y.at) || x.at.Equal(y.at) && x.order < y.order
}

func (a *agenda) Swap(i, j int) {
	a.tasks[i], a.tasks[j] = a.tasks[j], a.tasks[i]
	a.tasks[i].index, a.tasks[j].index = i, j
}

func (a *agenda) Push(x any) {
	t := x.(*task)
	t.index = len(a.tasks)
	a.tasks = append(a.tasks, t)
}

func (a *agenda) Pop() any {
	last := len(a.tasks) - 1
	t := a.tasks[last]
	a.tasks[last] = nil
	a.tasks = a.tasks[:last]
	t.index = -1
	return t
}
