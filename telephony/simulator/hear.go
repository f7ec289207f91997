package simulator

import (
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// Heard is what the telephone heard from the answer on until now, or until the
// end: the others in its bridge, what was played to it, and what was whispered.
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
	l.channel.hears(samples, start, start, end)
	return softphone.Audio{Samples: samples, Start: start}
}

// Earpiece is what a headset at the telephone sounds like for the given time from a
// moment on: what is heard, and what its own person says.
func (l *Line) Earpiece(from time.Time, length time.Duration) softphone.Audio {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	samples := make([]int16, tone.Samples(length))
	if start := l.record.AnsweredAt; !start.IsZero() {
		begin, end := latest(from, start), from.Add(length)
		if over := l.record.EndedAt; !over.IsZero() {
			end = earliest(end, over)
		}
		l.channel.hears(samples, from, begin, end)
		l.channel.says.mix(samples, from, begin, end)
	}
	return softphone.Audio{Samples: samples, Start: from}
}

// hears adds what the switch lets a channel hear to dst, whose first sample is at
// start. The caller holds mu.
func (c *channel) hears(dst []int16, start, from, to time.Time) {
	for _, st := range c.stays {
		st.mix(dst, start, from, to)
	}
	for _, p := range c.plays {
		p.score.mix(dst, start, from, to)
	}
}

// speaks adds what a channel says into its bridge: a leg its person and whoever
// whispers in that one's place, a snoop what it hears.
func (c *channel) speaks(dst []int16, start, from, to time.Time) {
	if c.snooped != nil {
		if c.spies {
			c.snooped.says.mix(dst, start, from, to)
		}
		return
	}
	c.says.mix(dst, start, from, to)
	for _, snoop := range c.whispers {
		for _, st := range snoop.stays {
			st.mix(dst, start, from, to)
		}
	}
}

// mix adds what was heard during a stay in a bridge.
func (st *stay) mix(dst []int16, start, begin, end time.Time) {
	from, to := latest(st.from, begin), st.until(end)
	for _, other := range st.bridge.stays {
		if other.channel != st.channel {
			other.channel.speaks(dst, start, latest(from, other.from), other.until(to))
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
