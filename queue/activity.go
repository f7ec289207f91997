package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Activity (riwayat aktivitas) is one thing that happened to one follow-up.
// The append-only list of a follow-up's activities is its state.
type Activity struct {
	FollowUp ID        `json:"follow_up"`
	Seq      int       `json:"seq"`   // 1 for the first, without gaps
	At       time.Time `json:"at"`    // when it happened, UTC, whole milliseconds
	Actor    Actor     `json:"actor"` // who did it
	Kind     Kind      `json:"kind"`
	// Details is kept exactly as it was written, so that a daemon of another
	// version neither loses a field it does not know nor breaks the chain.
	Details json.RawMessage `json:"details"`
	Prev    string          `json:"prev"` // Hash of the activity before; empty for the first
	Hash    string          `json:"hash"` // lower-case hex SHA-256, see ComputeHash
}

// Entry is an activity about to be written: the ledger adds follow-up,
// sequence and hashes.
type Entry struct {
	At      time.Time
	Actor   Actor
	Kind    Kind
	Details Details
}

// Actor is who did something: "system", "agent:<id>", "user:<token name>" or
// "switch:<name>". It never carries a person's name or telephone number.
type Actor string

// ActorSystem is the daemon acting on its own.
const ActorSystem Actor = "system"

// ActorAgent is an agent acting by keypad or page.
func ActorAgent(id AgentID) Actor { return Actor("agent:" + string(id)) }

// ActorUser is a person acting through the API under a token of that name.
func ActorUser(name string) Actor { return Actor("user:" + name) }

// ActorSwitch is the telephone network speaking through one Asterisk.
func ActorSwitch(name string) Actor { return Actor("switch:" + name) }

// ErrBrokenChain means that activities do not follow one another by hash.
var ErrBrokenChain = errors.New("hash chain broken")

// Chain turns an entry into the activity that follows (version, head).
func Chain(id ID, version int, head string, e Entry) (Activity, error) {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return Activity{}, fmt.Errorf("encoding the details of a %s activity: %w", e.Kind, err)
	}
	a := Activity{
		FollowUp: id,
		Seq:      version + 1,
		At:       e.At.UTC().Truncate(time.Millisecond),
		Actor:    e.Actor,
		Kind:     e.Kind,
		Details:  details,
		Prev:     head,
	}
	a.Hash = a.ComputeHash()
	return a, nil
}

// ComputeHash returns the SHA-256, in lower-case hex, over the previous hash,
// follow-up, sequence number, time (RFC 3339 with milliseconds, UTC), actor,
// kind and details, each followed by a line feed. No field but the details can
// hold a line feed, and the details come last, so no two activities share an input.
func (a Activity) ComputeHash() string {
	h := sha256.New()
	for _, field := range []string{
		a.Prev, string(a.FollowUp), strconv.Itoa(a.Seq),
		a.At.UTC().Format("2006-01-02T15:04:05.000Z"),
		string(a.Actor), string(a.Kind), string(a.Details),
	} {
		h.Write([]byte(field))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// VerifyChain checks that the activities are one unbroken chain of one
// follow-up from its first activity on. The error names the first broken link.
func VerifyChain(activities []Activity) error {
	head := ""
	for i, a := range activities {
		switch {
		case a.Seq != i+1:
			return fmt.Errorf("%w: activity %d carries sequence number %d", ErrBrokenChain, i+1, a.Seq)
		case a.FollowUp != activities[0].FollowUp:
			return fmt.Errorf("%w: activity %d belongs to follow-up %s, not %s", ErrBrokenChain, a.Seq, a.FollowUp, activities[0].FollowUp)
		case a.At.Nanosecond()%int(time.Millisecond) != 0: // the hash does not cover it
			return fmt.Errorf("%w: the time of activity %d is finer than a millisecond", ErrBrokenChain, a.Seq)
		case a.Prev != head:
			return fmt.Errorf("%w: activity %d does not follow the one before it", ErrBrokenChain, a.Seq)
		case a.Hash != a.ComputeHash():
			return fmt.Errorf("%w: the content of activity %d does not match its hash", ErrBrokenChain, a.Seq)
		}
		head = a.Hash
	}
	return nil
}

// VerifyLine checks one activity, written as JSON, against its own hash.
func VerifyLine(line []byte) error {
	var a Activity
	if err := json.Unmarshal(line, &a); err != nil {
		return fmt.Errorf("%w: not an activity: %w", ErrBrokenChain, err)
	}
	if a.Hash != a.ComputeHash() {
		return fmt.Errorf("%w: the content of activity %d does not match its hash", ErrBrokenChain, a.Seq)
	}
	return nil
}
