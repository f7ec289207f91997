package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"sambung/daemon/manual"
	"sambung/queue"
	"sambung/queue/intake"
)

// Manual files conversations that were held without the system.
type Manual interface {
	// File documents one; see [manual.Filer].
	File(ctx context.Context, id queue.ID, actor queue.Actor, c manual.Conversation, audio io.Reader) (queue.State, error)
}

// maxRecording bounds a recording that is handed in, in bytes: four hours of
// one channel at 16 kHz.
const maxRecording = 512 << 20

// conversation is the part of that name of POST …/manual.
type conversation struct {
	Agent      queue.AgentID `json:"agent"`
	AnsweredAt *time.Time    `json:"answered_at"`
	EndedAt    *time.Time    `json:"ended_at,omitempty"`
	Outcome    queue.Outcome `json:"outcome"`
	CallbackAt *time.Time    `json:"callback_at,omitempty"`
	Note       string        `json:"note,omitempty"`
	Reason     string        `json:"reason"`
	Alarm      string        `json:"alarm,omitempty"`
}

// manual takes a conversation and its recording: multipart/form-data (RFC 7578)
// with the parts conversation, JSON, and recording, WAV, in this order.
func (s *server) manual(w http.ResponseWriter, r *http.Request, t Token) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	state, err := s.Queue.State(r.Context(), id)
	if err != nil {
		return err
	}
	parts, err := multipartOf(w, r)
	if err != nil {
		return err
	}
	stated, err := s.conversation(r.Context(), parts, state)
	if err != nil {
		return err
	}
	audio, err := recordingOf(parts)
	if err != nil {
		return err
	}
	state, err = s.Manual.File(r.Context(), id, t.actor(), stated, audio)
	if err != nil {
		return receiving(err)
	}
	return respond(w, http.StatusOK, state)
}

// multipartOf reads the body as long as it keeps coming.
func multipartOf(w http.ResponseWriter, r *http.Request) (*multipart.Reader, error) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, failure(http.StatusUnsupportedMediaType, "media_type", "the body is not a form; send multipart/form-data with the parts conversation and recording")
	}
	body := &patientReader{http.MaxBytesReader(w, r.Body, maxRecording), http.NewResponseController(w), exchangeOf(r).limits.body}
	return multipart.NewReader(body, parameters["boundary"]), nil
}

// conversation reads and checks the first part.
func (s *server) conversation(ctx context.Context, parts *multipart.Reader, state queue.State) (manual.Conversation, error) {
	var none manual.Conversation
	part, err := parts.NextPart()
	if err != nil || part.FormName() != "conversation" {
		return none, invalid(Field{"conversation", "is not the first part of the form", "send it first, as JSON"})
	}
	text, err := io.ReadAll(io.LimitReader(part, intake.MaxBody))
	if err != nil {
		return none, receiving(err)
	}
	var c conversation
	if err := decodeJSON(text, reflect.ValueOf(&c).Elem()); err != nil {
		return none, err
	}
	fields := c.check(state, s.Intake.Calendar, s.Now())
	if _, err := s.Queue.Agent(ctx, c.Agent); errors.Is(err, queue.ErrNotFound) || c.Agent == "" {
		fields = append(fields, unknownAgent)
	} else if err != nil {
		return none, err
	}
	if len(fields) > 0 {
		return none, invalid(fields...)
	}
	stated := manual.Conversation{
		Agent: c.Agent, AnsweredAt: *c.AnsweredAt, Outcome: c.Outcome, CallbackAt: c.CallbackAt,
		Note: c.Note, Reason: strings.TrimSpace(c.Reason), Alarm: strings.TrimSpace(c.Alarm),
	}
	if c.EndedAt != nil {
		stated.EndedAt = *c.EndedAt
	}
	return stated, nil
}

// check says which field is wrong, given the follow-up and the office hours.
func (c conversation) check(state queue.State, calendar queue.WorkingTime, now time.Time) []Field {
	fields := outcome{Code: c.Outcome, Note: c.Note, CallbackAt: c.CallbackAt}.faults("outcome", calendar, now)
	if strings.TrimSpace(c.Reason) == "" {
		fields = append(fields, Field{"reason", "is missing", "say why the conversation was held without the system"})
	}
	for name, text := range map[string]string{"reason": c.Reason, "alarm": c.Alarm} {
		if utf8.RuneCountInString(text) > maxNote {
			fields = append(fields, Field{name, fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
		}
	}
	return append(fields, c.checkTimes(state.FollowUp.ReceivedAt, now)...)
}

func (c conversation) checkTimes(received, now time.Time) []Field {
	switch {
	case c.AnsweredAt == nil:
		return []Field{{"answered_at", "is missing", "give the time at which the taxpayer answered"}}
	case c.AnsweredAt.After(now):
		return []Field{{"answered_at", "is in the future", "give the time at which the taxpayer answered, with the right zone"}}
	case c.AnsweredAt.Before(received):
		return []Field{{"answered_at", "is before the follow-up was received, " + received.Format(time.RFC3339), "check the time and its zone"}}
	case c.EndedAt == nil && c.Alarm != "":
		return []Field{{"ended_at", "is missing", "give it: no recording tells how long the conversation was"}}
	case c.EndedAt == nil:
		return nil
	case !c.EndedAt.After(*c.AnsweredAt):
		return []Field{{"ended_at", "is not after answered_at", "give the time at which the conversation ended"}}
	case c.EndedAt.After(now):
		return []Field{{"ended_at", "is in the future", "give the time at which the conversation ended, with the right zone"}}
	}
	return nil
}

// recordingOf finds the second part; nil when there is none.
func recordingOf(parts *multipart.Reader) (io.Reader, error) {
	part, err := parts.NextPart()
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, receiving(io.ErrUnexpectedEOF)
	case part.FormName() != "recording":
		return nil, invalid(Field{printable(part.FormName()), "is not known", "known parts: conversation, then recording"})
	}
	return part, nil
}

// receiving says what is wrong with a form that did not come in whole.
func receiving(err error) error {
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return failure(http.StatusRequestEntityTooLarge, "too_large", "the request is too long").
			naming(Field{"recording", fmt.Sprintf("is longer than %d bytes", tooLong.Limit), "hand it in with one channel, at 8 kHz"})
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return failure(http.StatusBadRequest, "body", "the form did not arrive whole; send it again")
	}
	return err
}

// patientReader lets a long request take as long as its sender keeps sending.
type patientReader struct {
	io.Reader
	control *http.ResponseController
	limit   time.Duration
}

func (p *patientReader) Read(data []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(p.limit)) // the recorder of a test has none
	return p.Reader.Read(data)
}
