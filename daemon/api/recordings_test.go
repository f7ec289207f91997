package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestRecordings(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	path := "/v1/follow-ups/" + string(id) + "/recordings"
	call(t, s, apitest.TokenQA, "GET", path+"/1", "").refused(t, 409, "not_archived")
	sound := []byte(strings.Repeat("RIFF", 200_000))
	s.Archived(t, id, 1, sound)

	var list struct {
		Recordings []struct {
			Attempt int
			Status  queue.RecordingStatus
			Bytes   int64
			SHA256  string
		}
	}
	a := call(t, s, apitest.TokenQA, "GET", path, "")
	a.into(t, 200, &list)
	if len(list.Recordings) != 1 || list.Recordings[0].Status != queue.RecordingVerified || list.Recordings[0].Bytes != int64(len(sound)) {
		t.Errorf("list = %+v", list)
	}
	if strings.Contains(string(a.body), "recordings/2026") {
		t.Error("the list shows keys of the archive")
	}
	a = call(t, s, apitest.TokenQA, "GET", path+"/1", "")
	sum := sha256.Sum256(sound)
	if a.status != 200 || string(a.body) != string(sound) || a.header.Get("Content-Type") != "audio/wav" ||
		a.header.Get("Repr-Digest") != "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":" {
		t.Errorf("recording: %d, %d bytes, %v", a.status, len(a.body), a.header)
	}
	for _, attempt := range []string{"2", "0", "-1", "x", "1x"} {
		call(t, s, apitest.TokenQA, "GET", path+"/"+attempt, "").refused(t, 404, "not_found")
	}
}

// What the archive holds now is not what was verified: it is not handed out as if it were.
func TestARecordingThatChangedIsNotServed(t *testing.T) {
	s := apitest.New(t, nil)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Archived(t, id, 1, []byte("RIFF original"))
	s.Archive.Put("recordings/2026/11/23/"+string(id)+"/1.wav", []byte("RIFF tampered"))
	f := call(t, s, apitest.TokenQA, "GET", "/v1/follow-ups/"+string(id)+"/recordings/1", "").refused(t, 500, "internal")
	if f.Request == "" || !strings.Contains(s.Log.String(), f.Request) {
		t.Errorf("request id %q is not in the log", f.Request)
	}
}
