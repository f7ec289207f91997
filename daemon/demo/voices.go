package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"sambung/configs"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

//go:embed voices/*.wav
var voiceFiles embed.FS

// clip is something that somebody says.
type clip struct {
	sound  tone.Source
	length time.Duration
}

// voices are all clips, by name.
type voices map[string]clip

// loadVoices decodes what was embedded.
func loadVoices() (voices, error) {
	entries, err := voiceFiles.ReadDir("voices")
	if err != nil {
		return nil, err
	}
	all := make(voices, len(entries))
	for _, e := range entries {
		file, err := voiceFiles.ReadFile("voices/" + e.Name())
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(e.Name(), ".wav")
		if all[name], err = decode(name, file); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// loadPrompt loads what "sound:<name>" plays.
func loadPrompt(media string) (clip, error) {
	name := strings.TrimPrefix(media, "sound:")
	file, err := fs.ReadFile(configs.Sounds(), name+".wav")
	if err != nil {
		return clip{}, fmt.Errorf("prompt %s: %w", media, err)
	}
	return decode(name, file)
}

// decode makes a clip of a file.
func decode(name string, file []byte) (clip, error) {
	sound, err := wav.Decode(file)
	switch {
	case err != nil:
		return clip{}, fmt.Errorf("voice %s: %w", name, err)
	case sound.Rate != tone.SampleRate || sound.Channels != 1:
		return clip{}, fmt.Errorf("voice %s: %d Hz and %d channels, want 8000 and 1", name, sound.Rate, sound.Channels)
	}
	return clip{tone.Clip(sound.Samples), tone.Duration(len(sound.Samples))}, nil
}
