package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Ledger is the only way to write to a follow-up. A change of state and the
// activities that say so are one atomic, durable write.
type Ledger interface {
	// Enqueue writes a new follow-up with its first activity.
	// It returns *TicketOpenError when another follow-up of the same ticket is
	// open, unless e.AllowDuplicate. A repeated e.Key returns the follow-up of
	// the first call and replayed true; with another e.Fingerprint ErrKeyReused.
	Enqueue(ctx context.Context, e Enqueue) (s State, replayed bool, err error)

	// Append makes one change. It reads the state, asks c.Decide for the
	// entries, chains and commits them; when somebody else wrote meanwhile, it
	// begins again. Errors: ErrNotFound, ErrFenced, *RefusedError, and whatever
	// Decide returns. No entries: nothing is written. It is safe when a reply is
	// lost: the write is done once, under an operation id of its own.
	Append(ctx context.Context, c Change) (State, error)

	// State returns what a follow-up's activities add up to, or ErrNotFound.
	State(ctx context.Context, id ID) (State, error)
	// History returns all activities from the first on, or ErrNotFound.
	History(ctx context.Context, id ID) ([]Activity, error)
	// Find returns the states that match, earliest deadline first.
	Find(ctx context.Context, f Filter) ([]State, error)
}

// Enqueue is the request for a new follow-up.
type Enqueue struct {
	FollowUp FollowUp
	Actor    Actor
	// Key is the caller's idempotency key; empty for none. Fingerprint is a
	// digest of the request, so that a key used for another one is noticed.
	Key, Fingerprint string
	// AllowDuplicate accepts a second open follow-up for the same ticket.
	AllowDuplicate bool
}

// Change is one atomic change to one follow-up.
type Change struct {
	ID ID
	// Lease is the caller's ownership of the switch that carries the attempt.
	// A change made in the course of a call must name it; a change by a person
	// through the API names none.
	Lease *Lease
	// Decide returns what to append, given the present state. It may be called
	// more than once and must not act.
	Decide func(State) ([]Entry, error)
	// Known, if not nil, is the state as the caller last read or wrote it: Decide
	// is asked about it first, which spares reading it. It may be outdated. Then,
	// or when Decide wants nothing of it, the state is read as without it.
	Known *State
	// Agent, if not nil, is applied to the record of the assigned agent in the
	// same write, such as a pause after the agent did not answer.
	Agent *AgentChange
}

// AgentChange is a change of presence that goes with a change of a follow-up.
type AgentChange struct {
	Presence    Presence
	PauseReason string
}

// Filter selects follow-ups; empty fields select all.
type Filter struct {
	Statuses []Status
	Agent    AgentID // designated or assigned
	Phone    string  // E.164
	Ticket   string
	// DeadlineFrom selects deadlines at this moment or later, DeadlineBefore those
	// before this one.
	DeadlineFrom, DeadlineBefore time.Time

	Limit int // 0: 1000
}

// Dispatch hands follow-ups to agents.
type Dispatch interface {
	// Claim reserves, in one step, the follow-up with the earliest deadline
	// that this agent may take now, the agent, and the taxpayer's number, and
	// writes the assignment. ErrNothingToClaim when there is none, or when the
	// agent is not free; ErrFenced when the lease is no longer the caller's.
	Claim(ctx context.Context, c Claim) (State, error)
	// Held lists the follow-ups that the switch carries: every one that is
	// assigned to it, or whose claim never came to an assignment.
	Held(ctx context.Context, switchName string) ([]ID, error)
	// Release gives up a claim that never came to an assignment; the follow-up
	// is claimable again. One that is assigned is left alone, with ErrRefused.
	Release(ctx context.Context, lease Lease, id ID) error
	// PendingEvidence lists the follow-ups of a switch whose recordings are
	// still there, or whose history or seal is due.
	PendingEvidence(ctx context.Context, switchName string, limit int) ([]ID, error)
}

// Claim asks for work for one agent.
type Claim struct {
	Agent AgentID
	Lease Lease
	Now   time.Time
}

// Agents keeps the agents' records.
type Agents interface {
	// PutAgent adds an agent, or changes endpoint, switch and specialisation of one.
	PutAgent(ctx context.Context, a Agent) error
	// SetPresence changes whether the agent takes calls; ErrNotFound.
	SetPresence(ctx context.Context, id AgentID, p Presence, pauseReason string, now time.Time) (Agent, error)
	Agent(ctx context.Context, id AgentID) (Agent, error)
	// Agents lists all, the one free the longest first.
	Agents(ctx context.Context) ([]Agent, error)
	// RemoveAgent removes one that has no follow-up in hand (else ErrRefused).
	RemoveAgent(ctx context.Context, id AgentID) error
}

// Lease is the ownership of one switch by one daemon for a time.
type Lease struct {
	Switch string
	Owner  string
	Fence  Fence
}

// Leases keeps each switch owned by at most one daemon. Time is the server's.
type Leases interface {
	// Acquire takes the lease if it is free, expired, or was held by an owner
	// of the same name (an earlier run), with a higher fence than ever before.
	// Else *LeaseHeldError.
	Acquire(ctx context.Context, switchName, owner string, ttl time.Duration) (Lease, error)
	// Renew extends it, or returns ErrFenced.
	Renew(ctx context.Context, l Lease, ttl time.Duration) error
	// Surrender gives it up; giving up one that is lost is no error.
	Surrender(ctx context.Context, l Lease) error
}

// Event tells that a follow-up or an agent changed. It carries no personal data.
type Event struct {
	Cursor   string
	FollowUp ID
	Version  int
	Status   Status
	Kind     Kind // of the last activity
	Agent    AgentID
}

// Events wakes those who wait for changes.
type Events interface {
	// Events blocks up to wait for events after the cursor. The empty cursor
	// means from now on. next is where to go on from.
	Events(ctx context.Context, cursor string, wait time.Duration) (events []Event, next string, err error)
}

// Queue is the whole contract.
type Queue interface {
	Ledger
	Dispatch
	Agents
	Leases
	Events
	Accounts
	Dossiers
	// Check verifies that the store keeps what it is given (persistence,
	// eviction, version); the error says what is wrong and how to mend it.
	Check(ctx context.Context) error
}

// Errors that callers decide on.
var (
	ErrNotFound       = errors.New("not found")
	ErrNothingToClaim = errors.New("nothing to claim")
	ErrFenced         = errors.New("the switch has another owner")
	// ErrUnsettled means that the ledger is kept by another server process than
	// before, which may have lost what was acknowledged: nothing is claimed until
	// it was compared with the switches.
	ErrUnsettled = errors.New("the ledger has another server than before, and was not compared with the switches yet")
	ErrKeyReused = errors.New("the idempotency key was used for another request")
)

// TicketOpenError says that the ticket has an open follow-up.
type TicketOpenError struct {
	Ticket   string
	Existing ID
	// Same says that the open one repeats what was refused, see FollowUp.Repeats.
	Same bool
}

func (e *TicketOpenError) Error() string {
	return fmt.Sprintf("ticket %s already has an open follow-up, %s; cancel it or allow a duplicate", e.Ticket, e.Existing)
}

// LeaseHeldError says who owns the switch.
type LeaseHeldError struct {
	Switch, Owner string
	Remaining     time.Duration
}

func (e *LeaseHeldError) Error() string {
	return fmt.Sprintf("switch %s is owned by %s for another %s", e.Switch, e.Owner, e.Remaining.Round(time.Millisecond))
}
