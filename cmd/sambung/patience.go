package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// patience ends a context when nothing came for so long. The time of a write to what
// it hands out does not count, because that is the reader's: who plays a recording
// takes as long as it lasts. stop frees it.
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
	p.timer.Stop()
	defer p.timer.Reset(p.limit)
	return p.Writer.Write(data)
}
