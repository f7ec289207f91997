package ari

import (
	"context"
	"net/url"
	"testing"
	"time"
)

// TestRequests holds every request against the ARI's own description.
func TestRequests(t *testing.T) {
	q := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	for name, c := range map[string]struct {
		call func(context.Context, *Client) error
		want seen
	}{
		"info": {func(ctx context.Context, c *Client) error { _, err := c.Info(ctx); return err },
			seen{"GET", "/asterisk/info", ""}},
		"ping": {func(ctx context.Context, c *Client) error { return c.Ping(ctx) }, seen{"GET", "/asterisk/ping", ""}},
		"application": {func(ctx context.Context, c *Client) error { _, err := c.Application(ctx); return err },
			seen{"GET", "/applications/app", ""}},
		"watch": {func(ctx context.Context, c *Client) error { return c.Watch(ctx, "bridge:b") },
			seen{"POST", "/applications/app/subscription?eventSource=bridge%3Ab", ""}},
		"user event": {func(ctx context.Context, c *Client) error {
			return c.SendUserEvent(ctx, "hello", "channel:c", map[string]string{"a": "b"})
		}, seen{"POST", "/events/user/hello?application=app&source=channel%3Ac", `{"variables":{"a":"b"}}`}},
		"channel":  {func(ctx context.Context, c *Client) error { _, err := c.Channel(ctx, "a/b?c"); return err }, seen{"GET", "/channels/a%2Fb%3Fc", ""}},
		"channels": {func(ctx context.Context, c *Client) error { _, err := c.Channels(ctx); return err }, seen{"GET", "/channels", ""}},
		"create": {func(ctx context.Context, c *Client) error {
			_, err := c.CreateChannel(ctx, CreateChannel{ID: "c", OtherChannelID: "d", Endpoint: "PJSIP/08&1@trunk", AppArgs: "x", Originator: "o", Formats: "alaw",
				Variables: map[string]string{"TIMEOUT(absolute)": "9"}})
			return err
		}, seen{"POST", "/channels/create?" + q("app", "app", "appArgs", "x", "channelId", "c", "endpoint", "PJSIP/08&1@trunk", "formats", "alaw",
			"originator", "o", "otherChannelId", "d"), `{"variables":{"TIMEOUT(absolute)":"9"}}`}},
		"dial":         {func(ctx context.Context, c *Client) error { return c.Dial(ctx, "c", "a", 1500*time.Millisecond) }, seen{"POST", "/channels/c/dial?caller=a&timeout=2", ""}},
		"answer":       {func(ctx context.Context, c *Client) error { return c.Answer(ctx, "c") }, seen{"POST", "/channels/c/answer", ""}},
		"ring":         {func(ctx context.Context, c *Client) error { return c.Ring(ctx, "c") }, seen{"POST", "/channels/c/ring", ""}},
		"stop ringing": {func(ctx context.Context, c *Client) error { return c.StopRinging(ctx, "c") }, seen{"DELETE", "/channels/c/ring", ""}},
		"hang up":      {func(ctx context.Context, c *Client) error { return c.HangUp(ctx, "c") }, seen{"DELETE", "/channels/c?reason=normal", ""}},
		"hang up busy": {func(ctx context.Context, c *Client) error { return c.HangUpCause(ctx, "c", 17) }, seen{"DELETE", "/channels/c?reason_code=17", ""}},
		"digits":       {func(ctx context.Context, c *Client) error { return c.SendDigits(ctx, "c", "1#") }, seen{"POST", "/channels/c/dtmf?dtmf=1%23", ""}},
		"set variable": {func(ctx context.Context, c *Client) error { return c.SetVariable(ctx, "c", "F(a)", "v") },
			seen{"POST", "/channels/c/variable?value=v&variable=F%28a%29", ""}},
		"variable": {func(ctx context.Context, c *Client) error { _, err := c.Variable(ctx, "c", "F(a)"); return err },
			seen{"GET", "/channels/c/variable?variable=F%28a%29", ""}},
		"snoop": {func(ctx context.Context, c *Client) error { _, err := c.Snoop(ctx, "c", "s"); return err }, seen{"POST", "/channels/c/snoop/s?app=app&spy=in", ""}},
		"whisper": {func(ctx context.Context, c *Client) error {
			_, err := c.SnoopWith(ctx, "c", SnoopOptions{ID: "s", Whisper: "out", AppArgs: "x"})
			return err
		}, seen{"POST", "/channels/c/snoop/s?app=app&appArgs=x&whisper=out", ""}},
		"play":           {func(ctx context.Context, c *Client) error { return c.Play(ctx, "c", "p", "sound:x") }, seen{"POST", "/channels/c/play/p?media=sound%3Ax", ""}},
		"play to bridge": {func(ctx context.Context, c *Client) error { return c.PlayToBridge(ctx, "b", "p", "tone:ring") }, seen{"POST", "/bridges/b/play/p?media=tone%3Aring", ""}},
		"playback":       {func(ctx context.Context, c *Client) error { _, err := c.Playback(ctx, "p"); return err }, seen{"GET", "/playbacks/p", ""}},
		"stop playback":  {func(ctx context.Context, c *Client) error { return c.StopPlayback(ctx, "p") }, seen{"DELETE", "/playbacks/p", ""}},
		"create bridge":  {func(ctx context.Context, c *Client) error { return c.CreateBridge(ctx, "b") }, seen{"POST", "/bridges/b?type=mixing%2Cdtmf_events", ""}},
		"bridge":         {func(ctx context.Context, c *Client) error { _, err := c.Bridge(ctx, "b"); return err }, seen{"GET", "/bridges/b", ""}},
		"bridges":        {func(ctx context.Context, c *Client) error { _, err := c.Bridges(ctx); return err }, seen{"GET", "/bridges", ""}},
		"add":            {func(ctx context.Context, c *Client) error { return c.AddToBridge(ctx, "b", "c") }, seen{"POST", "/bridges/b/addChannel?channel=c", ""}},
		"remove":         {func(ctx context.Context, c *Client) error { return c.RemoveFromBridge(ctx, "b", "c") }, seen{"POST", "/bridges/b/removeChannel?channel=c", ""}},
		"destroy":        {func(ctx context.Context, c *Client) error { return c.DestroyBridge(ctx, "b") }, seen{"DELETE", "/bridges/b", ""}},
		"record": {func(ctx context.Context, c *Client) error { return c.Record(ctx, "c", "r") },
			seen{"POST", "/channels/c/record?beep=false&format=wav&ifExists=fail&maxDurationSeconds=0&name=r&terminateOn=none", ""}},
		"record with": {func(ctx context.Context, c *Client) error {
			return c.RecordWith(ctx, "c", RecordOptions{Name: "d/r", Format: "wav16", MaxDuration: 90 * time.Second, IfExists: "overwrite"})
		}, seen{"POST", "/channels/c/record?beep=false&format=wav16&ifExists=overwrite&maxDurationSeconds=90&name=d%2Fr&terminateOn=none", ""}},
		"live":    {func(ctx context.Context, c *Client) error { _, err := c.LiveRecording(ctx, "d/r"); return err }, seen{"GET", "/recordings/live/d%2Fr", ""}},
		"stop":    {func(ctx context.Context, c *Client) error { return c.StopRecording(ctx, "r") }, seen{"POST", "/recordings/live/r/stop", ""}},
		"discard": {func(ctx context.Context, c *Client) error { return c.DiscardRecording(ctx, "r") }, seen{"DELETE", "/recordings/live/r", ""}},
		"mute":    {func(ctx context.Context, c *Client) error { return c.MuteRecording(ctx, "r") }, seen{"POST", "/recordings/live/r/mute", ""}},
		"unmute":  {func(ctx context.Context, c *Client) error { return c.UnmuteRecording(ctx, "r") }, seen{"DELETE", "/recordings/live/r/mute", ""}},
		"stored":  {func(ctx context.Context, c *Client) error { _, err := c.StoredRecording(ctx, "d/r"); return err }, seen{"GET", "/recordings/stored/d%2Fr", ""}},
		"all stored": {func(ctx context.Context, c *Client) error { _, err := c.StoredRecordings(ctx); return err },
			seen{"GET", "/recordings/stored", ""}},
		"delete": {func(ctx context.Context, c *Client) error { return c.DeleteRecording(ctx, "r") }, seen{"DELETE", "/recordings/stored/r", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			if err := c.call(t.Context(), f.client()); err != nil {
				t.Fatal(err)
			}
			if got := f.requests(); len(got) != 1 || got[0] != c.want {
				t.Errorf("requests %+v, want one: %+v", got, c.want)
			}
		})
	}
}
