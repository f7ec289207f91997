package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sambung/queue"
)

// What came while a stream caught up is both among what it missed and on the hub's
// channel. It is sent once.
func TestAStreamSendsNothingTwice(t *testing.T) {
	w := httptest.NewRecorder()
	e := &eventStream{w: w, control: http.NewResponseController(w), limit: time.Second, token: Token{Role: RoleQA}}
	sub := &subscriber{events: make(chan *delivery, 3)}
	missed := []queue.Event{{Cursor: "5"}, {Cursor: "6"}}
	for _, cursor := range []string{"5", "6", "7"} {
		sub.events <- deliver(queue.Event{Cursor: cursor})
	}
	close(sub.events) // as the hub does to one that fell behind: the stream ends
	if err := e.run(context.Background(), sub, missed, "6"); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(w.Body.String()) {
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	if got := strings.Join(ids, " "); got != "5 6 6 7" { // the second 6 says where the stream stands
		t.Errorf("ids = %s", got)
	}
	if n := strings.Count(w.Body.String(), "event: change"); n != 3 {
		t.Errorf("%d events", n)
	}
}
