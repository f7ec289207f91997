package daemon_test

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"
)

// What is under way when the daemon stops is finished, and a stream of events ends at once.
func TestRequestsUnderWayAreFinished(t *testing.T) {
	in := install(t)
	stop := in.stop
	in.stop = func() {}
	stopped := make(chan struct{})
	defer func() { <-stopped }()

	events, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	events.Header.Set("Authorization", "Bearer "+adminToken)
	stream, err := http.DefaultClient.Do(events)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()

	body, sender := io.Pipe()
	begun := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(begun) }} // somebody reads it
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodPost, in.url+"/v1/imports", body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + adminToken, "Content-Type": "text/csv", "Expect": "100-continue"} {
		request.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	defer client.CloseIdleConnections()
	answered := make(chan string, 1)
	go func() {
		response, err := client.Do(request)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		answered <- response.Status + " " + string(text)
	}()
	select {
	case <-begun:
	case early := <-answered:
		t.Fatalf("answered before it was sent: %s", early)
	}
	go func() { stop(); close(stopped) }()
	if _, err := io.Copy(io.Discard, stream.Body); err != nil { // to its end: the daemon stops
		t.Errorf("the stream of events was cut: %v", err)
	}
	if _, err := io.WriteString(sender, "ticket,route,taxpayer,phone,message\nESK-1,answer,Budi,081234567890,Sudah.\n"); err != nil {
		t.Errorf("the rest of the file was not taken: %v", err)
	}
	_ = sender.Close()
	if got := <-answered; !strings.HasPrefix(got, "200 ") || !strings.Contains(got, `"enqueued":1`) {
		t.Errorf("a file that was on its way: %s", got)
	}
}
