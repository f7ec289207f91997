package reconcile

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"sambung/queue"
)

// Attempt names an attempt as everything at the switch is named after it.
type Attempt struct {
	FollowUp queue.ID
	Number   int
}

// ParseAttempt reads the attempt off a name such as "<follow-up>-<attempt>" or
// "<follow-up>-<attempt>-agent"; ok is false if it is not such a name.
func ParseAttempt(name string) (a Attempt, ok bool) {
	id, rest, ok := strings.Cut(name, "-")
	if !ok || id == "" {
		return Attempt{}, false
	}
	number, _, _ := strings.Cut(rest, "-")
	n, err := strconv.Atoi(strings.TrimSuffix(number, ".wav"))
	return Attempt{queue.ID(id), n}, err == nil && n > 0
}

// OfCall is the standing of a follow-up's call at a switch, for Call and NoCall.
func OfCall(s queue.State, attempt int, switchName string) Standing {
	switch {
	case attempt > s.Attempt:
		return Unknown
	case attempt < s.Attempt:
		return Over
	case s.Status.Reserved() && s.Assignment.Switch == switchName:
		return InHand
	case s.Status.Reserved():
		return Elsewhere
	}
	return Over
}

// ofRecording is the standing of an attempt's recording, wherever it lies.
func ofRecording(ctx context.Context, q Ledger, a Attempt) (Standing, error) {
	s, err := q.State(ctx, a.FollowUp)
	if errors.Is(err, queue.ErrNotFound) {
		return Unknown, nil
	}
	if err != nil {
		return "", err
	}
	for _, r := range s.Recordings {
		if r.Attempt == a.Number {
			return map[queue.RecordingStatus]Standing{
				queue.RecordingAtSwitch: Due, queue.RecordingVerified: Archived, queue.RecordingAlarmed: Alarmed,
			}[r.Status], nil
		}
	}
	switch {
	case a.Number > s.Attempt:
		return Unknown, nil
	case a.Number == s.Attempt && s.Status.Reserved():
		return InHand, nil
	}
	return undocumented(ctx, q, a)
}

// undocumented is the standing of a settled attempt without a recording. One whose
// beginning the history does not have was made before the ledger was set back: its
// number is taken by a presumed attempt, or lies before one, and what became of it
// is not known.
func undocumented(ctx context.Context, q Ledger, a Attempt) (Standing, error) {
	history, err := q.History(ctx, a.FollowUp)
	if err != nil {
		return "", err
	}
	standing := Unknown
	for _, activity := range history {
		if activity.Kind != queue.KindAssigned && activity.Kind != queue.KindTaxpayerDialing {
			continue
		}
		d, err := activity.Decode()
		if err != nil {
			return "", err
		}
		switch {
		case d.Attempt != a.Number:
		case activity.Kind == queue.KindTaxpayerDialing:
			return Unrecorded, nil
		default:
			standing = Undialled
		}
	}
	return standing, nil
}
