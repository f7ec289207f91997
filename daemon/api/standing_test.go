package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// A stream asks at each heartbeat whether its session goes on, and ends when it does not.
func TestAStreamEndsWithItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, began, asked := httptest.NewRecorder(), time.Now(), 0
		e := &eventStream{
			w: w, control: http.NewResponseController(w), limit: time.Second,
			standing: func(context.Context, Token) bool { asked++; return asked < 4 },
		}
		sub := &subscriber{events: make(chan *delivery)}
		if err := e.run(t.Context(), sub, nil, "6"); err != nil || time.Since(began) != 4*heartbeat {
			t.Errorf("after %s: %v, want 4 heartbeats", time.Since(began), err)
		}
	})
}
