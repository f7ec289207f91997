package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Results are those of one run.
type Results struct {
	At      time.Time `json:"at"`
	Cores   int       `json:"cores"`
	Go      string    `json:"go"`
	Short   bool      `json:"short,omitempty"` // smaller numbers than the goals ask for
	Load    float64   `json:"load"`            // of the machine over the minute before; idle is 0
	Figures []Figure  `json:"figures"`
}

// Read reads results that Write wrote.
func Read(file string) (Results, error) {
	var r Results
	text, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return r, fmt.Errorf("results %s: %w", file, err)
	}
	for _, f := range r.Figures {
		if err := f.Validate(); err != nil {
			return r, fmt.Errorf("results %s: %w", file, err)
		}
	}
	return r, nil
}

// Write writes the results as JSON.
func (r Results) Write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
