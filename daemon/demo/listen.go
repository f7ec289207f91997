package demo

import (
	"errors"

	"sambung/telephony/softphone/wav"
)

// Sound is what there is to hear in a recording.
type Sound struct {
	Seconds  float64
	Channels int
}

// Listen decodes a recording and makes sure that somebody is heard on every
// channel.
func Listen(file []byte) (Sound, error) {
	sound, err := wav.Decode(file)
	if err != nil {
		return Sound{}, err
	}
	for i := range sound.Channels {
		loudest := int16(0)
		for _, sample := range sound.Channel(i) {
			loudest = max(loudest, sample)
		}
		if loudest < audible {
			return Sound{}, errors.New("nobody is heard on one of its channels")
		}
	}
	frames := len(sound.Samples) / sound.Channels
	return Sound{Seconds: float64(frames) / float64(sound.Rate), Channels: sound.Channels}, nil
}

// audible is a sample of something that is heard: -36 dBFS.
const audible = 500
