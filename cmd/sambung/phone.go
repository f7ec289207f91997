package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// phoneFlags is how the telephone behaves.
type phoneFlags struct {
	listen, registrar, user, passwordFile string
	dial                                  string
	play, record                          string
	ring, hangUp                          time.Duration
	reject                                int
	ringOut                               bool
	keys                                  string
	keysAt                                time.Duration
}

func (c *cli) phoneCommand() *cobra.Command {
	var f phoneFlags
	cmd := &cobra.Command{
		Use:   "phone",
		Short: "Be a SIP telephone, to try an installation out",
		Long: `Registers as an endpoint and answers calls, or dials one, until it is interrupted.

While it runs, a line on standard input is done at once: digits, * and # are pressed as
keys in the call; "answer", "hangup" and "quit" do what they say.

UDP and G.711 only; addresses are IP addresses.`,
		Example: `  sambung phone --registrar 127.0.0.1:5060 --user agent-1 --password-file agent-1.secret
  sambung phone --listen 127.0.0.1:5080 --ring 3s --play halo.wav --hang-up 20s --record heard.wav
  sambung phone --listen 127.0.0.1:5080 --reject 486
  sambung phone --dial sip:600@127.0.0.1:5060 --keys 1 --keys-at 5s`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.started = true
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			// In the background of a terminal standard input ends then, and the telephone goes on.
			signal.Ignore(syscall.SIGTTIN)
			return c.phone(ctx, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "UDP address of the telephone")
	flags.StringVar(&f.registrar, "registrar", "", "IP:port of the switch to register at")
	flags.StringVar(&f.user, "user", "softphone", "name of the endpoint")
	flags.StringVar(&f.passwordFile, "password-file", "", "file that holds the endpoint's password")
	flags.StringVar(&f.dial, "dial", "", "SIP address to call; without it the telephone waits for calls")
	flags.StringVar(&f.play, "play", "", "WAV file to say (8 kHz, one channel), over and over; without it silence")
	flags.StringVar(&f.record, "record", "", "WAV file to write what was heard in the last call to")
	flags.DurationVar(&f.ring, "ring", 0, "ring so long before answering or refusing")
	flags.DurationVar(&f.hangUp, "hang-up", 0, "hang up so long after the answer; 0: never")
	flags.IntVar(&f.reject, "reject", 0, "refuse calls with this SIP status, such as 486 or 603")
	flags.BoolVar(&f.ringOut, "ring-out", false, "ring until the caller gives up, or until \"answer\"")
	flags.StringVar(&f.keys, "keys", "", "keys to press in the call: 0-9, * and #")
	flags.DurationVar(&f.keysAt, "keys-at", time.Second, "when to press them, after the answer")
	return cmd
}

// behaviour is what the flags add up to.
func (f phoneFlags) behaviour() (softphone.Behaviour, error) {
	b := softphone.AnswerAfter(f.ring)
	switch {
	case f.reject != 0 && f.ringOut:
		return b, usage("--reject and --ring-out exclude each other")
	case f.reject != 0 && (f.reject < 300 || f.reject > 699):
		return b, usage("--reject %d is not a refusal; give a SIP status from 300 to 699", f.reject)
	case f.reject != 0:
		b = softphone.Reject(f.reject).After(f.ring)
	case f.ringOut:
		b = softphone.RingOut()
	}
	if f.play != "" {
		sound, err := readSound(f.play)
		if err != nil {
			return b, err
		}
		b = b.Playing(sound)
	}
	if f.keys != "" {
		b = b.Pressing(f.keysAt, f.keys)
	}
	if f.hangUp > 0 {
		b = b.HangingUp(f.hangUp)
	}
	return b, nil
}

func readSound(path string) (tone.Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the sound: %w", err)
	}
	defer file.Close()
	sound, err := wav.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make one with 8000 samples a second, 16 bits, one channel", path, err)
	}
	if sound.Rate != tone.SampleRate || sound.Channels != 1 {
		return nil, fmt.Errorf("%s has %d channels at %d Hz; make one with 8000 samples a second and one channel", path, sound.Channels, sound.Rate)
	}
	return tone.Loop(sound.Samples), nil
}
