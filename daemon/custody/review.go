package custody

import (
	"sambung/queue"
	"sambung/storage/dossier"
)

// LastReview is the last verdict in a chain; ok is false when there is none.
func LastReview(chain []dossier.CustodyLink) (r queue.Review, ok bool) {
	for _, link := range chain {
		if link.Act == dossier.Accepted || link.Act == dossier.Returned {
			r, ok = queue.Review{Verdict: string(link.Act), Seq: link.Seq}, true
		}
	}
	return r, ok
}
