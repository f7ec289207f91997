package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"sambung/storage"
)

func sameTwice(t *testing.T, f fixture) {
	content := pattern(5, 10000)
	first := f.mustPut("same", content)
	if again := f.mustPut("same", content); again != first {
		t.Errorf("the second Put says %+v, the first said %+v", again, first)
	}
	f.mustPut("empty", nil)
	f.mustPut("empty", nil)
}

func otherContent(t *testing.T, f fixture) {
	content := pattern(6, 10000)
	f.mustPut("taken", content)
	for name, other := range map[string][]byte{
		"of the same size": pattern(7, 10000),
		"shorter":          content[:9999],
		"longer":           append(slices.Clone(content), 0),
		"empty":            {},
	} {
		if o, err := f.put("taken", other); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("Put of other content, %s: %+v, %v; want ErrConflict", name, o, err)
		}
	}
	f.wantContent("taken", content)
}

// atOnce puts n contents under one name at the same time.
func (f fixture) atOnce(name string, n int, content func(int) []byte) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			_, errs[i] = f.put(name, content(i))
		})
	}
	close(start)
	all.Wait()
	return errs
}

func concurrentOthers(t *testing.T, f fixture) {
	for round := range 5 {
		name := fmt.Sprintf("contested-%d", round)
		content := func(i int) []byte { return pattern(i, 100000) }
		winner := -1
		for i, err := range f.atOnce(name, 8, content) {
			switch {
			case err == nil && winner == -1:
				winner = i
			case err == nil:
				t.Errorf("%s: both %d and %d were told that theirs is there", name, winner, i)
			case !errors.Is(err, storage.ErrConflict):
				t.Errorf("%s: %v, want ErrConflict", name, err)
			}
		}
		if winner == -1 {
			t.Fatalf("%s: nobody won", name)
		}
		f.wantContent(name, content(winner))
	}
}

func concurrentSame(t *testing.T, f fixture) {
	content := pattern(8, 100000)
	for i, err := range f.atOnce("shared", 8, func(int) []byte { return content }) {
		if err != nil {
			t.Errorf("Put %d: %v", i, err)
		}
	}
	f.wantContent("shared", content)
}

// listPages lists more than the 1,000 objects that one answer holds.
func listPages(t *testing.T, f fixture) {
	const n = 1005
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for i := range numbers {
				if _, err := f.put(fmt.Sprintf("%04d", i), nil); err != nil {
					t.Errorf("Put: %v", err)
				}
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	workers.Wait()
	keys := f.keys("")
	if len(keys) != n || !slices.IsSorted(keys) || keys[0] != "0000" || keys[n-1] != fmt.Sprintf("%04d", n-1) {
		t.Errorf("List: %d keys, want %d in order", len(keys), n)
	}
}
