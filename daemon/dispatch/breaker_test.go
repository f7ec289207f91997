package dispatch

import (
	"fmt"
	"testing"
	"time"

	"sambung/queue"
	"sambung/queue/workhours"
	"sambung/telephony"
)

// at is an attempt at a number.
func at(number string, s queue.State) queue.State {
	s.FollowUp.Taxpayer.Phone = number
	return s
}

// TestANumberThatFailsIsNotTheTrunk: what was carried between two failures of one number
// tells them apart, and the trunk is not held for the number's.
func TestANumberThatFailsIsNotTheTrunk(t *testing.T) {
	const bad, good = "+628110000001", "+628110000002"
	trunkFails := queue.ResultTrunkFailure
	b, now := newBreaker(15*time.Second, 5*time.Minute), start
	next := func(number string, r queue.Result) (held bool) {
		now = now.Add(6 * time.Minute)
		b.report(now, now.Add(-time.Second), at(number, failed(r, now.Add(-time.Second))))
		return !b.allow(now)
	}
	if b.carriesOthersThan(bad) || !next(bad, trunkFails) || b.carriesOthersThan(bad) {
		t.Error("the first failure is held against the number, not the trunk")
	}
	if !next(bad, trunkFails) || b.carriesOthersThan(bad) {
		t.Error("a trunk that carried nothing since is not held")
	}
	b.report(now.Add(time.Minute), start, at(good, failed(queue.ResultAnswered, start)))
	if b.carriesOthersThan(bad) {
		t.Error("a talk that was dialled before the failure counts as carried since")
	}
	if next(good, queue.ResultNoAnswer) || !b.carriesOthersThan(bad) || b.carriesOthersThan(good) {
		t.Error("that another call was carried is not seen")
	}
	if next(bad, trunkFails) || b.carriesOthersThan(bad) {
		t.Error("the trunk is held for the number, or one carried call counts twice")
	}
	next(good, queue.ResultBusy)
	if next(bad, queue.ResultBusy); b.carriesOthersThan(bad) {
		t.Error("a number that was carried is still suspected")
	}
	next(bad, trunkFails)
	next(good, queue.ResultBusy)
	gone := at(bad, failed(trunkFails, now))
	gone.Status = queue.StatusHandedBack
	b.report(now, now, gone)
	if b.carriesOthersThan(bad) || len(b.failures) != 0 {
		t.Error("a follow-up that was handed back is kept in mind")
	}
	for i := range 1000 {
		next(fmt.Sprint(i), trunkFails)
	}
	if n := len(b.failures); n > 300 { // a day of one every six minutes is 240
		t.Errorf("%d numbers are kept in mind", n)
	}
}

// TestOnlyANumberThatFailsAloneIsCounted: the settlement of an attempt asks what the
// trunk carried meanwhile.
func TestOnlyANumberThatFailsAloneIsCounted(t *testing.T) {
	const bad = "+628110000001"
	d := over(t, &sleepy{}, workhours.AlwaysOpen())
	d.Policy, d.breaker = queue.DefaultPolicy(), newBreaker(15*time.Second, 5*time.Minute)
	counted := func() bool {
		t.Helper()
		s := at(bad, failed(queue.ResultTrunkFailure, start))
		s.Status, s.Attempt, s.Call.Result = queue.StatusDialing, 1, ""
		entries, err := carried(d).settlement(s, telephony.Result{Status: telephony.TrunkFailure, EndedAt: start.Add(time.Second)})
		if err != nil || len(entries) != 2 {
			t.Fatalf("%v, %v", entries, err)
		}
		return entries[1].Details.Counted
	}
	d.breaker.report(start, start, at(bad, failed(queue.ResultTrunkFailure, start)))
	if counted() {
		t.Error("counted, and the trunk carried nothing since")
	}
	later := start.Add(time.Minute)
	d.breaker.report(later, later, at("+628110000002", failed(queue.ResultBusy, later)))
	if !counted() {
		t.Error("not counted, and the trunk carried another call since")
	}
}
