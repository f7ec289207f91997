package acceptance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"sambung/internal/faultproxy"
	"sambung/queue"
)

// door is a running daemon as other systems see it.
type door struct {
	*site
	queue queue.Queue
	raw   *redis.Client
	proxy *faultproxy.Proxy // between the daemon and Redis
	url   string
}

func (d *door) key(name string) string { return "{sambung:" + d.config.Site.Name + "}:" + name }

// answer is what came back over HTTP.
type answer struct {
	status   int
	id       queue.ID // of the follow-up, where there is one
	replayed bool
	code     string
	existing queue.ID
	fields   []problem
	body     string
}

// post submits a body; key may be empty.
func (d *door) post(body []byte, key string) answer {
	d.t.Helper()
	a, err := d.submit(body, key)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// submit is post for any goroutine.
func (d *door) submit(body []byte, key string) (answer, error) {
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/v1/follow-ups", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	var content struct {
		FollowUp queue.FollowUp `json:"follow_up"`
		Error    struct {
			Code     string
			Existing queue.ID
			Fields   []problem
		}
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return answer{}, fmt.Errorf("%s: %w in %.200s", resp.Status, err, text)
	}
	return answer{
		status: resp.StatusCode, id: content.FollowUp.ID, replayed: resp.Header.Get("Idempotency-Replayed") == "true",
		code: content.Error.Code, existing: content.Error.Existing, fields: content.Error.Fields, body: string(text),
	}, nil
}

// accepted submits one that must be taken.
func (d *door) accepted(f fields, key string) answer {
	d.t.Helper()
	a := d.post(f.json(), key)
	if a.status != http.StatusCreated || a.id == "" {
		d.t.Fatalf("%d %s", a.status, a.body)
	}
	return a
}

// judge holds what is said of a refusal against what must be said.
func (d *door) judge(got []problem, field, what, remedy string) {
	d.t.Helper()
	if len(got) != 1 || got[0].Field != field || !strings.Contains(got[0].Problem, what) || !strings.Contains(got[0].Remedy, remedy) {
		d.t.Errorf("refused with %+v, want %s: …%s…; …%s…", got, field, what, remedy)
	}
}

// tickets lists what the ledger holds, each as often as it is there.
func (d *door) tickets() []string {
	d.t.Helper()
	states, err := d.queue.Find(d.t.Context(), queue.Filter{})
	if err != nil {
		d.t.Fatal(err)
	}
	list := make([]string, 0, len(states))
	for _, s := range states {
		list = append(list, s.FollowUp.Ticket)
	}
	slices.Sort(list)
	return list
}

// added fails the test unless the ledger holds these tickets more than before.
func (d *door) added(before []string, more ...string) {
	d.t.Helper()
	want := append(slices.Clone(before), more...)
	slices.Sort(want)
	if got := d.tickets(); !slices.Equal(got, want) {
		d.t.Errorf("the ledger holds %v, want %v", got, want)
	}
}

// keys are the site's keys in Redis, but for those that come and go by themselves.
func (d *door) keys() []string {
	d.t.Helper()
	all, err := d.raw.Keys(d.t.Context(), "*").Result()
	if err != nil {
		d.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(k string) bool { return strings.HasPrefix(k, d.key("op:")) })
	slices.Sort(all)
	return all
}

// nothingSaid fails the test if a text holds what was submitted.
func (d *door) nothingSaid(where, text string) {
	d.t.Helper()
	for _, personal := range []string{
		"Budi", "ahasia", "1111-2222", "1111222", "09.123", "09123456", "0912345", "5005550006", "8091234567", "0062812", "ABCD5678", "evil", "021112",
	} {
		if i := strings.Index(text, personal); i >= 0 {
			d.t.Errorf("%s: %q stands in it: …%.200s", where, personal, text[max(0, i-80):])
		}
	}
}
