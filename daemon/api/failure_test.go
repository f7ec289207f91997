package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

// What may be gone the next moment is to be tried again (503); what nobody
// foresaw is the daemon's fault (500).
func TestFailureOfServersAway(t *testing.T) {
	for want, errs := range map[int][]error{
		http.StatusServiceUnavailable:  {io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, &net.OpError{Op: "dial", Err: errors.New("refused")}},
		http.StatusInternalServerError: {errors.New("surprise")},
	} {
		for _, err := range errs {
			if f := failureOf(fmt.Errorf("redis: %w", err)); f.Status != want {
				t.Errorf("%v: status %d, want %d", err, f.Status, want)
			}
		}
	}
}
