package telephonytest

import (
	"context"
	"time"

	"sambung/telephony"
	"sambung/telephony/softphone"
)

// Site is a switch under test with an agent and a taxpayer, for one test alone.
type Site interface {
	// Connect makes a connection of its own to the switch, as its newest owner:
	// whoever was connected before has lost it. It ends when ctx ends.
	Connect(ctx context.Context) (telephony.Switch, error)

	// Endpoint is the agent's, Number the taxpayer's; they are no other test's.
	Endpoint() string
	Number() string
	// CallerID is the number that the switch is configured to show to taxpayers.
	CallerID() string
	// AutoAnswer is the SIP header the switch is configured to send to agents.
	AutoAnswer() (name, value string)

	// Agent and Taxpayer say what the person does with calls from now on: the
	// first behaviour is for the first call there ever is, and so on; the last
	// is for all after it.
	Agent(...softphone.Behaviour)
	Taxpayer(...softphone.Behaviour)
	// AgentLine and TaxpayerLine wait for the n-th call, from 0, at that telephone.
	AgentLine(ctx context.Context, n int) (Line, error)
	TaxpayerLine(ctx context.Context, n int) (Line, error)
	// AgentCalls and TaxpayerCalls are all calls so far, the oldest first.
	AgentCalls() []softphone.CallRecord
	TaxpayerCalls() []softphone.CallRecord
	// SupervisorEndpoint, Supervisor and SupervisorLine are the same for a
	// supervisor's telephone, which is there once one of them was called.
	SupervisorEndpoint() string
	Supervisor(...softphone.Behaviour)
	SupervisorLine(ctx context.Context, n int) (Line, error)
	// Unplug takes the agent's telephone off the network.
	Unplug(ctx context.Context) error

	// Cut ends every connection to the switch once. They can be made again.
	Cut()
	// SetDown keeps them from being made again until it is called with false.
	SetDown(down bool)
	// Harm does harm to the next request whose address holds a text. The channel
	// is closed when it is done.
	Harm(address string, h Harm) <-chan struct{}
}

// Harm is what happens to one request.
type Harm struct {
	Delay       time.Duration
	Before      func() // runs when the request comes, after the delay; may be nil
	LoseRequest bool   // the switch never sees it
	LoseReply   bool   // the switch carries it out, and nobody hears of it
}

// Line is one call at a telephone. *softphone.Call is one.
type Line interface {
	Record() softphone.CallRecord
	Invite() softphone.Invite
	Wait(context.Context, func(softphone.CallRecord) bool) error
	SendDigits(ctx context.Context, keys string) error
	Answer(context.Context) error
	HangUp(context.Context) error
	Heard() softphone.Audio
	Done() <-chan struct{}
}

var _ Line = (*softphone.Call)(nil)
