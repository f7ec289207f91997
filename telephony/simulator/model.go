package simulator

import "time"

// The models of ARI, as they are sent. Fields that Sambung does not read are
// kept few.

// timeLayout is how Asterisk writes moments.
const timeLayout = "2006-01-02T15:04:05.000-0700"

func stamp(t time.Time) string { return t.Format(timeLayout) }

type party struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

type channelModel struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	State     string `json:"state"`
	Caller    party  `json:"caller"`
	Connected party  `json:"connected"`
	Created   string `json:"creationtime"`
	Language  string `json:"language"`
}

type bridgeModel struct {
	ID         string   `json:"id"`
	Technology string   `json:"technology"`
	Type       string   `json:"bridge_type"`
	Class      string   `json:"bridge_class"`
	Creator    string   `json:"creator"`
	Name       string   `json:"name"`
	Channels   []string `json:"channels"`
	Created    string   `json:"creationtime"`
}

type playbackModel struct {
	ID       string `json:"id"`
	Media    string `json:"media_uri"`
	Target   string `json:"target_uri"`
	Language string `json:"language"`
	State    string `json:"state"`
}

type recordingModel struct {
	Name     string `json:"name"`
	Format   string `json:"format"`
	State    string `json:"state"`
	Target   string `json:"target_uri"`
	Duration *int   `json:"duration,omitempty"` // seconds
	Cause    string `json:"cause,omitempty"`
}

type storedModel struct {
	Name   string `json:"name"`
	Format string `json:"format"`
}

type applicationModel struct {
	Name     string   `json:"name"`
	Channels []string `json:"channel_ids"`
	Bridges  []string `json:"bridge_ids"`
}

// event is any event; its type says which fields it has.
type event struct {
	Type        string            `json:"type"`
	Timestamp   string            `json:"timestamp"`
	Application string            `json:"application"`
	Channel     *channelModel     `json:"channel,omitempty"`
	Peer        *channelModel     `json:"peer,omitempty"`
	Bridge      *bridgeModel      `json:"bridge,omitempty"`
	Playback    *playbackModel    `json:"playback,omitempty"`
	Recording   *recordingModel   `json:"recording,omitempty"`
	Args        *[]string         `json:"args,omitempty"`       // StasisStart
	DialStatus  *string           `json:"dialstatus,omitempty"` // Dial
	DialString  string            `json:"dialstring,omitempty"`
	Digit       string            `json:"digit,omitempty"`
	DurationMS  int               `json:"duration_ms,omitempty"`
	Cause       int               `json:"cause,omitempty"` // ITU-T Q.850, but for a soft request
	CauseText   string            `json:"cause_txt,omitempty"`
	SIPStatus   int               `json:"tech_cause,omitempty"`
	Soft        bool              `json:"soft,omitempty"`
	Variable    string            `json:"variable,omitempty"`
	Value       string            `json:"value,omitempty"`
	Name        string            `json:"eventname,omitempty"`
	UserEvent   map[string]string `json:"userevent,omitempty"`
}
