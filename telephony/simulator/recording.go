package simulator

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"time"

	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// recording is what a snoop hears, from a moment on.
type recording struct {
	name, format string
	snoop        *channel
	from, to     time.Time // a zero to: being written
	began        bool      // RecordingStarted was told
	mutes        []stretch // in which silence is written
	limit        *task
	crashed      bool // the switch ended over it: its header tells no length
}

// stretch is a time; an open one has a zero to.
type stretch struct{ from, to time.Time }

// crashLoss is what waits to be written when a switch crashes: 32 KiB of sound.
const crashLoss = 2 * time.Second

func (t *recording) model(state string) *recordingModel {
	return &recordingModel{Name: t.name, Format: t.format, State: state, Target: "channel:" + t.snoop.id}
}

// recordChannel serves POST /channels/{id}/record, for snoops.
func (s *Simulator) recordChannel(w http.ResponseWriter, r *http.Request, c *channel) {
	query := r.URL.Query()
	t := &recording{name: query.Get("name"), format: query.Get("format"), snoop: c}
	_, exists := s.stored[t.name]
	switch {
	case t.name == "":
		refuse(w, http.StatusBadRequest, "Recording name is required")
		return
	case t.format != "wav":
		refuse(w, http.StatusUnprocessableEntity, "The simulator records wav only")
		return
	case c.app == nil:
		refuse(w, http.StatusConflict, "Channel not in Stasis application")
		return
	case s.live[t.name] != nil || exists && query.Get("ifExists") != "overwrite":
		refuse(w, http.StatusConflict, "Recording '"+t.name+"' already exists and can not be overwritten")
		return
	case c.snooped == nil || c.tape != nil:
		refuse(w, http.StatusNotImplemented, "The simulator records snoops only, one recording at a time")
		return
	}
	s.live[t.name], c.tape = t, t
	seconds, _ := strconv.Atoi(query.Get("maxDurationSeconds"))
	t.from = s.now()
	s.after(time.Millisecond, func() {
		if s.live[t.name] != t {
			return
		}
		t.from, t.began = s.now(), true
		if seconds > 0 {
			t.limit = s.after(time.Duration(seconds)*time.Second, func() { s.finish(t, true) })
		}
		s.tell(c.app, event{Type: "RecordingStarted", Recording: t.model("recording")})
	})
	reply(w, http.StatusCreated, t.model("queued"))
}

// finish ends a recording, and keeps it unless it is discarded.
func (s *Simulator) finish(t *recording, keep bool) {
	if s.live[t.name] != t {
		return
	}
	s.drop(t.limit)
	t.close(s.now())
	delete(s.live, t.name)
	t.snoop.tape = nil
	if keep {
		s.stored[t.name] = t
	}
	m := t.model("done")
	if !keep {
		m.State = "canceled"
	}
	seconds := int(t.to.Sub(t.from) / time.Second)
	m.Duration = &seconds
	s.tell(t.snoop.app, event{Type: "RecordingFinished", Recording: m})
}

// close ends what is written.
func (t *recording) close(at time.Time) {
	t.unmute(at)
	t.to = at
}

func (t *recording) mute(at time.Time) {
	if n := len(t.mutes); n == 0 || !t.mutes[n-1].to.IsZero() {
		t.mutes = append(t.mutes, stretch{from: at})
	}
}

func (t *recording) unmute(at time.Time) {
	if n := len(t.mutes); n > 0 && t.mutes[n-1].to.IsZero() {
		t.mutes[n-1].to = at
	}
}

// file plays a finished recording from what its leg said.
func (t *recording) file(said score) ([]byte, error) {
	end := t.to
	if t.crashed {
		end = latest(t.from, end.Add(-crashLoss))
	}
	samples := make([]int16, tone.Samples(end.Sub(t.from)))
	said.mix(samples, t.from, t.from, end)
	for _, m := range t.mutes {
		clear(samples[index(samples, t.from, m.from):index(samples, t.from, m.to)])
	}
	var file bytes.Buffer
	if err := wav.Write(&file, wav.Mono(samples)); err != nil {
		return nil, err
	}
	if t.crashed {
		binary.LittleEndian.PutUint32(file.Bytes()[4:], 0)  // of the RIFF chunk
		binary.LittleEndian.PutUint32(file.Bytes()[40:], 0) // of the samples
	}
	return file.Bytes(), nil
}

// withLive finds the live recording of a request, or answers 404.
func (s *Simulator) withLive(do func(http.ResponseWriter, *http.Request, *recording)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := s.live[r.PathValue("name")]
		if t == nil {
			refuse(w, http.StatusNotFound, "Recording not found")
			return
		}
		do(w, r, t)
	}
}

// describeLive serves GET /recordings/live/{name}.
func (s *Simulator) describeLive(w http.ResponseWriter, _ *http.Request, t *recording) {
	reply(w, http.StatusOK, t.model("recording"))
}

// discardLive serves DELETE /recordings/live/{name}.
func (s *Simulator) discardLive(w http.ResponseWriter, _ *http.Request, t *recording) {
	s.finish(t, false)
	w.WriteHeader(http.StatusNoContent)
}

// stopLive serves POST /recordings/live/{name}/stop.
func (s *Simulator) stopLive(w http.ResponseWriter, _ *http.Request, t *recording) {
	s.finish(t, true)
	w.WriteHeader(http.StatusNoContent)
}

// muteLive serves POST /recordings/live/{name}/mute.
func (s *Simulator) muteLive(w http.ResponseWriter, _ *http.Request, t *recording) {
	t.mute(s.now())
	w.WriteHeader(http.StatusNoContent)
}

// unmuteLive serves DELETE /recordings/live/{name}/mute.
func (s *Simulator) unmuteLive(w http.ResponseWriter, _ *http.Request, t *recording) {
	t.unmute(s.now())
	w.WriteHeader(http.StatusNoContent)
}

// find returns a recording that has a file: one being written has one too.
func (s *Simulator) find(name string) *recording {
	if t := s.live[name]; t != nil {
		return t
	}
	return s.stored[name]
}

// listStored serves GET /recordings/stored.
func (s *Simulator) listStored(w http.ResponseWriter, _ *http.Request) {
	all := make([]storedModel, 0, len(s.stored))
	for name, t := range s.stored {
		all = append(all, storedModel{name, t.format})
	}
	for name, t := range s.live {
		all = append(all, storedModel{name, t.format})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	reply(w, http.StatusOK, all)
}

// describeStored serves GET /recordings/stored/{name}.
func (s *Simulator) describeStored(w http.ResponseWriter, r *http.Request) {
	if t := s.find(r.PathValue("name")); t != nil {
		reply(w, http.StatusOK, storedModel{t.name, t.format})
		return
	}
	refuse(w, http.StatusNotFound, "Recording not found")
}

// deleteStored serves DELETE /recordings/stored/{name}.
func (s *Simulator) deleteStored(w http.ResponseWriter, r *http.Request) {
	if s.stored[r.PathValue("name")] == nil {
		refuse(w, http.StatusNotFound, "Recording not found")
		return
	}
	delete(s.stored, r.PathValue("name"))
	w.WriteHeader(http.StatusNoContent)
}

var errGrowing = errors.New("the recording is being written")

// storedFile serves GET /recordings/stored/{name}/file.
func (s *Simulator) storedFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	t := s.find(r.PathValue("name"))
	var finished recording
	var said score
	if t != nil { // a finished recording changes no more, but its leg may go on
		finished, said.parts = *t, slices.Clone(t.snoop.snooped.says.parts)
	}
	s.mu.Unlock()
	if t == nil {
		refuse(w, http.StatusNotFound, "Recording not found")
		return
	}
	if finished.to.IsZero() {
		refuse(w, http.StatusInternalServerError, errGrowing.Error())
		return
	}
	file, err := finished.file(said)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = w.Write(file)
}
