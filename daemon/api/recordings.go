package api

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sambung/daemon/listening"
	"sambung/queue"
	"sambung/storage"
)

// recordingView is one recording as the API shows it.
type recordingView struct {
	Attempt    int                   `json:"attempt"`
	Status     queue.RecordingStatus `json:"status"`
	AnsweredAt time.Time             `json:"answered_at,omitzero"`
	EndedAt    time.Time             `json:"ended_at,omitzero"`
	SHA256     string                `json:"sha256,omitempty"` // lower-case hex
	Bytes      int64                 `json:"bytes,omitempty"`
	DurationMS int64                 `json:"duration_ms,omitempty"`
	Alarm      string                `json:"alarm,omitempty"`
	Manual     bool                  `json:"manual,omitempty"`
}

// recordingList is the answer to GET …/recordings.
type recordingList struct {
	Recordings []recordingView `json:"recordings"`
}

func (s *server) recordings(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	list := recordingList{Recordings: []recordingView{}}
	for _, rec := range state.Recordings {
		list.Recordings = append(list.Recordings, recordingView{
			Attempt: rec.Attempt, Status: rec.Status, AnsweredAt: rec.AnsweredAt, EndedAt: rec.EndedAt,
			SHA256: rec.SHA256, Bytes: rec.Bytes, DurationMS: rec.DurationMS, Alarm: rec.Alarm, Manual: rec.Manual,
		})
	}
	return respond(w, http.StatusOK, list)
}

// recording streams the audio of one attempt. Its SHA-256 stands in Repr-Digest
// (RFC 9530): the hash that was verified when it was archived.
func (s *server) recording(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	rec, err := archived(state, r.PathValue("attempt"))
	if err != nil {
		return err
	}
	if r.Header.Get("Range") != "" && rec.Bytes <= listening.MaxHeld {
		return s.pieces(w, r, t, state, rec)
	}
	digest, err := hex.DecodeString(rec.SHA256)
	if err != nil {
		return fmt.Errorf("follow-up %s, attempt %d: the ledger's hash is not one: %w", state.FollowUp.ID, rec.Attempt, err)
	}
	if err := s.recordOpening(r, t, state, rec.Attempt, rec.Key); err != nil {
		return err
	}
	body, object, err := s.Archive.Get(r.Context(), rec.Key)
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("follow-up %s, attempt %d: the archive has lost the recording: %w", state.FollowUp.ID, rec.Attempt, err)
	}
	if err != nil {
		return err
	}
	defer body.Close()
	if object.SHA256 != rec.SHA256 || object.Size != rec.Bytes {
		return fmt.Errorf("follow-up %s, attempt %d: %w", state.FollowUp.ID, rec.Attempt, storage.ErrCorrupt)
	}
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.FormatInt(object.Size, 10))
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d.wav"`, state.FollowUp.ID, rec.Attempt))
	h.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(digest)+":")
	if _, err := io.Copy(w, body); err != nil {
		return fmt.Errorf("follow-up %s, attempt %d: sending the recording: %w", state.FollowUp.ID, rec.Attempt, err)
	}
	return nil
}

// archived finds the recording of an attempt that is in the archive.
func archived(state queue.State, attempt string) (queue.Recording, error) {
	n, err := strconv.Atoi(attempt)
	for _, rec := range state.Recordings {
		if err != nil || rec.Attempt != n {
			continue
		}
		if rec.Key == "" {
			return rec, failure(http.StatusConflict, "not_archived", "the recording of attempt "+strconv.Itoa(n)+" is "+string(rec.Status)+"; it can be heard once it is archived")
		}
		return rec, nil
	}
	return queue.Recording{}, failure(http.StatusNotFound, "not_found", "there is no recording of that attempt; …/recordings lists them")
}

// patientWriter lets an answer take as long to make as it takes, and as long to leave
// as its reader keeps reading.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func patient(w http.ResponseWriter, limit time.Duration) *patientWriter {
	return &patientWriter{w, http.NewResponseController(w), limit}
}

func (p *patientWriter) WriteHeader(status int) {
	p.wait()
	p.ResponseWriter.WriteHeader(status)
}

func (p *patientWriter) Write(data []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(data)
}

func (p *patientWriter) wait() { _ = p.control.SetWriteDeadline(time.Now().Add(p.limit)) }

// Unwrap lets http.ResponseController reach the connection.
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
