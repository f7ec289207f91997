package queue

import (
	"errors"
	"fmt"
	"time"
)

// Status is where a follow-up stands.
type Status string

// The statuses, see the diagram in the package documentation.
const (
	StatusNone          Status = "" // before the first activity
	StatusAwaitingAgent Status = "awaiting_agent"
	StatusQueued        Status = "queued"
	StatusAssigned      Status = "assigned"
	StatusDialing       Status = "dialing"
	StatusTalking       Status = "talking"
	StatusWrapUp        Status = "wrap_up"
	StatusReconciling   Status = "reconciling"
	StatusHandedBack    Status = "handed_back"
	StatusClosed        Status = "closed"
	StatusCancelled     Status = "cancelled"
)

// Statuses lists every status a follow-up can be in.
func Statuses() []Status {
	return []Status{
		StatusAwaitingAgent, StatusQueued, StatusAssigned, StatusDialing, StatusTalking, StatusWrapUp,
		StatusReconciling, StatusHandedBack, StatusClosed, StatusCancelled,
	}
}

// Reserved reports whether a follow-up in this status holds its agent and its number.
func (s Status) Reserved() bool {
	switch s {
	case StatusAssigned, StatusDialing, StatusTalking, StatusWrapUp, StatusReconciling:
		return true
	}
	return false
}

// Ended reports whether nothing more will be tried.
func (s Status) Ended() bool { return s == StatusClosed || s == StatusCancelled }

// Dossier is how far the evidence of a follow-up has come.
type Dossier string

// The three steps of a dossier.
const (
	DossierOpen      Dossier = "open"
	DossierArchiving Dossier = "archiving" // a recording is not in the archive yet
	DossierSealed    Dossier = "sealed"
)

// Fence is a number that grows with every change of a switch's owner; a write
// with an old one is refused.
type Fence int64

// Assignment is one follow-up handed to one agent for one attempt.
type Assignment struct {
	Agent   AgentID `json:"agent"`
	Switch  string  `json:"switch"`
	Fence   Fence   `json:"fence"`
	Attempt int     `json:"attempt"`
}

// Call is what is known of the latest attempt on the telephone.
type Call struct {
	AgentRingingAt    time.Time `json:"agent_ringing_at,omitzero"`
	AgentAnsweredAt   time.Time `json:"agent_answered_at,omitzero"`
	TaxpayerDialingAt time.Time `json:"taxpayer_dialing_at,omitzero"`
	AnsweredAt        time.Time `json:"answered_at,omitzero"`
	IdentityAt        time.Time `json:"identity_at,omitzero"`
	EndedAt           time.Time `json:"ended_at,omitzero"`
	RingbackAt        time.Time `json:"ringback_at,omitzero"`
	Result            Result    `json:"result,omitempty"`
	SIPCode           int       `json:"sip_code,omitempty"`
	TalkMS            int64     `json:"talk_ms,omitempty"`
	Outcome           Outcome   `json:"outcome,omitempty"`
	CallbackAt        time.Time `json:"callback_at,omitzero"`
	Announced         bool      `json:"announced,omitempty"`
	// MutedAt is since when the recording is muted, zero if it is not.
	MutedAt time.Time `json:"muted_at,omitzero"`
	Tracks  *Tracks   `json:"tracks,omitempty"`
	// Monitor is the supervisor in the talk, nil without one.
	Monitor *Monitor `json:"monitor,omitempty"`
	// Manual says that it was held without this system, see ManualCall.
	Manual bool `json:"manual,omitempty"`
}

// MonitorMode is what a supervisor does in a talk.
type MonitorMode string

// The modes. The taxpayer hears the supervisor in neither.
const (
	MonitorListen  MonitorMode = "listen"
	MonitorWhisper MonitorMode = "whisper" // the agent hears the supervisor
)

// Monitor is a supervisor in a talk.
type Monitor struct {
	Actor Actor       `json:"actor"`
	Mode  MonitorMode `json:"mode"`
	Since time.Time   `json:"since"`
}

// RecordingStatus is how far one attempt's recording has come.
type RecordingStatus string

// The statuses of a recording.
const (
	RecordingAtSwitch RecordingStatus = "at_switch" // not yet in the archive
	RecordingVerified RecordingStatus = "verified"
	RecordingAlarmed  RecordingStatus = "alarmed" // there is an alarm that says why not
)

// Recording is the recording of one attempt.
type Recording struct {
	Attempt    int             `json:"attempt"`
	Switch     string          `json:"switch"`
	Status     RecordingStatus `json:"status"`
	Tracks     Tracks          `json:"tracks"`
	AnsweredAt time.Time       `json:"answered_at,omitzero"`
	EndedAt    time.Time       `json:"ended_at,omitzero"`
	EndedBy    string          `json:"ended_by,omitempty"` // system: EndedAt is when it was noticed
	Key        string          `json:"key,omitempty"`
	SHA256     string          `json:"sha256,omitempty"`
	Bytes      int64           `json:"bytes,omitempty"`
	DurationMS int64           `json:"duration_ms,omitempty"`
	Alarm      string          `json:"alarm,omitempty"`
	Removed    bool            `json:"removed,omitempty"` // deleted at the switch
	Manual     bool            `json:"manual,omitempty"`  // handed in, see ManualCall
}

// State is what the activities of one follow-up add up to. It holds nothing
// that Fold does not derive from them.
type State struct {
	FollowUp FollowUp `json:"follow_up"`
	Version  int      `json:"version"` // number of activities
	Head     string   `json:"head"`    // hash of the last activity
	Status   Status   `json:"status"`
	Dossier  Dossier  `json:"dossier"`
	// Attempt is the number of the latest attempt; 0 before the first.
	Attempt int `json:"attempt"`
	// Counted is how many attempts used up one of the allowed ones since the
	// follow-up was last put into the queue by a person.
	Counted    int         `json:"counted"`
	Assignment *Assignment `json:"assignment,omitempty"` // while Status.Reserved
	Call       Call        `json:"call"`                 // of the latest attempt
	RetryAt    time.Time   `json:"retry_at,omitzero"`    // not before; zero: at once
	Outcome    Outcome     `json:"outcome,omitempty"`    // of the follow-up
	Reason     string      `json:"reason,omitempty"`     // of a hand-back or cancellation
	Recordings []Recording `json:"recordings,omitempty"`
	// Rules numbers the rules by which the activities were added up, see Outdated.
	Rules int `json:"rules,omitempty"`
	// LastAgent is who made the latest attempt; empty before the first.
	LastAgent AgentID `json:"last_agent,omitempty"`
	// Switch is the one that carried the latest attempt; empty before the first.
	Switch string `json:"switch,omitempty"`
	// Shipped is the version up to which the history is in the archive, and
	// Settled the version at which the latest attempt was settled.
	Shipped int `json:"shipped,omitempty"`
	Settled int `json:"settled,omitempty"`

	ContactedAt  time.Time `json:"contacted_at,omitzero"`  // the taxpayer first answered
	ConfirmedAt  time.Time `json:"confirmed_at,omitzero"`  // the closing outcome was confirmed
	DocumentedAt time.Time `json:"documented_at,omitzero"` // and its recording verified
	SealedAt     time.Time `json:"sealed_at,omitzero"`
	Manifest     string    `json:"manifest,omitempty"` // hash of the sealed manifest

	Warned      bool   `json:"warned,omitempty"`
	AgentAbsent bool   `json:"agent_absent,omitempty"`
	Missed      bool   `json:"missed,omitempty"`
	MissedCause string `json:"missed_cause,omitempty"`
}

// MetDeadline reports whether the outcome was confirmed and the recording
// verified before the deadline (SOP clause G.3 within the time limit).
func (s State) MetDeadline() bool {
	return !s.DocumentedAt.IsZero() && !s.DocumentedAt.After(s.FollowUp.Deadline)
}

// PendingRecordings reports whether a recording has neither reached the archive nor an alarm.
func (s State) PendingRecordings() bool {
	for _, r := range s.Recordings {
		if r.Status == RecordingAtSwitch {
			return true
		}
	}
	return false
}

// ErrRefused means that an activity is not allowed in the present state.
var ErrRefused = errors.New("refused")

// RefusedError says which activity was refused, and why.
type RefusedError struct {
	FollowUp ID
	Kind     Kind
	Status   Status
	Why      string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s of follow-up %s, which is %s: %s", e.Kind, e.FollowUp, e.Status, e.Why)
}

// Unwrap makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Unwrap() error { return ErrRefused }

// Fold adds the activities up. They must be one unbroken chain from the first on.
func Fold(activities []Activity) (State, error) {
	if err := VerifyChain(activities); err != nil {
		return State{}, err
	}
	var s State
	for _, a := range activities {
		var err error
		if s, err = Apply(s, a); err != nil {
			return State{}, err
		}
	}
	return s, nil
}

// foldRules is raised whenever Apply makes another state of the same activities.
const foldRules = 2

// Outdated reports whether a state was added up by a version with other rules,
// which runs beside this one during an upgrade: what it did not know is not in it.
// The activities are the truth; Fold makes this version's state of them.
func (s State) Outdated() bool { return s.Version > 0 && s.Rules != foldRules }
