package configs

import (
	"embed"
	"io/fs"
)

//go:embed asterisk/sounds
var sounds embed.FS

// Sounds are the prompts that are shipped, by their names in Asterisk:
// "sambung/id/announcement.wav".
func Sounds() fs.FS {
	prompts, err := fs.Sub(sounds, "asterisk/sounds")
	if err != nil {
		panic("configs: a constant path: " + err.Error())
	}
	return prompts
}
