package media

import (
	"time"

	"sambung/telephony/softphone/g711"
	"sambung/telephony/softphone/tone"
)

// maxSkew is by how much RTP time and arrival time may differ before the stream
// is taken for a new one: far above any jitter, far below a random jump of the
// timestamp (which spans 149 hours).
const maxSkew = 3 * time.Second

// Track is what was heard: the samples on one line of time that begins with the
// first packet. It is not safe for concurrent use.
type Track struct {
	limit     int // samples kept
	samples   []int16
	truncated bool

	start     time.Time // arrival of the first packet
	ssrc      uint32
	timestamp uint32 // of the packet before
	position  int    // of the packet before
}

// add places one packet. Position follows the timestamp while it agrees with
// the clock, and the clock when a stream begins anew: a new source, or a
// timestamp that jumped.
func (t *Track) add(ssrc, timestamp uint32, codec g711.Codec, payload []byte, now time.Time) {
	if t.start.IsZero() {
		t.start, t.ssrc, t.timestamp = now, ssrc, timestamp
	}
	byClock := tone.Samples(now.Sub(t.start))
	position := t.position + int(int32(timestamp-t.timestamp))
	if skew := tone.Duration(position - byClock); ssrc != t.ssrc || skew > maxSkew || skew < -maxSkew {
		t.ssrc, position = ssrc, max(byClock, len(t.samples))
	}
	t.timestamp, t.position = timestamp, position
	t.place(position, codec, payload)
}

// place writes a payload, filling what lies before with silence. A packet that
// came late fills its own gap.
func (t *Track) place(position int, codec g711.Codec, payload []byte) {
	if position < 0 {
		return // older than the first packet
	}
	if position+len(payload) > t.limit {
		t.truncated = true
		return
	}
	if gap := position - len(t.samples); gap > 0 {
		t.samples = append(t.samples, make([]int16, gap)...)
	}
	if position == len(t.samples) {
		t.samples = codec.Decode(t.samples, payload)
		return
	}
	end := min(position+len(payload), len(t.samples))
	codec.Decode(t.samples[position:position:end], payload[:end-position])
	if rest := payload[end-position:]; len(rest) > 0 {
		t.samples = codec.Decode(t.samples, rest)
	}
}
