package api_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

func recorded(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, wav.Mono(tone.Record(tone.Sine(440, -10), 3*time.Second))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stated is a good conversation, at the beginning of the clock.
func stated() client.Conversation {
	return client.Conversation{
		Agent: "agent-1", AnsweredAt: apitest.Start.Add(time.Minute), Outcome: "delivered", Reason: "power failure", Note: "sudah paham",
	}
}

// manualSite is a site with a follow-up that was received ten minutes ago.
func manualSite(t *testing.T) (*apitest.Site, queue.ID) {
	t.Helper()
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	s.Advance(10 * time.Minute)
	return s, id
}

func TestAConversationIsFiledWithItsRecording(t *testing.T) {
	s, id := manualSite(t)
	c, err := client.New(s.URL, apitest.TokenSupervisor, nil)
	if err != nil {
		t.Fatal(err)
	}
	state, err := c.Manual(t.Context(), string(id), stated(), bytes.NewReader(recorded(t)))
	if err != nil || state.Status != queue.StatusClosed || !state.Call.Manual || state.Recordings[0].Status != queue.RecordingVerified {
		t.Fatalf("%+v, %v", state, err)
	}
	history, err := s.Queue.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	last := history[len(history)-1]
	d, err := last.Decode()
	if err != nil || last.Kind != queue.KindManualConversation || last.Actor != "user:co-supervisor" || d.Agent != "agent-1" ||
		d.Manual.Reason != "power failure" || d.Note != "sudah paham" {
		t.Errorf("%+v, %+v, %v", last, d, err)
	}
	if log := s.Log.String(); strings.Contains(log, "sudah paham") || strings.Contains(log, "power failure") {
		t.Error("what was stated is in the log")
	}
	list, err := c.Recordings(t.Context(), string(id))
	if err != nil || len(list) != 1 || !list[0].Manual {
		t.Errorf("%+v, %v", list, err)
	}
}

// form makes a body of parts: name and content in turn.
func form(t *testing.T, parts ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.CreateFormField(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestAConversationIsRefusedByField(t *testing.T) {
	s, id := manualSite(t)
	path := "/v1/follow-ups/" + string(id) + "/manual"
	sound := string(recorded(t))
	const good = `{"agent":"agent-1","answered_at":"2026-11-23T09:01:00+07:00","outcome":"delivered","reason":"power failure"`
	for _, c := range []struct {
		parts  []string
		fields []string
	}{
		{[]string{"conversation", `{}`, "recording", sound}, []string{"outcome", "reason", "answered_at", "agent"}},
		{[]string{"conversation", strings.Replace(good, "agent-1", "agent-9", 1) + "}", "recording", sound}, []string{"agent"}},
		{[]string{"conversation", strings.Replace(good, "09:01", "08:59", 1) + "}", "recording", sound}, []string{"answered_at"}},
		{[]string{"conversation", strings.Replace(good, "09:01", "09:11", 1) + "}", "recording", sound}, []string{"answered_at"}},
		{[]string{"conversation", good + `,"ended_at":"2026-11-23T09:00:00+07:00"}`, "recording", sound}, []string{"ended_at"}},
		{[]string{"conversation", good + `,"ended_at":"2026-11-23T09:30:00+07:00"}`, "recording", sound}, []string{"ended_at"}},
		{[]string{"conversation", good + `,"alarm":"no recorder"}`}, []string{"ended_at"}},
		{[]string{"conversation", good + `,"callback_at":"2026-11-24T09:30:00+07:00"}`, "recording", sound}, []string{"callback_at"}},
		{[]string{"conversation", good + `,"surprise":"x"}`, "recording", sound}, []string{"surprise"}},
		{[]string{"conversation", good + `}`}, []string{"recording"}},
		{[]string{"conversation", good + `}`, "recording", "no sound"}, []string{"recording"}},
		{[]string{"conversation", good + `}`, "file", sound}, []string{"file"}},
		{[]string{"recording", sound, "conversation", good + `}`}, []string{"conversation"}},
		{nil, []string{"conversation"}},
	} {
		body, media := form(t, c.parts...)
		call(t, s, apitest.TokenSupervisor, "POST", path, body, "Content-Type", media).refused(t, http.StatusBadRequest, "invalid", c.fields...)
	}
	body, media := form(t, "conversation", good+`}`, "recording", sound)
	call(t, s, apitest.TokenSupervisor, "POST", path, body[:len(body)/2], "Content-Type", media).refused(t, http.StatusBadRequest, "body")
	call(t, s, apitest.TokenSupervisor, "POST", path, body, "Content-Type", "audio/wav").refused(t, http.StatusUnsupportedMediaType, "media_type")
	if writes := s.Writes(t); len(writes) != 1 {
		t.Errorf("%d activities, want only that it was received", len(writes))
	}
	call(t, s, apitest.TokenSupervisor, "POST", path, body, "Content-Type", media).state(t, http.StatusOK)
	call(t, s, apitest.TokenSupervisor, "POST", path, body, "Content-Type", media).refused(t, http.StatusConflict, "refused")
}

// TestNobodyIsRungForWhatWasHeld: a follow-up that is entered for documentation
// is claimed by nobody.
func TestNobodyIsRungForWhatWasHeld(t *testing.T) {
	s := apitest.New(t, nil)
	state := call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", with("manual", "true")).state(t, http.StatusCreated)
	if state.Status != queue.StatusHandedBack || !state.FollowUp.Manual || state.Reason != queue.ReasonManual {
		t.Errorf("%+v", state)
	}
	call(t, s, apitest.TokenSupervisor, "POST", "/v1/follow-ups", with("manual", `"perhaps"`)).refused(t, http.StatusBadRequest, "invalid", "manual")
}
