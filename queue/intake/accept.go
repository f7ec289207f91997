package intake

import (
	"errors"
	"io"
	"slices"
	"time"

	"sambung/queue"
)

// AcceptJSON is [DecodeJSON] and [Rules.Validate] in one, with the faults of both in
// one refusal.
func (r Rules) AcceptJSON(body io.Reader, now time.Time) (queue.Enqueue, error) {
	s, err := DecodeJSON(body)
	return r.accept(s, err, now)
}

// AcceptFields is [FromFields] and [Rules.Validate] in one, with the faults of both
// in one refusal.
func (r Rules) AcceptFields(fields map[string]string, now time.Time) (queue.Enqueue, error) {
	s, err := FromFields(fields)
	return r.accept(s, err, now)
}

// accept validates what was read with err and joins the refusals. A field that could
// not be read is not reported as missing as well.
func (r Rules) accept(s Submission, err error, now time.Time) (queue.Enqueue, error) {
	var unread *Refusal
	if err != nil && !errors.As(err, &unread) || unread != nil && unread.opaque {
		return queue.Enqueue{}, err
	}
	e, err := r.Validate(s, now)
	var invalid *Refusal
	if unread == nil || err != nil && !errors.As(err, &invalid) {
		return e, err
	}
	all := &Refusal{Fields: slices.Clone(unread.Fields)}
	if invalid != nil {
		for _, f := range invalid.Fields {
			if !slices.ContainsFunc(unread.Fields, func(u FieldError) bool { return u.Field == f.Field }) {
				all.Fields = append(all.Fields, f)
			}
		}
	}
	return queue.Enqueue{}, all
}
