package ari

import (
	"encoding/json"
	"fmt"
	"time"
)

// The types of events the client asks for (ARI model Event and its kinds).
const (
	StasisStart         = "StasisStart"
	StasisEnd           = "StasisEnd"
	ChannelStateChange  = "ChannelStateChange"
	ChannelDestroyed    = "ChannelDestroyed"
	ChannelDtmfReceived = "ChannelDtmfReceived"
	DialEvent           = "Dial"
	PlaybackFinished    = "PlaybackFinished"
	RecordingStarted    = "RecordingStarted"
	RecordingFinished   = "RecordingFinished"
	RecordingFailed     = "RecordingFailed"
	ChannelUserevent    = "ChannelUserevent"
	ApplicationReplaced = "ApplicationReplaced"

	// Gap is not Asterisk's: it says that events may have been lost before it.
	Gap = "Gap"
	// Replaced is not Asterisk's: the stream has ended for good.
	Replaced = "Replaced"
)

// wanted are the types that the event filter lets through.
var wanted = []string{
	StasisStart, StasisEnd, ChannelStateChange, ChannelDestroyed, ChannelDtmfReceived, DialEvent,
	PlaybackFinished, RecordingStarted, RecordingFinished, RecordingFailed, ChannelUserevent, ApplicationReplaced,
}

// Event is one thing that Asterisk told. Fields that its type does not have are empty.
type Event struct {
	Type      string
	At        time.Time // by the Asterisk's clock; zero if it did not say
	Channel   Channel   // of channel events; of Dial, the dialled one
	Recording LiveRecording
	Playback  string // id
	Failed    bool   // PlaybackFinished: nothing, or not all, was heard
	Digit     string // ChannelDtmfReceived
	// Cause (ITU-T Q.850) and SIPCode (tech_cause): ChannelDestroyed.
	Cause   int
	SIPCode int
	// DialStatus: Dial; empty while ringing begins, then RINGING, PROGRESS,
	// ANSWER, BUSY, NOANSWER, CONGESTION, CHANUNAVAIL, CANCEL.
	DialStatus string
	Name       string // ChannelUserevent
	// Key is the subscription's, derived from the object's id.
	Key string
}

// timeLayout is how Asterisk writes moments: 2026-11-23T08:00:00.123+0700.
const timeLayout = "2006-01-02T15:04:05.000-0700"

// rawEvent has the fields of all types this client knows.
type rawEvent struct {
	Type       string         `json:"type"`
	Timestamp  string         `json:"timestamp"`
	Channel    *Channel       `json:"channel"`
	Peer       *Channel       `json:"peer"`
	Recording  *LiveRecording `json:"recording"`
	Playback   *struct{ ID, State string }
	Digit      string `json:"digit"`
	Cause      int    `json:"cause"`
	TechCause  int    `json:"tech_cause"`
	DialStatus string `json:"dialstatus"`
	EventName  string `json:"eventname"`
}

// decode reads one event. A type it does not know is no error.
func decode(data []byte) (Event, error) {
	var raw rawEvent
	if err := json.Unmarshal(data, &raw); err != nil {
		return Event{}, fmt.Errorf("an event that is no event: %w", err)
	}
	e := Event{
		Type: raw.Type, Digit: raw.Digit, Cause: raw.Cause, SIPCode: raw.TechCause,
		DialStatus: raw.DialStatus, Name: raw.EventName,
	}
	if at, err := time.Parse(timeLayout, raw.Timestamp); err == nil {
		e.At = at
	}
	switch {
	case raw.Peer != nil && raw.Type == DialEvent:
		e.Channel = *raw.Peer
	case raw.Channel != nil:
		e.Channel = *raw.Channel
	}
	if raw.Recording != nil {
		e.Recording = *raw.Recording
	}
	if raw.Playback != nil {
		e.Playback, e.Failed = raw.Playback.ID, raw.Playback.State == "failed"
	}
	return e, nil
}

// object is the id of what the event is about.
func (e Event) object() string {
	switch {
	case e.Channel.ID != "":
		return e.Channel.ID
	case e.Recording.Name != "":
		return e.Recording.Name
	default:
		return e.Playback
	}
}
