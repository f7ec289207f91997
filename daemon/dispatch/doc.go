// Package dispatch carries follow-ups over one switch: it claims them for free
// agents, earliest deadline first, makes the call, writes down what happens as
// it happens, and settles the attempt.
//
// One goroutine per call reads like the procedure. What the telephone reports
// becomes an activity before the next step: an intent is durable before the
// act, and refused when the switch has another owner, the office is closed or
// the ledger cannot be written; an observation goes into the ledger, or into the
// journal on this machine's disk while the ledger does not take it, and from
// there into the ledger, in order, by this run or the next.
//
// Who stops: Run returns when its context ends. It stops claiming at once, lets
// live calls finish until the drain limit, then leaves them as they are for
// whoever owns the switch next. When the switch is lost to another owner it
// returns ErrLost and writes nothing more.
package dispatch
