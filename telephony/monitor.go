package telephony

import (
	"context"
	"errors"
	"time"
)

// MonitorMode is what a supervisor does in a talk.
type MonitorMode string

// The modes. The taxpayer hears the supervisor in neither.
const (
	Listen  MonitorMode = "listen"  // hears both; nobody hears the supervisor
	Whisper MonitorMode = "whisper" // hears both; the agent alone hears the supervisor
)

// MonitorRequest asks for a supervisor to be let into a talk.
type MonitorRequest struct {
	// CallID names the call, see Request.ID.
	CallID string
	// Endpoint is the supervisor's own telephone at the call's switch, "PJSIP/supervisor-1".
	Endpoint string
	Mode     MonitorMode
	Ring     time.Duration // how long the telephone rings
}

// Monitors lets supervisors into talks. A call goes on as if nobody was there:
// whatever becomes of the monitor, the talk and its recording are the same.
type Monitors interface {
	// Monitor rings the supervisor's telephone and, once answered, joins it to
	// the talk until either ends, the supervisor hangs up, or ctx ends; then it
	// has taken the telephone out again. It reports MonitorRinging, the intent
	// MonitorStarted before anything is heard, and MonitorEnded after one that
	// started. The error says why nothing was heard: ErrNoTalk, ErrMonitored,
	// ErrNotReached, or that the intent was refused; or that the switch is lost
	// (ErrSwitchLost): then its next owner takes the telephone out.
	Monitor(ctx context.Context, r MonitorRequest, observe Observer) error
}

// Errors of Monitor that callers decide on.
var (
	// ErrNoTalk means that this process carries no talk of that call now.
	ErrNoTalk = errors.New("nobody is talking in that call here")
	// ErrMonitored means that somebody is in that talk already.
	ErrMonitored = errors.New("a supervisor is in that talk already")
	// ErrNotReached means that the supervisor's telephone was not answered.
	ErrNotReached = errors.New("the supervisor's telephone was not reached")
)
