// Package telephony is the contract between the procedure and the telephone:
// one call that rings an agent, then a taxpayer, joins and records them, and
// asks the agent for the outcome.
//
// A Dialer blocks for the length of one call, so that its caller reads from top
// to bottom like the procedure does. On the way it reports events:
//
//   - an intent (Kind.Intent) is reported before the act, and the act follows
//     only when the observer has returned nil: it has made the intent durable.
//     An error on an intent ends the call before the act;
//   - an observation is reported after the fact. An error on an observation
//     never cuts a conversation.
//
// Nobody is rung twice for one call: each leg has one channel identifier made
// from the call's, its intent is reported at most once, and Resume never
// repeats a dial whose fate it does not know.
package telephony
