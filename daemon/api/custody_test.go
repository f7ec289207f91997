package api_test

import (
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/daemon/api/client"
	"sambung/queue"
	"sambung/storage/dossier"
	"sambung/storage/storagetest"
)

// sealedSite is a site with a follow-up whose dossier is sealed.
func sealedSite(t *testing.T) (*apitest.Site, queue.ID) {
	t.Helper()
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Append(t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Outcome: queue.OutcomeDelivered}})
	s.Append(t, id, queue.Entry{Kind: queue.KindAttemptSettled, Details: queue.Details{Next: queue.NextClose}})
	s.Archived(t, id, 1, []byte(strings.Repeat("RIFF", 1000)))
	s.Append(t, id, queue.Entry{Kind: queue.KindSealed, Details: queue.Details{File: "manifests/x.json", SHA256: storagetest.Hash(nil), UpTo: 9}})
	return s, id
}

func TestWhatHappensToASealedDossierIsRecorded(t *testing.T) {
	s, id := sealedSite(t)
	c, err := client.New(s.URL, apitest.TokenQA, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/follow-ups/" + string(id)
	if a := call(t, s, apitest.TokenQA, "GET", path+"/recordings/1", ""); a.status != 200 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	if _, err := c.Return(t.Context(), string(id), "suara agen terlalu pelan"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Accept(t.Context(), string(id), ""); err != nil {
		t.Fatal(err)
	}
	chain, err := c.Custody(t.Context(), string(id))
	if err != nil || len(chain) != 3 {
		t.Fatalf("%+v, %v", chain, err)
	}
	for i, want := range []dossier.Act{dossier.Opened, dossier.Returned, dossier.Accepted} {
		if chain[i].Act != want || chain[i].Actor != "user:quality" || chain[i].Manifest != storagetest.Hash(nil) {
			t.Errorf("link %d: %+v, want %s", i+1, chain[i], want)
		}
	}
	if !strings.HasPrefix(chain[0].Object, "recordings/") || strings.Contains(s.Log.String(), "terlalu pelan") {
		t.Errorf("%+v; the log has the remarks: %t", chain[0], strings.Contains(s.Log.String(), "terlalu pelan"))
	}
	s.Filed.Rot(chain[1].Key, 30)
	call(t, s, apitest.TokenQA, "GET", path+"/custody", "").refused(t, 409, "broken")
}

// TestNothingIsHandedOutUnrecorded: the link comes first.
func TestNothingIsHandedOutUnrecorded(t *testing.T) {
	s, id := sealedSite(t)
	path := "/v1/follow-ups/" + string(id)
	call(t, s, apitest.TokenQA, "GET", path+"/recordings/1", "")
	s.Filed.Rot("custody/"+string(id)+"/000001.json", 30) // the chain cannot be continued
	if a := call(t, s, apitest.TokenQA, "GET", path+"/recordings/1", ""); a.status == 200 {
		t.Error("a recording was handed out, and no link says so")
	}
}

// TestOpenedBeforeTheSeal: what is heard of a follow-up that goes on stands in its
// history, and nothing is handed out between its end and the seal.
func TestOpenedBeforeTheSeal(t *testing.T) {
	s := apitest.New(t, nil)
	addAgents(t, s)
	id := s.Submit(t, "A", "")
	s.Talk(t, id, "agent-1")
	s.WrapUp(t, id)
	s.Archived(t, id, 1, []byte(strings.Repeat("RIFF", 1000)))
	path := "/v1/follow-ups/" + string(id) + "/recordings/1"
	for range 2 {
		if a := call(t, s, apitest.TokenQA, "GET", path, ""); a.status != 200 {
			t.Fatalf("%d: %s", a.status, a.body)
		}
	}
	history, err := s.Queue.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, a := range history {
		if d, err := a.Decode(); err != nil {
			t.Fatal(err)
		} else if a.Kind == queue.KindRecordingOpened && a.Actor == "user:quality" && d.Attempt == 1 && strings.HasPrefix(d.File, "recordings/") {
			opened++
		}
	}
	if opened != 2 {
		t.Errorf("%d openings are in the history, want 2", opened)
	}
	s.Append(t, id, queue.Entry{Kind: queue.KindOutcomeConfirmed, Details: queue.Details{Outcome: queue.OutcomeDelivered}})
	s.Append(t, id, queue.Entry{Kind: queue.KindAttemptSettled, Details: queue.Details{Next: queue.NextClose}})
	call(t, s, apitest.TokenQA, "GET", path, "").refused(t, 409, "sealing")
}

func TestReviewsAreRefusedByField(t *testing.T) {
	s, id := sealedSite(t)
	path := "/v1/follow-ups/" + string(id)
	call(t, s, apitest.TokenQA, "POST", path+"/review", `{"verdict":"opened"}`).refused(t, 400, "invalid", "verdict")
	call(t, s, apitest.TokenQA, "POST", path+"/review", `{"verdict":"returned","remarks":" "}`).refused(t, 400, "invalid", "remarks")
	open := s.Submit(t, "B", "")
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(open)+"/review", `{"verdict":"accepted"}`).refused(t, 409, "not_sealed")
	call(t, s, apitest.TokenQA, "GET", "/v1/follow-ups/"+string(open)+"/custody", "").refused(t, 409, "not_sealed")
}
