package demo

import (
	"time"

	"sambung/queue"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
)

// story is what the taxpayer and the agent of one follow-up do.
type story struct {
	route       queue.Route
	directorate queue.Directorate
	// taxpayer says what happens at each call; the last is for all after it.
	taxpayer []taxpayer
	// agent says what the agent does after, or in, each talk; likewise.
	agent []agent
	// lingers is how much later than they need to the taxpayer hangs up.
	lingers time.Duration
}

// anybody answers at a number that no story knows, and is told the answer.
func anybody() story {
	return story{taxpayer: []taxpayer{answers("taxpayer-thanks")}, agent: []agent{keypad("agent-answer", "1")}}
}

// taxpayer is one call at a taxpayer's telephone.
type taxpayer struct {
	behaviour softphone.Behaviour
	// says is the taxpayer's answer once the agent has spoken; "": nothing.
	says string
	// greets is what is said right after the answer.
	greets string
}

// agent is what an agent does in one talk.
type agent struct {
	says string // voice
	// inTalk is pressed while they talk, atMenu when the menu asks.
	inTalk, atMenu string
	leaves         bool // hangs up in place of the taxpayer, and is rung back
	ignores        bool // the ring-back
}

// Times of the people.
const (
	ringing  = 1200 * time.Millisecond
	pause    = 400 * time.Millisecond
	goodbye  = 600 * time.Millisecond
	decision = 1200 * time.Millisecond
)

func answers(says string) taxpayer {
	return taxpayer{behaviour: softphone.AnswerAfter(ringing), greets: "taxpayer-hello", says: says}
}

func refuses(status int) taxpayer {
	return taxpayer{behaviour: softphone.Reject(status).After(ringing / 2)}
}

func ringsOut() taxpayer { return taxpayer{behaviour: softphone.RingOut()} }

// networkSays rings out over the network's own announcement.
func networkSays() taxpayer {
	return taxpayer{behaviour: softphone.RingOut().WithEarlyMedia(tone.Sine(425, -15))}
}

func voicemail() taxpayer {
	return taxpayer{behaviour: softphone.AnswerAfter(2 * ringing), greets: "voicemail"}
}

func keypad(says, key string) agent { return agent{says: says, atMenu: key} }

// Stories is how many follow-ups show everything once.
func Stories() int { return len(stories()) }

// stories are one for every way that a follow-up can go.
func stories() []story {
	const thanks, answer, opinion = "taxpayer-thanks", "agent-answer", "agent-opinion"
	delivered := keypad(answer, "1")
	told := keypad(opinion, "1")
	listens := answers(thanks)
	one := func(t taxpayer, a agent) story {
		return story{route: queue.RouteAnswer, taxpayer: []taxpayer{t}, agent: []agent{a}}
	}
	then := func(first taxpayer, said agent) story {
		return story{route: queue.RouteAnswer, taxpayer: []taxpayer{first, listens}, agent: []agent{said, delivered}}
	}
	of := func(s story, route queue.Route, d queue.Directorate) story {
		s.route, s.directorate = route, d
		return s
	}
	return []story{
		one(listens, delivered),
		of(one(listens, told), queue.RouteOpinionRequested, queue.DirectoratePP1),
		of(one(listens, told), queue.RouteOpinionUnrequested, queue.DirectoratePP2),
		then(refuses(486), delivered),
		then(ringsOut(), delivered),
		one(refuses(404), delivered),
		{route: queue.RouteAnswer, taxpayer: []taxpayer{listens}, agent: []agent{{says: answer, inTalk: "*9*1"}}},
		then(refuses(503), delivered),
		{route: queue.RouteAnswer, taxpayer: []taxpayer{voicemail(), listens}, agent: []agent{keypad("agent-reveal", "7"), delivered}},
		of(then(answers("taxpayer-later"), keypad(opinion, "2")), queue.RouteOpinionRequested, queue.DirectoratePP2),
		one(answers("taxpayer-wrong"), keypad("agent-reveal", "3")),
		one(answers("taxpayer-refuse"), keypad(answer, "4")),
		of(one(answers("taxpayer-more"), keypad(opinion, "5")), queue.RouteOpinionUnrequested, queue.DirectoratePP1),
		one(answers("taxpayer-unsure"), keypad("agent-reveal", "8")),
		then(answers(""), keypad(answer, "6")),
		{route: queue.RouteAnswer, taxpayer: []taxpayer{listens}, agent: []agent{{says: answer, leaves: true, atMenu: "1"}}},
		then(refuses(480), delivered),
		one(refuses(603), delivered),
		one(networkSays(), delivered),
		{route: queue.RouteAnswer, taxpayer: []taxpayer{listens}, agent: []agent{{says: answer, leaves: true, ignores: true}}},
	}
}
