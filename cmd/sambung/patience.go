package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// patience ends a context when nothing came for so long; each write to what it hands
// out begins the time anew. stop frees it.
func patience(ctx context.Context, limit time.Duration, w io.Writer) (patient context.Context, watched io.Writer, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(limit, func() {
		cancel(fmt.Errorf("nothing came for %s: %w", limit, context.DeadlineExceeded))
	})
	return ctx, &punctual{w, timer, limit}, func() {
		timer.Stop()
		cancel(nil)
	}
}

type punctual struct {
	io.Writer
	timer *time.Timer
	limit time.Duration
}

// Write implements io.Writer.
func (p *punctual) Write(data []byte) (int, error) {
	p.timer.Reset(p.limit)
	return p.Writer.Write(data)
}
