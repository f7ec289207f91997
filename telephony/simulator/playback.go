package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sambung/telephony/softphone/tone"
)

// playback is a list of media played one after another to a bridge or a channel.
type playback struct {
	id, target string
	media      []string // still to be played; the first is being played
	bridge     *bridge  // nil if it is for a channel
	channel    *channel
	score      score
	begun      bool
	failed     bool // of what was played so far, nothing or not all was heard
	over       bool
	next       *task
}

func (p *playback) model() *playbackModel {
	m := &playbackModel{ID: p.id, Target: p.target, Language: "id", State: "queued"}
	if len(p.media) > 0 {
		m.Media = p.media[0]
	}
	switch {
	case p.over && p.failed:
		m.State = "failed"
	case p.over:
		m.State = "done"
	case p.begun:
		m.State = "playing"
	}
	return m
}

// playToBridge serves POST /bridges/{id}/play/{play}.
func (s *Simulator) playToBridge(w http.ResponseWriter, r *http.Request, b *bridge) {
	s.queuePlay(w, r, &playback{target: "bridge:" + b.id, bridge: b})
}

// playToChannel serves POST /channels/{id}/play/{play}.
func (s *Simulator) playToChannel(w http.ResponseWriter, r *http.Request, c *channel) {
	if c.app == nil {
		refuse(w, http.StatusConflict, "Channel not in Stasis application")
		return
	}
	s.queuePlay(w, r, &playback{target: "channel:" + c.id, channel: c})
}

// queuePlay plays when what was asked for before is over.
func (s *Simulator) queuePlay(w http.ResponseWriter, r *http.Request, p *playback) {
	p.id = r.PathValue("play")
	for _, media := range r.URL.Query()["media"] {
		p.media = append(p.media, strings.Split(media, ",")...)
	}
	if len(p.media) == 0 {
		refuse(w, http.StatusBadRequest, "At least one media URI must be provided")
		return
	}
	s.playbacks[p.id] = p
	waits := p.bridge != nil && slices.ContainsFunc(p.bridge.plays, func(q *playback) bool { return !q.over })
	if p.bridge != nil {
		p.bridge.plays = append(p.bridge.plays, p)
	} else {
		p.channel.plays = append(p.channel.plays, p)
	}
	reply(w, http.StatusCreated, p.model())
	if !waits {
		s.begin(p)
	}
}

// begin plays the first of the media, a moment later.
func (s *Simulator) begin(p *playback) {
	p.next = s.after(time.Millisecond, func() {
		p.begun = true
		s.tellPlay(p, "PlaybackStarted")
		s.playOn(p)
	})
}

// playOn plays the next of the media, or ends.
func (s *Simulator) playOn(p *playback) {
	if len(p.media) == 0 {
		s.endPlay(p)
		return
	}
	source, length, err := s.sounds.find(p.media[0])
	if err != nil {
		s.options.Log.Warn("nothing is heard", "error", err)
		p.failed, source, length = true, tone.Silence(), time.Millisecond
	} else {
		p.failed = false
		s.heardBy(p, p.media[0])
	}
	p.score.play(source, s.now())
	p.next = s.after(length, func() {
		if len(p.media) == 1 {
			s.endPlay(p)
			return
		}
		p.media = p.media[1:]
		s.playOn(p)
	})
}

// endPlay ends a playback, and lets the next one begin.
func (s *Simulator) endPlay(p *playback) {
	if p.over {
		return
	}
	s.drop(p.next)
	p.score.rest(s.now())
	p.over = true
	if s.playbacks[p.id] == p { // a name may have been used twice
		delete(s.playbacks, p.id)
	}
	if p.begun {
		s.tellPlay(p, "PlaybackFinished")
	}
	if p.bridge == nil || p.bridge.gone {
		return
	}
	for _, q := range p.bridge.plays {
		if !q.over {
			s.begin(q)
			return
		}
	}
}

// endPlays ends all that is played, or waits, at a bridge.
func (s *Simulator) endPlays(b *bridge) {
	b.gone = true
	for _, p := range b.plays {
		s.endPlay(p)
	}
}

func (s *Simulator) tellPlay(p *playback, kind string) {
	e := event{Type: kind, Playback: p.model()}
	if p.bridge == nil {
		s.tell(p.channel.app, e)
		return
	}
	for _, app := range s.listeners(p.bridge) {
		s.tell(app, e)
	}
}

// describePlayback serves GET /playbacks/{id}.
func (s *Simulator) describePlayback(w http.ResponseWriter, r *http.Request) {
	if p := s.playbacks[r.PathValue("id")]; p != nil {
		reply(w, http.StatusOK, p.model())
		return
	}
	refuse(w, http.StatusNotFound, "Playback not found")
}

// stopPlayback serves DELETE /playbacks/{id}.
func (s *Simulator) stopPlayback(w http.ResponseWriter, r *http.Request) {
	p := s.playbacks[r.PathValue("id")]
	if p == nil {
		refuse(w, http.StatusNotFound, "Playback not found")
		return
	}
	s.endPlay(p)
	w.WriteHeader(http.StatusNoContent)
}
