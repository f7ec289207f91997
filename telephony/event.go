package telephony

import "time"

// Kind says what an Event reports.
type Kind string

// The events of a call, in the order in which they usually come.
const (
	AgentRinging       Kind = "agent_ringing" // intent
	AgentAnswered      Kind = "agent_answered"
	RecordingStarted   Kind = "recording_started" // carries Tracks
	TaxpayerDialing    Kind = "taxpayer_dialing"  // intent
	TaxpayerRinging    Kind = "taxpayer_ringing"
	TaxpayerAnswered   Kind = "taxpayer_answered"
	AnnouncementPlayed Kind = "announcement_played"
	IdentityConfirmed  Kind = "identity_confirmed" // the agent pressed *9
	RecordingMuted     Kind = "recording_muted"
	RecordingUnmuted   Kind = "recording_unmuted"
	Ended              Kind = "ended"            // carries Result; nobody talks any more
	OutcomeRingback    Kind = "outcome_ringback" // intent
	OutcomeKeyed       Kind = "outcome_keyed"    // carries Key and Via

	// Of a supervisor in the talk, see Monitors.
	MonitorRinging Kind = "monitor_ringing"
	MonitorStarted Kind = "monitor_started" // intent; carries Mode
	MonitorEnded   Kind = "monitor_ended"   // carries Mode and Reason
)

// Intent reports whether the event announces an act and must be durable before it.
func (k Kind) Intent() bool {
	switch k {
	case AgentRinging, TaxpayerDialing, OutcomeRingback, MonitorStarted:
		return true
	}
	return false
}

// Event is one thing that happened, or is about to happen, in a call.
type Event struct {
	Kind Kind
	At   time.Time // by the switch's clock where it told it
	// Channel is the leg's channel: intents.
	Channel string
	// Tracks: RecordingStarted, Ended.
	Tracks *Tracks
	// Key is the telephone key and Via how it came: OutcomeKeyed.
	Key string
	Via Via
	// Media is what was played: AnnouncementPlayed.
	Media string
	// Result: Ended.
	Result *Result
	// Mode: MonitorStarted, MonitorEnded.
	Mode MonitorMode
	// Reason is why it ended, for people, without personal data: MonitorEnded.
	Reason string
}

// Via says how the agent confirmed an outcome by telephone.
type Via string

// The ways.
const (
	ViaInTalk   Via = "in_talk"  // star and digit, during the talk
	ViaKeypad   Via = "keypad"   // after the talk, still on the line
	ViaRingback Via = "ringback" // rung back for it
)

// Tracks names the two one-channel recordings of a call at the switch.
type Tracks struct {
	Agent    string
	Taxpayer string
	// When the switch began to write each, by its clock.
	AgentStartedAt    time.Time
	TaxpayerStartedAt time.Time
}
