package demo

import (
	"context"
	"strings"
	"sync"
	"time"

	"sambung/queue"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// people are everybody at a telephone.
type people struct {
	voices       voices
	announcement clip
	menu         string // the media that asks for the outcome
	announces    string // the media that announces the recording

	mu      sync.Mutex
	numbers map[string]*story // mu; by the taxpayer's number, as it is dialled
	rung    map[string]int    // mu; calls of a number so far
	cases   map[queue.ID]file // mu
	absent  map[string]bool   // mu; agents who do not pick up their first call
}

// file is what an agent has of a follow-up: its story, and whom to ring.
type file struct {
	story  *story
	number string
}

// follow lets a follow-up go as a story says.
func (p *people) follow(id queue.ID, s *story, number string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cases[id] = file{s, number}
}

// plan is what the agent of a call does in the talk that is, or was the last:
// attempts in which the taxpayer was not rung are none of the story's.
func (p *people) plan(call string) agent {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, known := p.cases[caseOf(call)]
	if !known {
		return anybody().agent[0]
	}
	return nth(f.story.agent, p.rung[f.number])
}

// lives gives a number to the taxpayer of a story.
func (p *people) lives(number string, s *story) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.numbers[number] = s
}

// nth is the n-th of several, from 1; the last for all after it.
func nth[T any](all []T, n int) T { return all[min(max(n, 1), len(all))-1] }

// taxpayer is what a number does when it is called.
func (p *people) taxpayer(in softphone.Invite) softphone.Behaviour {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.numbers[in.Called]
	if s == nil { // whom a newcomer had rung
		stranger := anybody()
		stranger.lingers = listensIn
		s = &stranger
	}
	p.rung[in.Called]++
	n := p.rung[in.Called]
	who := nth(s.taxpayer, n)
	b := who.behaviour
	if b.RingOut || b.Status != 0 {
		return b
	}
	// The announcement, then the agent, then the answer.
	agent := nth(s.agent, n)
	speaks := p.announcement.length + pause
	answer := speaks + p.voices[agent.says].length + pause
	b.Play = tone.Mix(p.say(who.greets, pause), p.say(who.says, answer))
	if agent.leaves {
		return b
	}
	length := max(answer+p.voices[who.says].length, p.voices[who.greets].length) + goodbye + s.lingers
	return b.HangingUp(length)
}

// say is a voice after a while; silence if there is none.
func (p *people) say(name string, after time.Duration) tone.Source {
	voice, known := p.voices[name]
	if !known {
		return tone.Silence()
	}
	return tone.Delay(voice.sound, after)
}

// pickUp is what an agent's telephone does when it is called.
func (p *people) pickUp(name string) func(softphone.Invite) softphone.Behaviour {
	return func(in softphone.Invite) softphone.Behaviour {
		if p.isAway(name) {
			return softphone.RingOut()
		}
		if p.plan(in.CallID).ignores && strings.Contains(in.CallID, "-ringback") {
			return softphone.RingOut()
		}
		return softphone.AnswerAfter(pause)
	}
}

// isAway reports whether an agent does not pick up this one call.
func (p *people) isAway(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	away := p.absent[name]
	delete(p.absent, name)
	return away
}

// hears lets an agent act on what is heard: speak once the recording was
// announced, press a key when asked for the outcome.
func (p *people) hears(ctx context.Context, l *simulator.Line, media string) {
	plan := p.plan(l.Record().CallID)
	switch media {
	case p.announces:
		p.talk(ctx, l, plan)
	case p.menu:
		if plan.atMenu != "" && after(ctx, decision) {
			_ = l.SendDigits(ctx, plan.atMenu) // the call may be over: that is how calls are
		}
	}
}

func (p *people) talk(ctx context.Context, l *simulator.Line, plan agent) {
	voice := p.voices[plan.says]
	if !after(ctx, p.announcement.length+pause) {
		return
	}
	if voice.sound != nil {
		_ = l.Play(voice.sound)
	}
	if !after(ctx, voice.length+pause) {
		return
	}
	if plan.inTalk != "" {
		_ = l.SendDigits(ctx, plan.inTalk)
	}
	if plan.leaves && after(ctx, p.voices["taxpayer-thanks"].length) {
		_ = l.HangUp(ctx)
	}
}

// after waits, and reports whether the call goes on.
func after(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// idLength is that of a ULID.
const idLength = 26

// caseOf is the follow-up of an agent's call, whose id begins with it.
func caseOf(call string) queue.ID { return queue.ID(call[:min(idLength, len(call))]) }
