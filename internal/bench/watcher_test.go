package bench_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"sambung/queue"
)

// watcher follows the ledger: it confirms each outcome through the API while
// people talk, as an agent's page does, and counts what is settled and sealed.
type watcher struct {
	tb  testing.TB
	api string

	mu      sync.Mutex
	present *expectation // mu
}

// expectation is a number of follow-ups that are to be sealed.
type expectation struct {
	left            map[queue.Kind]int
	settled, sealed time.Time // when the last was
	done            chan struct{}
}

// watch follows until the test ends.
func watch(tb testing.TB, q queue.Queue, api string) *watcher {
	tb.Helper()
	w := &watcher{tb: tb, api: api}
	ctx, stop := context.WithCancel(context.Background())
	_, cursor, err := q.Events(ctx, "", time.Millisecond)
	if err != nil {
		tb.Fatal(err)
	}
	var following sync.WaitGroup
	following.Go(func() { w.follow(ctx, q, cursor) })
	tb.Cleanup(func() { stop(); following.Wait() })
	return w
}

func (w *watcher) follow(ctx context.Context, q queue.Queue, cursor string) {
	var confirming sync.WaitGroup
	defer confirming.Wait()
	for ctx.Err() == nil {
		events, next, err := q.Events(ctx, cursor, time.Second)
		if err != nil && ctx.Err() == nil {
			w.tb.Errorf("following the ledger: %v", err)
			return
		}
		cursor = next
		for _, e := range events {
			if e.Kind == queue.KindTaxpayerAnswered {
				confirming.Go(func() { w.confirm(ctx, e.FollowUp) })
			}
			w.count(e.Kind)
		}
	}
}

func (w *watcher) count(k queue.Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.present
	if x == nil || x.left[k] == 0 {
		return
	}
	if x.left[k]--; x.left[k] > 0 {
		return
	}
	switch k {
	case queue.KindAttemptSettled:
		x.settled = time.Now()
	case queue.KindSealed:
		x.sealed = time.Now()
		close(x.done)
	}
}

// expect begins to count.
func (w *watcher) expect(n int) *expectation {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.present = &expectation{left: map[queue.Kind]int{queue.KindAttemptSettled: n, queue.KindSealed: n}, done: make(chan struct{})}
	return w.present
}

// wait returns when the last of them was settled, and sealed.
func (x *expectation) wait(tb testing.TB) (settled, sealed time.Time) {
	tb.Helper()
	select {
	case <-x.done:
		return x.settled, x.sealed
	case <-time.After(5 * time.Minute):
		tb.Fatal("not all follow-ups were sealed within five minutes")
		return time.Time{}, time.Time{}
	}
}

func (w *watcher) confirm(ctx context.Context, id queue.ID) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+w.api+"/v1/follow-ups/"+string(id)+"/outcome",
		bytes.NewReader([]byte(`{"code":"delivered"}`)))
	if err != nil {
		w.tb.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.tb.Errorf("confirming: %v", err)
		return
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		w.tb.Error(fmt.Errorf("confirming: %s: %s", resp.Status, text))
	}
}
