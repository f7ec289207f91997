package media

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"sambung/telephony/softphone/g711"
)

// asteriskOffer is what Asterisk 22 sends for allow=alaw,ulaw and
// dtmf_mode=rfc4733.
const asteriskOffer = "v=0\r\no=- 1364894215 1364894215 IN IP4 127.0.0.1\r\ns=Asterisk\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
	"m=audio 10230 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n" +
	"a=fmtp:101 0-16\r\na=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\n"

func TestParse(t *testing.T) {
	d, err := Parse([]byte(asteriskOffer))
	if err != nil {
		t.Fatal(err)
	}
	want := Description{
		Addr: netip.MustParseAddrPort("127.0.0.1:10230"), Codecs: []g711.Codec{g711.PCMA, g711.PCMU}, EventType: 101, Direction: SendRecv,
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("%+v, want %+v", d, want)
	}
	change := func(old, with string) Description {
		t.Helper()
		if !strings.Contains(asteriskOffer, old) {
			t.Fatalf("the offer has no %q", old)
		}
		d, err := Parse([]byte(strings.Replace(asteriskOffer, old, with, 1)))
		if err != nil {
			t.Errorf("%q for %q: %v", with, old, err)
		}
		return d
	}
	if d := change("a=sendrecv", "a=sendonly"); d.Direction != SendOnly {
		t.Errorf("sendonly is %q", d.Direction)
	}
	if d := change("a=sendrecv\r\n", ""); d.Direction != SendRecv {
		t.Errorf("no direction is %q, want sendrecv", d.Direction)
	}
	if d := change("t=0 0", "t=0 0\r\na=inactive"); d.Direction != SendRecv {
		t.Errorf("the stream's direction must win over the session's, and it is %q", d.Direction)
	}
	if d := change("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"); d.Direction != Inactive {
		t.Errorf("an address of zeros is %q, want inactive", d.Direction)
	}
	if d := change("a=ptime:20", "c=IN IP4 127.0.0.9"); d.Addr.Addr().String() != "127.0.0.9" {
		t.Errorf("the stream's address must win over the session's, and it is %v", d.Addr)
	}
	if d := change("101 telephone-event", "101 opus"); d.EventType != 0 {
		t.Errorf("no telephone-event, and its type is %d", d.EventType)
	}
	if d := change("8 0 101", "8 18 0"); d.EventType != 0 || len(d.Codecs) != 2 {
		t.Errorf("formats not listed, or not known, must not count: %+v", d)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, change := range map[string][2]string{
		"nothing":       {asteriskOffer, ""},
		"video":         {"m=audio", "m=video"},
		"port 0":        {"m=audio 10230", "m=audio 0"},
		"encrypted":     {"RTP/AVP", "RTP/SAVP"},
		"no G.711":      {"8 0 101", "9 101"},
		"no address":    {"c=IN IP4 127.0.0.1\r\n", ""},
		"a host's name": {"c=IN IP4 127.0.0.1", "c=IN IP4 example.org"},
	} {
		if _, err := Parse([]byte(strings.Replace(asteriskOffer, change[0], change[1], 1))); !errors.Is(err, ErrNotAcceptable) {
			t.Errorf("%s: %v, want ErrNotAcceptable", name, err)
		}
	}
}

func TestAnswerTakesTheFavouriteAndTurnsTheDirection(t *testing.T) {
	offer, err := Parse([]byte(asteriskOffer))
	if err != nil {
		t.Fatal(err)
	}
	offer.EventType = 97
	for asked, want := range map[Direction]Direction{SendRecv: SendRecv, SendOnly: RecvOnly, RecvOnly: SendOnly, Inactive: Inactive} {
		offer.Direction = asked
		got := Answer(offer, here)
		if got.Direction != want || len(got.Codecs) != 1 || got.Codecs[0] != g711.PCMA || got.EventType != 97 || got.Addr != here {
			t.Errorf("%s is answered with %+v", asked, got)
		}
	}
}

func TestMarshalledIsParsed(t *testing.T) {
	for _, d := range []Description{
		Offer(here),
		{Addr: netip.MustParseAddrPort("[::1]:7"), Codecs: []g711.Codec{g711.PCMA}, Direction: RecvOnly},
	} {
		if got, err := Parse(d.Marshal(1, 2)); err != nil || !got.Equal(d) {
			t.Errorf("%+v came back as %+v, %v", d, got, err)
		}
	}
	if got := string(Offer(here).Marshal(7, 8)); !strings.Contains(got, "o=- 7 8 IN IP4 127.0.0.1\r\n") ||
		!strings.Contains(got, "m=audio 4000 RTP/AVP 0 8 101\r\n") {
		t.Errorf("the offer is\n%s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(asteriskOffer)
	f.Add(string(Offer(here).Marshal(1, 1)))
	f.Add("v=0\r\no=- 0 0 IN IP6 ::\r\ns=-\r\nc=IN IP6 ::\r\nt=0 0\r\nm=audio 65536/2 RTP/AVP 0 0 8\r\na=rtpmap:96\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		offer, err := Parse([]byte(body))
		if err != nil {
			if !errors.Is(err, ErrNotAcceptable) {
				t.Errorf("%v is not ErrNotAcceptable", err)
			}
			return
		}
		answer := Answer(offer, here)
		if got, err := Parse(answer.Marshal(1, 1)); err != nil || !got.Equal(answer) {
			t.Errorf("our answer %+v to %q reads %+v, %v", answer, body, got, err)
		}
	})
}
