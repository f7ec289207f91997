package simulator

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// library has the sounds that can be played.
type library struct {
	files fs.FS

	mu     sync.Mutex
	loaded map[string]tone.Source // mu; by URI
	length map[string]time.Duration
}

// endless is how long a tone is.
const endless = 24 * time.Hour

// find returns what a media URI plays and for how long: "sound:<name>", or
// "tone:<name>", which is played as a 425 Hz tone until it is stopped.
func (l *library) find(uri string) (tone.Source, time.Duration, error) {
	name, isSound := strings.CutPrefix(uri, "sound:")
	if !isSound {
		if strings.HasPrefix(uri, "tone:") {
			return tone.Sine(425, -20), endless, nil
		}
		return nil, 0, fmt.Errorf("media %q: the simulator plays sound: and tone: only", uri)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if source, known := l.loaded[uri]; known {
		return source, l.length[uri], nil
	}
	if l.files == nil {
		return nil, 0, fmt.Errorf("media %q: the simulator was given no sounds", uri)
	}
	file, err := fs.ReadFile(l.files, name+".wav")
	if err != nil {
		return nil, 0, err
	}
	sound, err := wav.Decode(file)
	if err != nil {
		return nil, 0, err
	}
	if sound.Rate != tone.SampleRate || sound.Channels != 1 {
		return nil, 0, fmt.Errorf("media %q: %d Hz and %d channels, want 8000 and 1", uri, sound.Rate, sound.Channels)
	}
	if l.loaded == nil {
		l.loaded, l.length = make(map[string]tone.Source), make(map[string]time.Duration)
	}
	l.loaded[uri], l.length[uri] = tone.Clip(sound.Samples), tone.Duration(len(sound.Samples))
	return l.loaded[uri], l.length[uri], nil
}
