package queue

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func sampleHistory(t *testing.T) []Activity {
	t.Helper()
	b := newBook(t, sampleFollowUp()).attempt(true, ResultAnswered, OutcomeDelivered)
	b.settle()
	if err := VerifyChain(b.history); err != nil {
		t.Fatal(err)
	}
	return b.history
}

// Whatever is changed in whichever activity, VerifyChain names its number.
func TestChainFindsEveryChange(t *testing.T) {
	changes := map[string]func(*Activity){
		"follow_up": func(a *Activity) { a.FollowUp = "01JD000000000000000000EVIL" },
		"seq":       func(a *Activity) { a.Seq++ },
		"at":        func(a *Activity) { a.At = a.At.Add(time.Millisecond) },
		"below ms":  func(a *Activity) { a.At = a.At.Add(time.Microsecond) },
		"actor":     func(a *Activity) { a.Actor = ActorUser("evil") },
		"kind":      func(a *Activity) { a.Kind = KindCancelled },
		"details":   func(a *Activity) { a.Details = json.RawMessage(string(a.Details[:len(a.Details)-1]) + `,"x":1}`) },
		"space":     func(a *Activity) { a.Details = append(slices.Clone(a.Details), ' ') },
		"prev":      func(a *Activity) { a.Prev = strings.Repeat("0", 64) },
		"hash":      func(a *Activity) { a.Hash = strings.Repeat("0", 64) },
		"upper":     func(a *Activity) { a.Hash = strings.ToUpper(a.Hash) },
	}
	for i := range sampleHistory(t) {
		for name, change := range changes {
			history := sampleHistory(t)
			change(&history[i])
			if name == "follow_up" && i == 0 {
				requireBroken(t, history, 1, 2) // the first one names the chain
				continue
			}
			requireBroken(t, history, i+1)
		}
	}
}

// A forger who also computes the hash anew is found at the activity after.
func TestChainFindsARehashedChange(t *testing.T) {
	for i := range len(sampleHistory(t)) - 1 {
		history := sampleHistory(t)
		history[i].Actor = ActorUser("evil")
		history[i].Hash = history[i].ComputeHash()
		requireBroken(t, history, i+2)
	}
}

func TestChainFindsDroppedAndSwapped(t *testing.T) {
	n := len(sampleHistory(t))
	for i := range n - 1 {
		requireBroken(t, slices.Delete(sampleHistory(t), i, i+1), i+1)
		swapped := sampleHistory(t)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		requireBroken(t, swapped, i+1)
		doubled := sampleHistory(t)
		requireBroken(t, slices.Insert(doubled, i, doubled[i]), i+2)
		renumbered := slices.Delete(sampleHistory(t), i, i+1)
		for j := range renumbered {
			renumbered[j].Seq = j + 1
			renumbered[j].Hash = renumbered[j].ComputeHash()
		}
		if err := VerifyChain(renumbered); !errors.Is(err, ErrBrokenChain) {
			t.Errorf("dropped %d and renumbered: %v", i+1, err)
		}
	}
}

// No shift of content between two fields gives the same hash.
func TestHashSeparatesFields(t *testing.T) {
	a := Activity{FollowUp: "A", Seq: 1, Actor: "x", Kind: "yz", Details: json.RawMessage("{}")}
	b := a
	b.Actor, b.Kind = "xy", "z"
	if a.ComputeHash() == b.ComputeHash() {
		t.Error("the border between actor and kind does not count")
	}
}

func TestChainOfNothing(t *testing.T) {
	if err := VerifyChain(nil); err != nil {
		t.Error(err)
	}
	if _, err := Fold(slices.Delete(sampleHistory(t), 1, 2)); !errors.Is(err, ErrBrokenChain) {
		t.Errorf("Fold took a broken chain: %v", err)
	}
}

// The hash survives the way through JSON, as Redis and the bucket hold it.
func TestChainSurvivesJSON(t *testing.T) {
	data, err := json.Marshal(sampleHistory(t))
	if err != nil {
		t.Fatal(err)
	}
	var read []Activity
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if err := VerifyChain(read); err != nil {
		t.Error(err)
	}
}

// requireBroken wants an error that names one of the links.
func requireBroken(t *testing.T, history []Activity, links ...int) {
	t.Helper()
	err := VerifyChain(history)
	if !errors.Is(err, ErrBrokenChain) {
		t.Errorf("link %v: %v", links, err)
		return
	}
	for _, link := range links {
		if strings.Contains(err.Error(), "activity "+strconv.Itoa(link)+" ") {
			return
		}
	}
	t.Errorf("want activity %v named, got: %v", links, err)
}
