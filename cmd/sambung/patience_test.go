package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a reader who takes a minute for everything.
type slow struct{}

func (slow) Write(p []byte) (int, error) {
	time.Sleep(time.Minute)
	return len(p), nil
}

// TestPatienceIsForWhoSends: who reads may take longer, and the whole as long as it takes.
func TestPatienceIsForWhoSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w, stop := patience(t.Context(), 30*time.Second, slow{})
		defer stop()
		for range 5 {
			time.Sleep(29 * time.Second)
			if _, err := w.Write([]byte("x")); err != nil || ctx.Err() != nil {
				t.Fatalf("%v, %v", err, ctx.Err())
			}
		}
		time.Sleep(31 * time.Second)
		if err := context.Cause(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nothing came for 31 s: %v", err)
		}
	})
}
