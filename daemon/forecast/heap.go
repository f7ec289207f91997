package forecast

import "time"

// kind says what happens at an event of a play.
type kind int8

const (
	opening  kind = iota // dialling may begin
	decision             // a person lets an item go
	due                  // an item is to be tried again
	settled              // an attempt ends
	filed                // a recording is verified
	back                 // an agent ends a pause
)

// event is one thing that will happen to an item.
type event struct {
	at   time.Duration
	kind kind
	who  int
}

// events is a heap, the earliest first. Those of container/heap box every
// element, which is most of what a play would cost.
type events []event

func (e events) before(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].who < e[j].who
}

func (e *events) push(x event) {
	*e = append(*e, x)
	up(len(*e)-1, e.before, func(i, j int) { (*e)[i], (*e)[j] = (*e)[j], (*e)[i] })
}

func (e *events) pop() event {
	h := *e
	first, last := h[0], len(h)-1
	h[0] = h[last]
	*e = h[:last]
	down(last, e.before, func(i, j int) { (*e)[i], (*e)[j] = (*e)[j], (*e)[i] })
	return first
}

// ranks is a heap of items by their place in line.
type ranks []int

func (r ranks) before(i, j int) bool { return r[i] < r[j] }

func (r *ranks) push(x int) {
	*r = append(*r, x)
	up(len(*r)-1, r.before, func(i, j int) { (*r)[i], (*r)[j] = (*r)[j], (*r)[i] })
}

func (r *ranks) pop() int {
	h := *r
	first, last := h[0], len(h)-1
	h[0] = h[last]
	*r = h[:last]
	down(last, r.before, func(i, j int) { (*r)[i], (*r)[j] = (*r)[j], (*r)[i] })
	return first
}

// up moves the element at i to its place above.
func up(i int, before func(i, j int) bool, swap func(i, j int)) {
	for i > 0 {
		parent := (i - 1) / 2
		if !before(i, parent) {
			return
		}
		swap(i, parent)
		i = parent
	}
}

// down moves the first of n elements to its place below.
func down(n int, before func(i, j int) bool, swap func(i, j int)) {
	for i := 0; ; {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && before(child+1, child) {
			child++
		}
		if !before(child, i) {
			return
		}
		swap(i, child)
		i = child
	}
}
