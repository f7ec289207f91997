package configs

import (
	"fmt"
	"log/slog"
)

const redacted = "[secret]"

// Secret is a text that no printing, logging or encoding shows.
type Secret struct{ text string }

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal returns the text itself, for the one place that presents it.
func (s Secret) Reveal() string { return s.text }

// IsSet reports whether there is a text at all.
func (s Secret) IsSet() bool { return s.text != "" }

// String returns "[secret]".
func (s Secret) String() string { return redacted }

// Format prints "[secret]" under every verb, %#v and %x included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText gives "[secret]" to JSON and other encoders of text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalYAML gives "[secret]" to YAML.
func (s Secret) MarshalYAML() (any, error) { return redacted, nil }

// LogValue gives "[secret]" to slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
