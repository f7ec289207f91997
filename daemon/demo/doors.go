package demo

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"time"

	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// handler answers what the pages ask below /v1/demo:
//
//	GET /v1/demo                    the accounts to sign in with by a click
//	GET /v1/demo/listen             the sound of the newcomer's next call, or of the one that goes on
//	GET /v1/demo/listen/supervisor  the same of the telephone that the newcomer listens in with
func (n *newcomer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/demo", n.show)
	mux.HandleFunc("GET /v1/demo/listen", func(w http.ResponseWriter, r *http.Request) {
		defer n.wears()()
		listen(w, r, n.phone)
	})
	mux.HandleFunc("GET /v1/demo/listen/supervisor", func(w http.ResponseWriter, r *http.Request) { listen(w, r, n.desk) })
	return mux
}

func (n *newcomer) show(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]any{"doors": n.doors}) // whoever went away needs no answer
}

const (
	stretch = 100 * time.Millisecond // sent at once
	behind  = 200 * time.Millisecond // what is listened to is that old: all of it was said
	writing = 10 * time.Second       // a listener who takes longer is gone
)

// listen streams what a telephone's headset sounds like in one call while it goes on, as
// audio/L16 (RFC 3551, section 4.5.11): 8 kHz, one channel, the high byte first.
func listen(w http.ResponseWriter, r *http.Request, phone *simulator.Telephone) {
	w.Header().Set("Content-Type", "audio/L16;rate=8000;channels=1")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if out.Flush() != nil {
		return
	}
	l, err := phone.WaitCall(r.Context(), func(c softphone.CallRecord) bool { return !c.Ended() })
	if err != nil {
		return // nobody listens any more
	}
	tick := time.NewTicker(stretch)
	defer tick.Stop()
	at := time.Now().Add(-behind)
	for {
		select {
		case <-r.Context().Done():
			return
		case <-l.Done():
			_ = send(w, out, l, at, time.Since(at)) // the rest
			return
		case now := <-tick.C:
			length := now.Add(-behind).Sub(at)
			if length <= 0 {
				continue
			}
			if send(w, out, l, at, length) != nil {
				return
			}
			at = at.Add(tone.Duration(tone.Samples(length)))
		}
	}
}

// send sends a stretch of what is heard in a call.
func send(w http.ResponseWriter, out *http.ResponseController, l *simulator.Line, from time.Time, length time.Duration) error {
	samples := l.Earpiece(from, length).Samples
	frame := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		frame = binary.BigEndian.AppendUint16(frame, uint16(s))
	}
	if err := out.SetWriteDeadline(time.Now().Add(writing)); err != nil {
		return err
	}
	if _, err := w.Write(frame); err != nil {
		return err
	}
	return out.Flush()
}
