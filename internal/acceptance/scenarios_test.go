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
	confirm  queue.Outcome // through the API, once the talk is over
	want     queue.Status
	outcome  queue.Outcome
	results  []queue.Result // of the attempts, in their order
	codes    []int          // SIP codes of the attempts; 0 is not asserted
	via      string
	kinds    []queue.Kind // of the last attempt, in this order, others between
}

// talks is a taxpayer who answers and hangs up after a while.
func talks(d time.Duration) softphone.Behaviour {
	return softphone.AnswerAfter(300 * time.Millisecond).Playing(tone.Sine(880, -12)).HangingUp(d)
}

// stays is a taxpayer who answers and waits for the other side to hang up.
func stays() softphone.Behaviour {
	return softphone.AnswerAfter(300 * time.Millisecond).Playing(tone.Sine(880, -12))
}

var conversation = []queue.Kind{
	queue.KindAssigned, queue.KindAgentRinging, queue.KindAgentAnswered, queue.KindRecordingStarted,
	queue.KindTaxpayerDialing, queue.KindTaxpayerAnswered, queue.KindAnnouncementPlayed, queue.KindCallEnded,
	queue.KindOutcomeConfirmed, queue.KindAttemptSettled,
}

var unreached = []queue.Kind{
	queue.KindAssigned, queue.KindAgentRinging, queue.KindAgentAnswered, queue.KindTaxpayerDialing,
	queue.KindCallEnded, queue.KindAttemptSettled,
}

// scenarios are the cases of the acceptance list.
func scenarios() []scenario {
	const talk = 4 * time.Second // longer than the announcement
	twice := func(r queue.Result) []queue.Result { return []queue.Result{r, r} }
	return []scenario{
		{name: "keypad", taxpayer: []softphone.Behaviour{talks(talk)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultAnswered}, via: "keypad", kinds: conversation},
		{name: "invalid key first", taxpayer: []softphone.Behaviour{talks(talk)}, agent: keypad("94"),
			want: queue.StatusClosed, outcome: queue.OutcomeRefused, results: []queue.Result{queue.ResultAnswered}, via: "keypad", kinds: conversation},
		{name: "in talk", taxpayer: []softphone.Behaviour{talks(4 * time.Second)}, agent: inTalk("5"),
			want: queue.StatusClosed, outcome: queue.OutcomeNeedsEscalation, results: []queue.Result{queue.ResultAnswered}, via: "in_talk"},
		{name: "agent hangs up, rung back", taxpayer: []softphone.Behaviour{stays()}, agent: hangsUpThenRungBack("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultAnswered}, via: "ringback",
			kinds: []queue.Kind{queue.KindTaxpayerAnswered, queue.KindCallEnded, queue.KindOutcomeRingback, queue.KindOutcomeConfirmed, queue.KindAttemptSettled}},
		{name: "confirmed by API", taxpayer: []softphone.Behaviour{talks(talk)}, agent: silent(), confirm: queue.OutcomeDelivered,
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultAnswered}, via: "api", kinds: conversation},
		{name: "never confirmed", taxpayer: []softphone.Behaviour{talks(talk)}, agent: hangsUpForGood(),
			want: queue.StatusHandedBack, outcome: queue.OutcomeUnconfirmed, results: []queue.Result{queue.ResultAnswered},
			kinds: []queue.Kind{queue.KindCallEnded, queue.KindWrapUpExpired, queue.KindAttemptSettled}},
		{name: "wrong person", taxpayer: []softphone.Behaviour{talks(talk)}, agent: keypad("3"),
			want: queue.StatusHandedBack, outcome: queue.OutcomeWrongPerson, results: []queue.Result{queue.ResultAnswered}, via: "keypad"},
		{name: "voicemail, then answered", taxpayer: []softphone.Behaviour{talks(talk)}, agent: keypad("7"),
			want: queue.StatusHandedBack, outcome: queue.OutcomeVoicemail, results: twice(queue.ResultAnswered), via: "keypad"},
		{name: "hangs up after 300 ms", taxpayer: []softphone.Behaviour{talks(300 * time.Millisecond)}, agent: keypad("4"),
			want: queue.StatusClosed, outcome: queue.OutcomeRefused, results: []queue.Result{queue.ResultAnswered}, via: "keypad"},
		{name: "no RTP for a while", taxpayer: []softphone.Behaviour{talks(14*time.Second).Pausing(2*time.Second, 10*time.Second)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultAnswered}, via: "keypad", kinds: conversation},
		{name: "busy", taxpayer: []softphone.Behaviour{softphone.Busy()}, agent: keypad("1"),
			want: queue.StatusHandedBack, results: twice(queue.ResultBusy), codes: []int{486, 486}, kinds: unreached},
		{name: "busy, then answers", taxpayer: []softphone.Behaviour{softphone.Busy(), talks(talk)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultBusy, queue.ResultAnswered}, codes: []int{486, 0}, via: "keypad"},
		{name: "declines", taxpayer: []softphone.Behaviour{softphone.Decline()}, agent: keypad("1"),
			want: queue.StatusHandedBack, results: twice(queue.ResultRejected), codes: []int{603, 603}, kinds: unreached},
		{name: "rings out", taxpayer: []softphone.Behaviour{softphone.RingOut()}, agent: keypad("1"),
			want: queue.StatusHandedBack, results: twice(queue.ResultNoAnswer), kinds: unreached},
		{name: "early media, rings out", taxpayer: []softphone.Behaviour{softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12))}, agent: keypad("1"),
			want: queue.StatusHandedBack, results: twice(queue.ResultNoAnswer), kinds: unreached},
		{name: "does not exist", taxpayer: []softphone.Behaviour{softphone.Reject(404)}, agent: keypad("1"),
			want: queue.StatusHandedBack, results: []queue.Result{queue.ResultInvalidNumber}, codes: []int{404}, kinds: unreached},
		{name: "temporarily unavailable", taxpayer: []softphone.Behaviour{softphone.Reject(480), talks(talk)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultUnreachable, queue.ResultAnswered}, codes: []int{480, 0}, via: "keypad"},
		{name: "trunk refuses", taxpayer: []softphone.Behaviour{softphone.Reject(403), talks(talk)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultTrunkFailure, queue.ResultAnswered}, codes: []int{403, 0}, via: "keypad"},
		{name: "trunk fails", taxpayer: []softphone.Behaviour{softphone.Reject(503), talks(talk)}, agent: keypad("1"),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultTrunkFailure, queue.ResultAnswered}, codes: []int{503, 0}, via: "keypad"},
		{name: "agent does not pick up", taxpayer: []softphone.Behaviour{talks(talk)}, agent: neverPicksUpFirst(),
			want: queue.StatusClosed, outcome: queue.OutcomeDelivered, results: []queue.Result{queue.ResultAgentNoAnswer, queue.ResultAnswered}, via: "keypad"},
	}
}
