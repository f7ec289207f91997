package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sambung/daemon/listening"
	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
	"sambung/storage/recording"
)

const (
	// maxPoints bounds a waveform, and usualPoints is what one has untold.
	maxPoints, usualPoints = 8000, 1000
	// linkLasts is how long a link to a recording can be used.
	linkLasts = time.Minute
)

// sit writes down that somebody begins to listen to a recording, once in a
// sitting, before anything of it leaves. The seal ends a sitting: what was before
// stands in the history, what comes after in the custody chain.
func (s *server) sit(r *http.Request, t Token, state queue.State, rec queue.Recording) error {
	who := string(t.actor()) + " " + rec.Key + " " + state.Manifest
	return s.sittings.Begin(who, s.Now(), func() error { return s.recordOpening(r, t, state, rec.Attempt, rec.Key) })
}

// pieces answers a player, which asks for a recording in pieces (RFC 9110, 14).
// They come of a copy that was verified.
func (s *server) pieces(w http.ResponseWriter, r *http.Request, t Token, state queue.State, rec queue.Recording) error {
	if err := s.sit(r, t, state, rec); err != nil {
		return err
	}
	audio, done, err := s.listening.Open(r.Context(), rec.Key, rec.SHA256, rec.Bytes)
	if err != nil {
		return lost(err, state, rec)
	}
	defer done()
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("ETag", `"`+rec.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, audio)
	return nil
}

// lost says of a recording that is not as it was archived that it is not.
func lost(err error, state queue.State, rec queue.Recording) error {
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("follow-up %s, attempt %d: the archive has lost the recording: %w", state.FollowUp.ID, rec.Attempt, err)
	}
	return fmt.Errorf("follow-up %s, attempt %d: %w", state.FollowUp.ID, rec.Attempt, err)
}

// waveform draws a recording. It is of what is heard, so it opens the recording.
func (s *server) waveform(w http.ResponseWriter, r *http.Request, t Token) error {
	points := usualPoints
	if text := r.URL.Query().Get("points"); text != "" {
		var err error
		if points, err = strconv.Atoi(text); err != nil || points < 1 || points > maxPoints {
			return invalid(Field{"points", fmt.Sprintf("is not a number from 1 to %d", maxPoints), "leave it out for " + strconv.Itoa(usualPoints)})
		}
	}
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	rec, err := archived(state, r.PathValue("attempt"))
	if err != nil {
		return err
	}
	if rec.Bytes > listening.MaxHeld {
		return failure(http.StatusConflict, "too_long", "the recording is too long to be drawn; fetch it")
	}
	if err := s.sit(r, t, state, rec); err != nil {
		return err
	}
	drawn, err := s.listening.Waveform(r.Context(), rec.Key, rec.SHA256, rec.Bytes, points)
	if errors.Is(err, recording.ErrNotWAV) {
		return failure(http.StatusConflict, "not_drawable", "the recording is no WAV file of 16-bit samples; fetch it")
	}
	if err != nil {
		return lost(err, state, rec)
	}
	return respond(w, http.StatusOK, drawn)
}

// linked is the answer to POST …/link.
type linked struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// link hands out an address at which a recording of a sealed dossier can be
// fetched for a minute. The custody chain has who asked for it and why, before.
func (s *server) link(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	rec, err := archived(state, r.PathValue("attempt"))
	if err != nil {
		return err
	}
	var body reason
	if err := decode(w, r, &body); err != nil {
		return err
	}
	why := strings.TrimSpace(body.Reason)
	switch {
	case why == "":
		return invalid(Field{"reason", "is missing", "say what the recording is fetched for: the custody chain carries it"})
	case utf8.RuneCountInString(why) > maxNote:
		return invalid(Field{"reason", fmt.Sprintf("is longer than %d characters", maxNote), "shorten it"})
	}
	if _, err := s.Custody.Add(r.Context(), state, t.actor(), dossier.Linked, rec.Key, why); err != nil {
		return err
	}
	expires := s.Now().Add(linkLasts)
	url, err := s.Links.Link(r.Context(), rec.Key, fmt.Sprintf("%s-%d.wav", state.FollowUp.ID, rec.Attempt), linkLasts)
	if err != nil {
		return err
	}
	return respond(w, http.StatusCreated, linked{URL: url, ExpiresAt: expires.UTC()})
}

// proof is the answer to POST …/verify.
type proof struct {
	Sound   bool    `json:"sound"`
	Objects int     `json:"objects"` // that were read and compared
	Links   int     `json:"links"`   // of the custody chain
	Broken  *broken `json:"broken,omitempty"`
}

// broken is the first thing that is not as it was sealed.
type broken struct {
	Object string `json:"object"`
	Why    string `json:"why"`
}

// verify reads a sealed dossier and its custody again and compares all of it.
func (s *server) verify(w http.ResponseWriter, r *http.Request, t Token) error {
	state, err := s.reach(r, t)
	if err != nil {
		return err
	}
	verdict, err := s.Evidence.Prove(r.Context(), state)
	if err != nil {
		return err
	}
	answer := proof{Sound: verdict.Err == nil, Objects: verdict.Objects, Links: len(verdict.Custody)}
	if verdict.Err != nil {
		var found *dossier.BrokenError
		if !errors.As(verdict.Err, &found) {
			return verdict.Err // the archive could not be asked, which proves nothing
		}
		answer.Broken = &broken{Object: found.Key, Why: found.Err.Error()}
	}
	return respond(w, http.StatusOK, answer)
}
