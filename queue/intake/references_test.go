package intake_test

import (
	"context"
	"errors"
	"testing"

	"sambung/queue"
	"sambung/queue/intake"
)

// office knows one agent and one follow-up, or fails.
type office struct{ err error }

func (o office) Agent(_ context.Context, id queue.AgentID) (queue.Agent, error) {
	return queue.Agent{}, o.answer(id == "agent-1")
}

func (o office) State(_ context.Context, id queue.ID) (queue.State, error) {
	return queue.State{}, o.answer(id == "01KBQ3V0G5QZ8M4T7Y2W9E6R1X")
}

func (o office) answer(there bool) error {
	if o.err == nil && !there {
		return queue.ErrNotFound
	}
	return o.err
}

func TestCheckReferences(t *testing.T) {
	for _, c := range []struct {
		agent   queue.AgentID
		follows queue.ID
		fields  []string
	}{
		{"", "", nil},
		{"agent-1", "01KBQ3V0G5QZ8M4T7Y2W9E6R1X", nil},
		{"agent-2", "", []string{"agent"}},
		{"", "01KBQ3V0G5QZ8M4T7Y2W9E6R1Y", []string{"follows"}},
		{"agent-2", "01KBQ3V0G5QZ8M4T7Y2W9E6R1Y", []string{"agent", "follows"}},
	} {
		err := intake.CheckReferences(t.Context(), office{}, queue.FollowUp{Agent: c.agent, Follows: c.follows})
		var refused *intake.Refusal
		if !errors.As(err, &refused) {
			if err != nil || c.fields != nil {
				t.Errorf("%s, %s: %v, want %v refused", c.agent, c.follows, err, c.fields)
			}
			continue
		}
		if len(refused.Fields) != len(c.fields) {
			t.Fatalf("%s, %s: %v, want %v", c.agent, c.follows, refused, c.fields)
		}
		for i, f := range refused.Fields {
			if f.Field != c.fields[i] || f.Problem == "" || f.Remedy == "" {
				t.Errorf("%s, %s: %v, want %s", c.agent, c.follows, f, c.fields[i])
			}
		}
	}
	away := errors.New("the ledger is away")
	for _, f := range []queue.FollowUp{{Agent: "agent-1"}, {Follows: "01KBQ3V0G5QZ8M4T7Y2W9E6R1X"}} {
		if err := intake.CheckReferences(t.Context(), office{away}, f); !errors.Is(err, away) {
			t.Errorf("got %v, want the ledger's error", err)
		}
	}
}
