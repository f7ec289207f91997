// Package recording makes one two-channel WAV file of the two tracks of a
// conversation, and judges it.
//
// A switch writes what each party says into a file of its own: WAV, 16-bit
// PCM, one channel, 8 kHz. [Compose] joins them: the agent left, the taxpayer
// right, aligned by the moments at which the switch began to write them, padded
// with silence in front and behind. The answer and the end of the conversation
// are marked by cue points, which audio editors show. The same tracks always
// give the same bytes.
//
// Nothing here holds more than a few buffers, whatever the length of a file,
// and nothing that stands in a file is trusted: a header without sizes, as a
// crashed switch leaves it, is repaired from the length of the file; a size
// beyond its end is cut.
//
// # Silence
//
// A track is silent when no sample of it exceeds [SilencePeak], 8 of 32,767
// (-72 dBFS). G.711 A-law has no zero: a dead A-law line is recorded as ±8, a
// dead µ-law line as 0, and the muted stretches of a recording as 0. The noise of
// an open microphone is far above: two dozens of steps at least.
package recording
