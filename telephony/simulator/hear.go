package simulator

import (
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// Heard is what the telephone heard from the answer on until now, or until the
// end: the others in its bridge, and what was played to it.
func (l *Line) Heard() softphone.Audio {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	start, end := l.record.AnsweredAt, l.record.EndedAt
	if start.IsZero() {
		return softphone.Audio{}
	}
	if end.IsZero() {
		end = l.s.now()
	}
	samples := make([]int16, tone.Samples(end.Sub(start)))
	for _, st := range l.channel.stays {
		st.mix(samples, start, end)
	}
	for _, p := range l.channel.plays {
		p.score.mix(samples, start, start, end)
	}
	return softphone.Audio{Samples: samples, Start: start}
}

// mix adds what was heard during a stay in a bridge.
func (st *stay) mix(dst []int16, start, end time.Time) {
	from, to := latest(st.from, start), st.until(end)
	for _, other := range st.bridge.stays {
		if other.channel != st.channel {
			other.channel.says.mix(dst, start, latest(from, other.from), other.until(to))
		}
	}
	for _, p := range st.bridge.plays {
		p.score.mix(dst, start, from, to)
	}
}

// until is the end of a stay, or limit if that is earlier.
func (st *stay) until(limit time.Time) time.Time {
	if st.to.IsZero() {
		return limit
	}
	return earliest(st.to, limit)
}

// heardBy lets the people hear that media begins to be played to them. The
// caller holds mu.
func (s *Simulator) heardBy(p *playback, media string) {
	channels := []*channel{p.channel}
	if p.bridge != nil {
		channels = nil
		for _, st := range p.bridge.stays {
			if st.to.IsZero() {
				channels = append(channels, st.channel)
			}
		}
	}
	for _, c := range channels {
		if l := c.line; l != nil && l.record.Answered() && l.telephone.hear != nil && !s.closed {
			s.running.Go(func() { l.telephone.hear(l.ctx, l, media) })
		}
	}
}
