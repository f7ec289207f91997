package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// timeLayout is how Asterisk writes moments: 2026-11-23T08:00:00.123+0700.
const timeLayout = "2006-01-02T15:04:05.000-0700"

// rawEvent has the fields of all types this client knows.
type rawEvent struct {
	Type       string         `json:"type"`
	Timestamp  string         `json:"timestamp"`
	Channel    *Channel       `json:"channel"`
	Peer       *Channel       `json:"peer"`
	Bridge     *Bridge        `json:"bridge"`
	Recording  *LiveRecording `json:"recording"`
	Playback   *Playback      `json:"playback"`
	Args       []string       `json:"args"`
	Digit      string         `json:"digit"`
	Cause      int            `json:"cause"`
	CauseText  string         `json:"cause_txt"`
	TechCause  int            `json:"tech_cause"`
	Soft       bool           `json:"soft"`
	DialStatus string         `json:"dialstatus"`
	EventName  string         `json:"eventname"`
}

// decode reads one event, keeping data. A type it does not know is no error,
// whatever its fields are.
func decode(data []byte) (Event, error) {
	var raw rawEvent
	err := json.Unmarshal(data, &raw)
	known := slices.Contains(wanted(), raw.Type)
	var odd *json.UnmarshalTypeError // the other fields are filled nevertheless
	switch {
	case err != nil && (known || !errors.As(err, &odd)):
		return Event{}, fmt.Errorf("a frame that is no event: %w", err)
	case raw.Type == "":
		return Event{}, errors.New("a frame that is no event: it has no type")
	}
	e := raw.event()
	if !known || e.Type == ChannelUserevent {
		e.Raw = data
	}
	return e, nil
}

// event sorts the fields.
func (raw *rawEvent) event() Event {
	e := Event{
		Type: raw.Type, Digit: raw.Digit, Args: raw.Args, Cause: raw.Cause, CauseText: raw.CauseText,
		SIPCode: raw.TechCause, DialStatus: raw.DialStatus, Name: raw.EventName,
	}
	if at, err := time.Parse(timeLayout, raw.Timestamp); err == nil {
		e.At = at
	}
	if raw.Soft {
		e.Cause = 0 // a flag of Asterisk's own stands there, no cause of Q.850
	}
	switch {
	case raw.Peer != nil && raw.Type == DialEvent:
		e.Channel = *raw.Peer
	case raw.Channel != nil:
		e.Channel = *raw.Channel
	}
	if raw.Bridge != nil {
		e.Bridge = raw.Bridge.ID
	}
	if raw.Recording != nil {
		e.Recording = *raw.Recording
	}
	if raw.Playback != nil {
		e.Playback, e.Failed = raw.Playback.ID, raw.Playback.State == "failed"
	}
	return e
}
