package acceptance_test

import (
	"time"

	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// scenario is one taxpayer and one agent's doing, and what must come of it.
type scenario struct {
	name     string
	taxpayer []softphone.Behaviour // one for each call, the last for all after
	agent    agentScript
	confirm  queue.Outcome // by the command line, once the talk is over
	want     queue.Status
	outcome  queue.Outcome
	attempts []attempt
	via      string // of the last attempt
}

// attempt is what one attempt must have come to.
type attempt struct {
	result queue.Result
	code   int    // SIP; 0 is none
	after  string // what followed, see following
	brief  bool   // the talk is over before its announcement
}

// talks is a taxpayer who answers and hangs up after a while.
func talks(d time.Duration) softphone.Behaviour {
	return softphone.AnswerAfter(300 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(d)
}

// stays is a taxpayer who answers and waits for the other side to hang up.
func stays() softphone.Behaviour {
	return softphone.AnswerAfter(300 * time.Millisecond).Playing(tone.Sine(880, -12))
}

// What follows an attempt.
const (
	closes    = "close, counted"
	handBack  = "hand_back, counted"
	soon      = "retry soon, counted"
	spread    = "retry spread, counted"
	lineHeld  = "retry soon"
	nextAgent = "retry at_once"
)

// twice is an attempt that is made once more, as the policy of the test allows.
func twice(r queue.Result, code int, after string) []attempt {
	return []attempt{{result: r, code: code, after: after}, {result: r, code: code, after: handBack}}
}

// scenarios are the cases of the acceptance list.
func scenarios() []scenario {
	const talk = 4 * time.Second // longer than the announcement
	type ways = []softphone.Behaviour
	answered := func(after string) attempt { return attempt{result: queue.ResultAnswered, after: after} }
	delivered := func(before attempt, way softphone.Behaviour) scenario {
		return scenario{
			taxpayer: ways{way, talks(talk)}, agent: keypad("1"), want: queue.StatusClosed, outcome: queue.OutcomeDelivered, via: "keypad",
			attempts: []attempt{before, answered(closes)},
		}
	}
	named := func(name string, s scenario) scenario { s.name = name; return s }
	return []scenario{
		{name: "keypad", taxpayer: ways{talks(talk)}, agent: keypad("1"), via: "keypad",
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, attempts: []attempt{answered(closes)}},
		{name: "invalid key first", taxpayer: ways{talks(talk)}, agent: keypad("94"), via: "keypad",
			want: queue.StatusClosed, outcome: queue.OutcomeRefused, attempts: []attempt{answered(closes)}},
		{name: "in talk", taxpayer: ways{talks(talk)}, agent: inTalk("5"), via: "in_talk",
			want: queue.StatusClosed, outcome: queue.OutcomeNeedsEscalation, attempts: []attempt{answered(closes)}},
		{name: "agent hangs up, rung back", taxpayer: ways{stays()}, agent: hangsUpThenRungBack("1"), via: "ringback",
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, attempts: []attempt{{result: queue.ResultAnswered, after: closes, brief: true}}},
		{name: "confirmed by the command line", taxpayer: ways{talks(talk)}, agent: silent(), confirm: queue.OutcomeDelivered, via: "api",
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, attempts: []attempt{answered(closes)}},
		{name: "never confirmed", taxpayer: ways{talks(talk)}, agent: hangsUpForGood(),
			want: queue.StatusHandedBack, outcome: queue.OutcomeUnconfirmed, attempts: []attempt{{result: queue.ResultAnswered, after: handBack, brief: true}}},
		{name: "wrong person", taxpayer: ways{talks(talk)}, agent: keypad("3"), via: "keypad",
			want: queue.StatusHandedBack, outcome: queue.OutcomeWrongPerson, attempts: []attempt{answered(handBack)}},
		{name: "voicemail, again", taxpayer: ways{talks(talk)}, agent: keypad("7"), via: "keypad",
			want: queue.StatusHandedBack, outcome: queue.OutcomeVoicemail, attempts: twice(queue.ResultAnswered, 0, spread)},
		{name: "hangs up after 300 ms", taxpayer: ways{talks(300 * time.Millisecond)}, agent: keypad("4"), via: "keypad",
			want: queue.StatusClosed, outcome: queue.OutcomeRefused, attempts: []attempt{{result: queue.ResultAnswered, after: closes, brief: true}}},
		{name: "no RTP for a while", taxpayer: ways{talks(14*time.Second).Pausing(2*time.Second, 10*time.Second)}, agent: keypad("1"), via: "keypad",
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, attempts: []attempt{answered(closes)}},
		{name: "busy", taxpayer: ways{softphone.Busy()}, agent: keypad("1"),
			want: queue.StatusHandedBack, attempts: twice(queue.ResultBusy, 486, soon)},
		named("busy, then answers", delivered(attempt{result: queue.ResultBusy, code: 486, after: soon}, softphone.Busy())),
		{name: "declines", taxpayer: ways{softphone.Decline()}, agent: keypad("1"),
			want: queue.StatusHandedBack, attempts: twice(queue.ResultRejected, 603, spread)},
		{name: "rings out", taxpayer: ways{softphone.RingOut()}, agent: keypad("1"),
			want: queue.StatusHandedBack, attempts: twice(queue.ResultNoAnswer, 0, spread)},
		{name: "early media, rings out", taxpayer: ways{softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12))}, agent: keypad("1"),
			want: queue.StatusHandedBack, attempts: twice(queue.ResultNoAnswer, 0, spread)},
		{name: "does not exist", taxpayer: ways{softphone.Reject(404)}, agent: keypad("1"),
			want: queue.StatusHandedBack, attempts: []attempt{{result: queue.ResultInvalidNumber, code: 404, after: handBack}}},
		named("temporarily unavailable", delivered(attempt{result: queue.ResultUnreachable, code: 480, after: spread}, softphone.Reject(480))),
		named("trunk refuses", delivered(attempt{result: queue.ResultTrunkFailure, code: 403, after: lineHeld}, softphone.Reject(403))),
		named("trunk fails", delivered(attempt{result: queue.ResultTrunkFailure, code: 503, after: lineHeld}, softphone.Reject(503))),
		{name: "agent does not pick up", taxpayer: ways{talks(talk)}, agent: neverPicksUpFirst(), via: "keypad",
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, attempts: []attempt{{result: queue.ResultAgentNoAnswer, after: nextAgent}, answered(closes)}},
	}
}
