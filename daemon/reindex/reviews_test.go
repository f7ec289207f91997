package reindex_test

import (
	"testing"

	"sambung/queue"
	"sambung/storage/dossier"
)

// review adds a verdict to the custody of a sealed follow-up.
func (o *office) review(id queue.ID, act dossier.Act) dossier.CustodyLink {
	o.Helper()
	link, err := dossier.AddCustody(o.Context(), o.memory, dossier.Custody{
		FollowUp: string(id), Manifest: o.state(id).Manifest, At: o.now, Actor: "user:quality", Act: act,
	})
	o.must(err)
	return link
}

func (o *office) reviewOf(id queue.ID) queue.Review {
	o.Helper()
	reviews, err := o.q.Reviews(o.Context(), []queue.ID{id})
	o.must(err)
	return reviews[id]
}

// TestReviewsComeBack: the last verdict of each custody chain is in the index
// again, and a chain that is broken brings none.
func TestReviewsComeBack(t *testing.T) {
	t.Parallel()
	o, sealed, _, _ := life(t)
	o.review(sealed, dossier.Returned)
	o.review(sealed, dossier.Accepted)
	last := o.review(sealed, dossier.Opened)
	o.newLedger()
	o.reindex()
	if got, want := o.reviewOf(sealed), (queue.Review{Verdict: "accepted", Seq: 2}); got != want {
		t.Errorf("the index has %+v, want %+v", got, want)
	}
	o.memory.Rot(last.Key, 30)
	o.newLedger()
	o.reindex()
	if got := o.reviewOf(sealed); got != (queue.Review{}) {
		t.Errorf("a broken chain brought %+v back", got)
	}
}
