package ari

import (
	"encoding/json"
	"time"
)

// The types of events the client asks for (ARI model Event and its kinds).
const (
	StasisStart          = "StasisStart"
	StasisEnd            = "StasisEnd"
	ChannelStateChange   = "ChannelStateChange"
	ChannelDestroyed     = "ChannelDestroyed"
	ChannelHangupRequest = "ChannelHangupRequest"
	ChannelDtmfReceived  = "ChannelDtmfReceived"
	ChannelEnteredBridge = "ChannelEnteredBridge"
	ChannelLeftBridge    = "ChannelLeftBridge"
	ChannelUserevent     = "ChannelUserevent"
	DialEvent            = "Dial"
	BridgeDestroyed      = "BridgeDestroyed"
	PlaybackStarted      = "PlaybackStarted"
	PlaybackFinished     = "PlaybackFinished"
	RecordingStarted     = "RecordingStarted"
	RecordingFinished    = "RecordingFinished"
	RecordingFailed      = "RecordingFailed"
	ApplicationReplaced  = "ApplicationReplaced"

	// Gap is not Asterisk's: it says that events may have been lost before it.
	Gap = "Gap"
	// Replaced is not Asterisk's: the stream has ended for good.
	Replaced = "Replaced"
)

// wanted returns the types that the event filter lets through, unless it is to let
// through fewer, see Stream.Only.
func wanted() []string {
	return []string{
		StasisStart, StasisEnd, ChannelStateChange, ChannelDestroyed, ChannelHangupRequest, ChannelDtmfReceived,
		ChannelEnteredBridge, ChannelLeftBridge, ChannelUserevent, DialEvent, BridgeDestroyed, PlaybackStarted,
		PlaybackFinished, RecordingStarted, RecordingFinished, RecordingFailed, ApplicationReplaced,
	}
}

// Event is one thing that Asterisk told. Fields that its type does not have are empty.
type Event struct {
	Type string
	// At is the moment by Asterisk's clock, in milliseconds; zero if it did not
	// say. Of a Gap: since about when events may be missing.
	At        time.Time
	Channel   Channel // of channel events; of Dial, the dialled one
	Bridge    string  // id: ChannelEnteredBridge, ChannelLeftBridge, BridgeDestroyed
	Recording LiveRecording
	Playback  string   // id
	Failed    bool     // PlaybackFinished: nothing, or not all, was heard
	Digit     string   // ChannelDtmfReceived
	Args      []string // StasisStart
	// Cause (ITU-T Q.850) and SIPCode (tech_cause): ChannelDestroyed and
	// ChannelHangupRequest. CauseText: ChannelDestroyed. Asterisk makes a SIPCode
	// of its own for a leg that it ended itself: 480 after the ring time-out, 603
	// for a channel hung up before it was answered.
	Cause     int
	CauseText string
	SIPCode   int
	// DialStatus: Dial; empty when the dial was carried out, which can come after
	// the others: RINGING, PROGRESS, ANSWER. A dial that fails has no other: ChannelDestroyed says it.
	DialStatus string
	Name       string // ChannelUserevent
	// Overflow: Gap; the owner did not take its events in time. Otherwise the
	// socket was away.
	Overflow bool
	// Key is the subscription's, derived from the object's id.
	Key string
	// Raw is the whole event of a ChannelUserevent, and of a type that is not
	// named above.
	Raw json.RawMessage
}

// object is the id of what the event is about.
func (e Event) object() string {
	switch {
	case e.Channel.ID != "":
		return e.Channel.ID
	case e.Bridge != "":
		return e.Bridge
	case e.Recording.Name != "":
		return e.Recording.Name
	default:
		return e.Playback
	}
}
