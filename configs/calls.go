package configs

import "time"

// How a switch writes the taxpayer's number for its trunk. The number +62 812 1234
// is dialled as the comment shows.
const (
	DialNational = "national"  // 08121234
	DialE164     = "e164"      // 628121234
	DialE164Plus = "e164_plus" // +628121234
)

// Switch is one Asterisk.
type Switch struct {
	// Name is the switch's in the queue; agents name the one their telephone is
	// registered at. 1 to 32 characters of [a-z0-9-].
	Name string `yaml:"name"`
	// URL of its ARI, such as http://127.0.0.1:8088/ari.
	URL string `yaml:"url"`
	// Application is the Stasis application. It belongs to the switch: whoever
	// owns the switch connects under it.
	Application string `yaml:"application"`
	User        string `yaml:"user"`
	// PasswordFile, or SAMBUNG_SWITCHES_<n>_PASSWORD.
	PasswordFile string `yaml:"password_file"`
	Password     Secret `yaml:"-" file:"password_file"`
	// Trunk is the PJSIP endpoint that leads to the telephone network.
	Trunk string `yaml:"trunk"`
	// DialFormat is how the trunk wants numbers: DialNational, DialE164, DialE164Plus.
	DialFormat string `yaml:"dial_format"`
	// CallerID is the number that taxpayers see; empty: what the trunk says.
	CallerID string `yaml:"caller_id"`
	// MaxCalls bounds the calls carried at once.
	MaxCalls int `yaml:"max_calls"`
	// Browser is where telephones in browsers register at this switch.
	Browser Browser `yaml:"browser"`
}

// Browser is the SIP over WebSocket (RFC 7118) of a switch. Without a URL there is none.
type Browser struct {
	// URL as browsers reach it, such as wss://pbx.example.go.id:8089/ws.
	URL string `yaml:"url"`
	// Domain of the SIP addresses: sip:agent-1@DOMAIN.
	Domain string `yaml:"domain"`
	// SecretsDir holds one secret file for each endpoint that may register from a
	// browser, named like it, with its SIP password. It is read when somebody signs in.
	SecretsDir string `yaml:"secrets_dir"`
	// ICEServers are STUN servers, such as stun:stun.example.go.id:3478; none are
	// needed where browsers and switch reach each other's addresses.
	ICEServers []string `yaml:"ice_servers"`
}

// Calls is how a call runs.
type Calls struct {
	AgentRing    time.Duration `yaml:"agent_ring"`    // how long the agent's telephone rings
	TaxpayerRing time.Duration `yaml:"taxpayer_ring"` // how long the taxpayer's rings
	// WrapUp is how long the outcome is waited for after the talk.
	WrapUp time.Duration `yaml:"wrap_up"`
	// RingbackAfter is how long after an agent hung up without an outcome he or
	// she is rung once for it; 0: never.
	RingbackAfter time.Duration `yaml:"ringback_after"`
	// MuteLimit is how long the recording may stay muted before it resumes by itself.
	MuteLimit time.Duration `yaml:"mute_limit"`
	// MaxDuration bounds a channel that nobody watches any more.
	MaxDuration time.Duration `yaml:"max_duration"`
	// TrunkHold is how long all dialling pauses after the trunk failed; it doubles
	// with each failure in a row, up to TrunkHoldMax.
	TrunkHold    time.Duration `yaml:"trunk_hold"`
	TrunkHoldMax time.Duration `yaml:"trunk_hold_max"`
	// AutoAnswerHeader is a SIP header, "Name: value", sent to the agent's
	// telephone so that it answers by itself; empty: it rings.
	AutoAnswerHeader string `yaml:"auto_answer_header"`
}

// Policy says how attempts are repeated and when alarms are raised. All
// durations are working time. The fields are those of queue.Policy.
type Policy struct {
	// TimeLimit is what the SOP allows from receipt to documentation.
	TimeLimit time.Duration `yaml:"time_limit"`
	// MaxAttempts at the taxpayer are made before the follow-up is handed back.
	MaxAttempts int `yaml:"max_attempts"`
	// BusyRetry is the wait after a busy line or a call cut off.
	BusyRetry time.Duration `yaml:"busy_retry"`
	// MinGap is the least wait between two attempts of one follow-up.
	MinGap time.Duration `yaml:"min_gap"`
	// HandlingTime is kept free at the end of the hour for talk and documentation.
	HandlingTime time.Duration `yaml:"handling_time"`
	// LateGap is the wait between attempts once the deadline has passed.
	LateGap time.Duration `yaml:"late_gap"`
	// WarnBefore is how long before the deadline the alarm is raised.
	WarnBefore time.Duration `yaml:"warn_before"`
}
