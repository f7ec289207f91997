package queue

import "time"

// Agent is a person of the section who rings taxpayers (SOP clause D.1).
type Agent struct {
	ID AgentID `json:"id"`
	// Endpoint is the telephone at the switch, such as "PJSIP/agent-1".
	Endpoint string `json:"endpoint"`
	// Switch names the switch at which Endpoint is registered.
	Switch         string   `json:"switch"`
	Specialisation string   `json:"specialisation,omitempty"`
	Presence       Presence `json:"presence"`
	// PauseReason says why, when Presence is PresencePaused.
	PauseReason string `json:"pause_reason,omitempty"`
	// Since is when Presence last changed, or the agent was last freed:
	// who has been free the longest is served first.
	Since time.Time `json:"since"`
	// Reserved is the follow-up the agent is busy with. Set by claims only.
	Reserved ID `json:"reserved,omitempty"`
}

// Presence says whether an agent takes calls.
type Presence string

// The presences of an agent.
const (
	PresenceOffline Presence = "offline"
	PresenceReady   Presence = "ready"
	PresencePaused  Presence = "paused"
)

// Free reports whether the agent can be given a follow-up now.
func (a Agent) Free() bool { return a.Presence == PresenceReady && a.Reserved == "" }
