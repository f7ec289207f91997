package telephony

import (
	"context"
	"errors"
	"io"
	"time"
)

// Dialer carries calls over one switch.
type Dialer interface {
	// Call makes one call from beginning to end, wrap-up included, and reports
	// its events to observe in order, and not before it has returned from the ones
	// before. It returns when the
	// agent's outcome is known (keyed, or Confirmed came as a command), the
	// wrap-up limit has passed, or the call failed; an Ended event was observed
	// before. The error is not nil only when the call could not be carried on
	// at all: observe refused an intent, ctx ended (the call is left as it is,
	// for Resume), or the switch is lost to this process (ErrSwitchLost).
	Call(ctx context.Context, r Request, observe Observer) (Result, error)
	// Resume carries on a call that an earlier process left, from what was
	// observed so far and from what it finds at the switch. A call whose
	// taxpayer was not dialled yet is taken down (Interrupted); one that was
	// dialled and cannot be found ends as Unknown; it is never dialled again.
	Resume(ctx context.Context, r Request, p Progress, observe Observer) (Result, error)
}

// Observer takes events, in the order in which they happened; it returns nil when
// they are durable. The last of several is an intent, and the error is about that
// one alone: the observations before it are the observer's from then on. ErrNotYet
// for an intent means that what was observed before is not where the intent
// belongs: it is asked again, as long as the act is still wanted.
type Observer func(...Event) error

// Each makes an Observer that takes events one at a time.
func Each(take func(Event) error) Observer {
	return func(events ...Event) (last error) {
		for _, e := range events {
			last = take(e)
		}
		return last
	}
}

// Request asks for one call.
type Request struct {
	// ID of the call, "<follow-up>-<attempt>": everything at the switch is
	// named after it.
	ID string
	// Agent is the agent's endpoint at the switch, "PJSIP/agent-1".
	Agent string
	// Number is the taxpayer's, in E.164 form.
	Number string

	AgentRing    time.Duration // how long the agent's telephone rings
	TaxpayerRing time.Duration // how long the taxpayer's rings
	WrapUp       time.Duration // how long the outcome is waited for after the talk
	// RingbackAfter is how long after the agent hung up without an outcome he
	// or she is rung once for it; 0 for never.
	RingbackAfter time.Duration
	// MuteLimit is how long the recording may stay muted before it resumes by itself.
	MuteLimit time.Duration
	// OutcomeKeys are the keys that confirm an outcome, such as "12345678".
	OutcomeKeys string

	// Commands come from the page, the API or the daemon while the call lives. May be nil.
	Commands <-chan Command
}

// Command is something asked of a call under way.
type Command string

// The commands.
const (
	Mute            Command = "mute"             // recording writes silence
	Unmute          Command = "unmute"           // and again what is said
	HangUp          Command = "hang_up"          // ends the talk
	Confirmed       Command = "confirmed"        // the outcome was confirmed elsewhere
	ConfirmIdentity Command = "confirm_identity" // the page's tick, like *9
)

// Progress is what was observed of a call before Resume.
type Progress struct {
	AgentRinging    bool
	AgentAnswered   bool
	TaxpayerDialing bool
	TaxpayerRinging bool
	AnsweredAt      time.Time
	Announced       bool
	Identity        bool
	MutedAt         time.Time // since when the recording is muted; zero if it is not
	Ended           bool      // an Ended event was observed: only wrap-up is left
	EndedAt         time.Time
	RingbackUsed    bool
	OutcomeKnown    bool
	Tracks          *Tracks
}

// Recordings gives access to what a switch recorded.
type Recordings interface {
	// Fetch copies the finished recording of that name to w and returns its
	// length in bytes; ErrNoRecording if there is none, which is ErrBeingWritten, too,
	// if there will be.
	Fetch(ctx context.Context, name string, w io.Writer) (int64, error)
	// Remove deletes it at the switch; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// Recorded names the recordings of calls that the switch has, those being
	// written included.
	Recorded(ctx context.Context) ([]string, error)
}

// Switch is everything the daemon asks of one Asterisk.
type Switch interface {
	Dialer
	Recordings
	Monitors
	// Discard hangs up and removes whatever the switch holds of a call, so
	// that a late dial of a sleeping owner finds nothing.
	Discard(ctx context.Context, callID string) error
	// Calls lists the calls of which the switch holds a channel or a bridge.
	Calls(ctx context.Context) ([]string, error)
	// TryRecording makes a short recording that nobody hears, and looks at it. It
	// returns ErrNotTried when something else kept it from finding out.
	TryRecording(ctx context.Context) error
	// Gaps counts how often events may have been lost so far: after each, what
	// the switch holds is to be looked at.
	Gaps() int
	// Traces lists the calls of which the switch holds anything, a recording
	// included: what was recorded may have been dialled, whoever forgot it.
	Traces(ctx context.Context) ([]Trace, error)
	// Check asks whether the switch could carry a call now: reachable, event
	// stream trusted, trunk not known to be away (ErrTrunkDown).
	Check(ctx context.Context) error
}

// Trace is what a switch holds of one call.
type Trace struct {
	CallID   string
	Alive    bool // a channel or a bridge
	Talking  bool // the taxpayer's leg is answered
	Recorded bool // the taxpayer's leg was recorded, which begins before it is dialled
}

// TracksOf are the recordings of a call, by the names that they have at every
// switch. When they began is not known.
func TracksOf(callID string) Tracks {
	return Tracks{Agent: callID + "-agent", Taxpayer: callID + "-taxpayer"}
}

// Errors that callers decide on.
var (
	// ErrSwitchLost means that this process no longer controls the switch:
	// another one connected under its application name.
	ErrSwitchLost = errors.New("the switch was taken over by another process")
	// ErrNotYet means that an intent cannot be taken at this moment.
	ErrNotYet = errors.New("not yet: what was observed before comes first")
	// ErrTrunkDown means that the switch knows its trunk to be away: a call would
	// fail at once.
	ErrTrunkDown = errors.New("the trunk does not answer its switch")
	// ErrNotTried means that nothing is known about whether the switch can record.
	ErrNotTried = errors.New("no recording could be tried")
	// ErrNoRecording means that the switch has no finished recording of that name.
	ErrNoRecording = errors.New("no such recording at the switch")
	// ErrBeingWritten means that it is not finished yet.
	ErrBeingWritten = errors.New("still being written")
)
