package media

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sambung/telephony/softphone/g711"
	"sambung/telephony/softphone/tone"
)

// talk lets a session speak for d and gives what it sent.
func talk(s *Session, conn *fakeConn, d time.Duration) []sentPacket {
	s.Start(time.Now())
	time.Sleep(d - time.Millisecond) // the packet at d itself is not wanted
	s.Close()
	return conn.packets()
}

func TestPacketsKeepTheClockForTwoMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		s.Speak(tone.Sine(440, -12), time.Now())
		epoch := time.Now()
		sent := talk(s, conn, 2*time.Minute)
		if len(sent) != 6000 {
			t.Fatalf("%d packets in two minutes, want 6000", len(sent))
		}
		for n, p := range sent {
			if d := p.at.Sub(epoch); d != time.Duration(n)*frameTime {
				t.Fatalf("packet %d left at %v, want %v", n, d, time.Duration(n)*frameTime)
			}
			if p.Timestamp-sent[0].Timestamp != uint32(n*160) || p.SequenceNumber-sent[0].SequenceNumber != uint16(n) {
				t.Fatalf("packet %d has timestamp +%d, sequence +%d", n, p.Timestamp-sent[0].Timestamp, p.SequenceNumber-sent[0].SequenceNumber)
			}
			if p.Marker != (n == 0) || p.PayloadType != uint8(g711.PCMA) || len(p.Payload) != 160 {
				t.Fatalf("packet %d: marker %v, type %d, %d bytes", n, p.Marker, p.PayloadType, len(p.Payload))
			}
		}
	})
}

func TestALateSenderCatchesUpWithoutDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		conn.stall = func(n int) {
			if n == 10 {
				time.Sleep(313 * time.Millisecond)
			}
		}
		epoch := time.Now()
		sent := talk(s, conn, time.Second)
		if len(sent) != 50 {
			t.Fatalf("%d packets in 1s, want 50", len(sent))
		}
		for n, p := range sent {
			want := max(time.Duration(n)*frameTime, 0)
			if n > 10 && n <= 25 {
				want = 200*time.Millisecond + 313*time.Millisecond // all in one burst
			}
			if d := p.at.Sub(epoch); d != want || p.Timestamp-sent[0].Timestamp != uint32(n*160) || p.Marker != (n == 0) {
				t.Fatalf("packet %d left at %v, want %v, timestamp +%d, marker %v", n, d, want, p.Timestamp-sent[0].Timestamp, p.Marker)
			}
		}
	})
}

func TestAStoppedSenderLeavesOutWhatIsPast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		conn.stall = func(n int) {
			if n == 10 {
				time.Sleep(5 * time.Second)
			}
		}
		sent := talk(s, conn, 10*time.Second)
		if want := 500 - 249; len(sent) != want {
			t.Fatalf("%d packets, want %d", len(sent), want)
		}
		after := sent[11]
		if want := uint32(260 * 160); after.Timestamp-sent[0].Timestamp != want || !after.Marker {
			t.Errorf("the first packet afterwards has timestamp +%d, want +%d, marker %v", after.Timestamp-sent[0].Timestamp, want, after.Marker)
		}
		if after.SequenceNumber-sent[0].SequenceNumber != 11 {
			t.Errorf("its sequence number is +%d, want +11", after.SequenceNumber-sent[0].SequenceNumber)
		}
	})
}

func TestAPauseSendsNothingAndTheTimestampGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		s.Pause(time.Now().Add(5*time.Second), 10*time.Second)
		sent := talk(s, conn, 20*time.Second)
		if len(sent) != 500 {
			t.Fatalf("%d packets in 20s with a pause of 10s, want 500", len(sent))
		}
		before, after := sent[249], sent[250]
		if d := after.at.Sub(before.at); d != 10*time.Second+frameTime {
			t.Errorf("the pause is %v", d)
		}
		if !after.Marker || after.Timestamp-before.Timestamp != 10*8000+160 || after.SequenceNumber-before.SequenceNumber != 1 {
			t.Errorf("after the pause: marker %v, timestamp +%d, sequence +%d", after.Marker, after.Timestamp-before.Timestamp,
				after.SequenceNumber-before.SequenceNumber)
		}
	})
}

func TestHoldStopsSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		s.Start(time.Now())
		time.Sleep(90 * time.Millisecond)
		hold := Description{Addr: there, Codecs: []g711.Codec{g711.PCMU}, EventType: 101, Direction: SendOnly}
		s.Connect(hold)
		time.Sleep(time.Second)
		if n := len(conn.packets()); n != 5 {
			t.Errorf("%d packets, want 5 before the hold and none in it", n)
		}
		hold.Direction = SendRecv
		s.Connect(hold)
		time.Sleep(20 * time.Millisecond)
		s.Close()
		if sent := conn.packets(); len(sent) != 6 || !sent[5].Marker || sent[5].PayloadType != uint8(g711.PCMU) {
			t.Errorf("%d packets after the hold, want one with marker in the new codec", len(sent)-5)
		}
	})
}

func TestKeysAreSentAsRFC4733Says(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conn := speaking(t)
		done, err := s.Press(time.Now().Add(100*time.Millisecond), "*7")
		if err != nil {
			t.Fatal(err)
		}
		sent := talk(s, conn, 600*time.Millisecond)
		select {
		case <-done:
		default:
			t.Error("the keys are sent and nobody was told")
		}
		// 5 frames of sound, 5 steps and 3 ends of a key, 5 of sound, the
		// second key, 10 of sound.
		kinds := ""
		for _, p := range sent {
			switch {
			case p.PayloadType != 101:
				kinds += "."
			case p.Payload[1]&0x80 != 0:
				kinds += "E"
			default:
				kinds += "k"
			}
		}
		if want := ".....kkkkkEEE.....kkkkkEEE.........."; kinds != want {
			t.Fatalf("sent %s, want %s", kinds, want)
		}
		base := sent[0].Timestamp
		for i, first := range []int{5, 18} {
			for n, p := range sent[first : first+8] {
				e, err := parseEvent(p.Payload)
				if err != nil {
					t.Fatal(err)
				}
				if want := uint16(160 * min(n+1, 5)); e.duration != want || e.key() != "*7"[i] || e.end != (n >= 5) {
					t.Errorf("key %d, packet %d: %+v, want duration %d", i, n, e, want)
				}
				if p.Marker != (n == 0) || p.Timestamp-base != uint32(160*(5+10*i)) {
					t.Errorf("key %d, packet %d: marker %v, timestamp +%d", i, n, p.Marker, p.Timestamp-base)
				}
			}
		}
		if after := sent[13]; after.Timestamp-base != 160*10 || after.Marker {
			t.Errorf("the sound after a key has timestamp +%d, marker %v", after.Timestamp-base, after.Marker)
		}
	})
}

func TestSendDigitsEndsWithTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := speaking(t)
		s.Start(time.Now())
		go func() {
			time.Sleep(250 * time.Millisecond)
			s.Close()
		}()
		if err := s.SendDigits(context.Background(), "1"); err != nil {
			t.Error(err)
		}
		if err := s.SendDigits(context.Background(), "12"); !errors.Is(err, ErrClosed) {
			t.Errorf("%v, want ErrClosed", err)
		}
	})
}

func TestKeysNeedAnAgreement(t *testing.T) {
	s, _ := speaking(t)
	s.Connect(Description{Addr: there, Codecs: []g711.Codec{g711.PCMA}, Direction: SendRecv})
	if _, err := s.Press(time.Now(), "1"); !errors.Is(err, ErrNoDigits) {
		t.Errorf("%v, want ErrNoDigits", err)
	}
	if _, err := s.Press(time.Now(), "1-2"); !errors.Is(err, ErrKeys) {
		t.Errorf("%v, want ErrKeys", err)
	}
}
