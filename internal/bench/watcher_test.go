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
// people talk, as an agent's page does, and counts activities.
type watcher struct {
	tb  testing.TB
	api string

	mu     sync.Mutex
	counts map[queue.Kind]*countdown // mu
}

// watch follows until the test ends. Without an API nothing is confirmed.
func watch(tb testing.TB, q queue.Queue, api string) *watcher {
	tb.Helper()
	w := &watcher{tb: tb, api: api, counts: make(map[queue.Kind]*countdown)}
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
			if e.Kind == queue.KindTaxpayerAnswered && w.api != "" {
				confirming.Go(func() { w.confirm(ctx, e.FollowUp) })
			}
			w.count(e.Kind)
		}
	}
}

func (w *watcher) count(k queue.Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.counts[k]
	if c == nil {
		return
	}
	if c.left--; c.left == 0 {
		delete(w.counts, k)
		c.at = time.Now()
		close(c.done)
	}
}

// expect begins to count activities of a kind.
func (w *watcher) expect(n int, k queue.Kind) *countdown {
	c := &countdown{kind: k, left: n, done: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[k] = c
	return c
}

// countdown is a number of activities that are to come.
type countdown struct {
	kind queue.Kind
	left int           // the watcher's mu
	at   time.Time     // when the last came, once done
	done chan struct{} // closed with the last
}

// countLimit is how long a round may take.
const countLimit = 15 * time.Minute

// wait returns when the last of them came.
func (c *countdown) wait(tb testing.TB) time.Time {
	tb.Helper()
	select {
	case <-c.done:
		return c.at
	case <-time.After(countLimit):
		tb.Fatalf("%s did not come as often as it should within %s", c.kind, countLimit)
		return time.Time{}
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
