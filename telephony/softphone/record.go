package softphone

import (
	"strings"
	"time"
)

// Direction says who began a call.
type Direction string

const (
	Incoming Direction = "incoming"
	Outgoing Direction = "outgoing"
)

// Party is one of the two sides of a call.
type Party string

const (
	Local  Party = "local"  // this phone
	Remote Party = "remote" // the other side
)

// CallRecord is what a phone knows of one call, by its own clock. A time is
// zero when the thing has not happened.
type CallRecord struct {
	CallID    string
	Direction Direction
	Called    string // user part of the Request-URI: the number dialled
	Caller    string // user part of From

	// Invites are the INVITE transactions that asked for this call: 1, or 2
	// after a challenge; more is a caller's mistake.
	Invites int
	// Retransmissions are repetitions of an INVITE that was counted before.
	Retransmissions int
	// ReInvites are INVITE transactions inside the call: hold, session refresh.
	ReInvites int

	InvitedAt      time.Time // the INVITE arrived or left
	RingingAt      time.Time // 180
	EarlyMediaAt   time.Time // 183 with SDP
	AnsweredAt     time.Time // 200
	AcknowledgedAt time.Time // ACK of the 200
	EndedAt        time.Time // BYE, CANCEL, or a final response that is no answer
	EndedBy        Party
	Status         int    // final status of the INVITE: 200, 486, 487 (cancelled) ...; 0 until there is one
	Problem        string // what went wrong, if anything did: no ACK, no common codec ...

	Digits          string // keys heard, RFC 4733
	PacketsSent     uint64 // RTP
	PacketsReceived uint64 // RTP from the other side
	PacketsStray    uint64 // datagrams from elsewhere, not heard
}

// Answered reports whether the call was answered, ended or not.
func (r CallRecord) Answered() bool { return !r.AnsweredAt.IsZero() }

// Ended reports whether the call is over.
func (r CallRecord) Ended() bool { return !r.EndedAt.IsZero() }

// Talked is the time from the answer to the end, 0 unless there were both.
func (r CallRecord) Talked() time.Duration {
	if !r.Answered() || !r.Ended() {
		return 0
	}
	return r.EndedAt.Sub(r.AnsweredAt)
}

// Invite is a call that arrives, as it is given to Config.Behave.
type Invite struct {
	CallID string
	Called string // user part of the Request-URI: the number dialled
	Caller string // user part of From
	At     time.Time

	headers map[string]string // by name in lower case, the first of each name
}

// Header is the value of a header of the INVITE, the first if there are
// several, "" if there is none. The name's case does not matter.
func (i Invite) Header(name string) string { return i.headers[strings.ToLower(name)] }

// NewInvite makes an Invite, for telephones that are not of this package.
func NewInvite(callID, called, caller string, at time.Time, headers map[string]string) Invite {
	i := Invite{CallID: callID, Called: called, Caller: caller, At: at, headers: make(map[string]string, len(headers))}
	for name, value := range headers {
		i.headers[strings.ToLower(name)] = value
	}
	return i
}
