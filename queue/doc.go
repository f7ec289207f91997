// Package queue is the ledger of follow-ups: what is to be told to whom, what
// happened on the way, and what comes next (SOP LIP20-0020).
//
// A follow-up's append-only list of activities is its state: State is what
// Fold makes of them, and nothing else is true. Every activity carries the
// hash of the one before it.
//
//	           received                      designated
//	┌──────────────┬───────────▶ awaiting_agent ─────┐
//	│              ▼                                 │
//	│ ┌────────▶ queued ◀────────────────────────────┘
//	│ │            │ assigned
//	│ │            ▼
//	│ │         assigned ──agent_ringing──▶ dialing ──taxpayer_answered──▶ talking
//	│ │            │                          │                              │
//	│ │            └──────────────┬───────────┴──────────call_ended──────────┘
//	│ │ attempt_settled           ▼
//	│ └───────(retry)────────── wrap_up ──(close)──▶ closed
//	│                             │
//	│ requeued                    └─(hand_back)──▶ handed_back ──cancelled──▶ cancelled
//	└─────────────────────────────────────────────────┘
//
// A call whose fate is being found out is reconciling, from any status between
// assigned and talking; resumed leads back, call_ended leads to wrap_up.
// Anything that waits (awaiting_agent, queued, handed_back) can be cancelled.
// The table in transition.go is the whole machine; docs/state-machine.md is
// generated from it.
//
// Guarantees, which the conformance suite in queuetest asserts on every store:
//
//   - a change of state and its activities are one atomic write;
//   - a write under an old fence is refused;
//   - a follow-up, an agent and a taxpayer's number are reserved together and
//     released together, so none of them is in two live calls;
//   - an unrequested opinion is not claimable before an agent is designated;
//   - claims serve the earliest deadline first;
//   - a user who is removed, disabled or given another password is signed out.
//
// The package itself is pure: it imports the standard library alone, reads no
// clock and does no I/O.
package queue
