package queue

import (
	"encoding/json"
	"fmt"
	"time"
)

// Details is the content of an activity. Which fields a kind carries is told
// beside them; all others stay empty and are left out when written.
type Details struct {
	// FollowUp: received, edited. Personal data.
	FollowUp *FollowUp `json:"follow_up,omitempty"`

	// Agent: assigned, designated, agent_absent, manual_conversation.
	Agent AgentID `json:"agent,omitempty"`
	// Attempt: assigned and everything that belongs to that attempt; 1 for the first.
	Attempt int `json:"attempt,omitempty"`
	// Switch and Fence: assigned, resumed; Switch: attempt_presumed.
	Switch string `json:"switch,omitempty"`
	Fence  Fence  `json:"fence,omitempty"`

	// Channel: agent_ringing, taxpayer_dialing, monitor_started, outcome_ringback.
	Channel string `json:"channel,omitempty"`
	// File and SHA256: recording_archived, recording_alarm (of what is archived all the
	// same), history_shipped, attempt_presumed, sealed; announcement_played (what the
	// switch was told to play) and recording_opened have the file alone.
	File   string `json:"file,omitempty"`
	SHA256 string `json:"sha256,omitempty"`

	// UpTo: history_shipped and sealed, the number of the last activity in the archive.
	UpTo int `json:"up_to,omitempty"`

	// Mode: monitor_started, monitor_ended; their actor is who listens.
	Mode MonitorMode `json:"mode,omitempty"`

	// Result, SIPCode, Cause, EndedBy, TalkMS: call_ended.
	Result  Result `json:"result,omitempty"`
	SIPCode int    `json:"sip_code,omitempty"` // RFC 3261 status of the failed leg
	Cause   int    `json:"cause,omitempty"`    // ITU-T Q.850 cause
	EndedBy string `json:"ended_by,omitempty"` // agent, taxpayer, system
	TalkMS  int64  `json:"talk_ms,omitempty"`  // from answer to hang-up

	// Outcome, Via, Note, CallbackAt: outcome_confirmed, outcome_corrected.
	Outcome    Outcome    `json:"outcome,omitempty"`
	Via        string     `json:"via,omitempty"`  // keypad, in_talk, ringback, api
	Note       string     `json:"note,omitempty"` // personal data
	CallbackAt *time.Time `json:"callback_at,omitempty"`

	// Next, Pace, RetryAt, Counted: attempt_settled.
	Next    Next       `json:"next,omitempty"`
	Pace    Pace       `json:"pace,omitempty"`
	RetryAt *time.Time `json:"retry_at,omitempty"`
	Counted bool       `json:"counted,omitempty"`

	// Manual: manual_conversation, which also carries the agent, the attempt, the
	// result, the outcome, the recording, and what comes next.
	Manual *ManualCall `json:"manual,omitempty"`

	// Reason: cancelled, requeued, attempt_settled, attempt_presumed, recording_alarm, recording_archived
	// (of a partial one), reconciling, monitor_ended, deadline_*.
	Reason string `json:"reason,omitempty"`

	// Tracks, ConversationMS, OffsetMS: recording_started, call_ended and
	// attempt_presumed name the recordings at the switch; recording_archived says what was verified.
	Tracks         *Tracks `json:"tracks,omitempty"`
	Bytes          int64   `json:"bytes,omitempty"`
	DurationMS     int64   `json:"duration_ms,omitempty"`
	OffsetMS       int64   `json:"offset_ms,omitempty"` // of the answer within the recording
	ConversationMS int64   `json:"conversation_ms,omitempty"`
}

// Tracks names the two one-channel recordings of an attempt at its switch.
type Tracks struct {
	Agent    string `json:"agent"`
	Taxpayer string `json:"taxpayer"`
	// StartedAt is when the switch began to write each of them.
	AgentStartedAt    time.Time `json:"agent_started_at"`
	TaxpayerStartedAt time.Time `json:"taxpayer_started_at"`
}

// Decode reads the details of an activity. Fields this version does not know
// are passed over: they stay in the activity itself.
func (a Activity) Decode() (Details, error) {
	var d Details
	if err := json.Unmarshal(a.Details, &d); err != nil {
		return Details{}, fmt.Errorf("activity %d of %s: details of kind %s: %w", a.Seq, a.FollowUp, a.Kind, err)
	}
	return d, nil
}
