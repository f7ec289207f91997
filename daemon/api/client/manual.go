package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"time"

	"sambung/queue"
)

// Conversation is one that was held without the system.
type Conversation struct {
	Agent      string     `json:"agent"`
	AnsweredAt time.Time  `json:"answered_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"` // left out: as long as the recording
	Outcome    string     `json:"outcome"`
	CallbackAt *time.Time `json:"callback_at,omitempty"`
	Note       string     `json:"note,omitempty"`
	Reason     string     `json:"reason"`
	Alarm      string     `json:"alarm,omitempty"` // why there is no recording to rely on
}

// Manual files a conversation with its recording, a WAV file, or nil.
func (c *Client) Manual(ctx context.Context, id string, held Conversation, recording io.Reader) (state queue.State, err error) {
	text, err := json.Marshal(held)
	if err != nil {
		return state, fmt.Errorf("encoding the request: %w", err)
	}
	body, sink := io.Pipe()
	form := multipart.NewWriter(sink)
	written := make(chan struct{})
	go func() {
		defer close(written)
		_ = sink.CloseWithError(writeForm(form, text, recording))
	}()
	answer, err := c.sendContent(ctx, http.MethodPost, followUpPath(id, "/manual"), body, form.FormDataContentType(), nil)
	_ = body.Close() // a daemon that refused read it not to its end
	<-written
	if err != nil {
		return state, err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&state); err != nil {
		return state, fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return state, nil
}

func writeForm(form *multipart.Writer, conversation []byte, recording io.Reader) error {
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="conversation"`}, "Content-Type": {"application/json"},
	})
	if err != nil {
		return err
	}
	if _, err := part.Write(conversation); err != nil {
		return err
	}
	if recording != nil {
		// The file's name stays here: it may be anybody's.
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="recording"; filename="recording.wav"`}, "Content-Type": {"audio/wav"},
		})
		if err != nil {
			return err
		}
		if _, err := io.Copy(part, recording); err != nil {
			return err
		}
	}
	return form.Close()
}
