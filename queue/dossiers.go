package queue

import (
	"context"
	"strconv"
	"time"
)

// Dossiers finds what is sealed, for quality assurance.
type Dossiers interface {
	// Sealed returns a page of follow-ups whose dossiers are sealed, the last
	// sealed first, and where the next page begins; next is empty at the end. A
	// page may hold fewer than the filter's limit, or none, and not be the last.
	Sealed(ctx context.Context, f SealedFilter) (states []State, next string, err error)
	// SetReview keeps the verdict of a review, unless one of a later link of the
	// custody chain is kept already. The chain is the truth; this is an index.
	SetReview(ctx context.Context, id ID, r Review) error
	// Reviews returns the verdicts that are kept, by follow-up.
	Reviews(ctx context.Context, ids []ID) (map[ID]Review, error)
}

// SealedFilter selects sealed dossiers; empty fields select all.
type SealedFilter struct {
	Ticket string
	Phone  string  // E.164
	Agent  AgentID // of the last attempt
	// From and To select those sealed from then on, and before.
	From, To time.Time
	// Cursor is where a page begins, as the page before said; empty: at the first.
	Cursor string
	Limit  int // 0: 200
}

// SealedCursor is where the page after a sealed dossier begins: they are in the
// order of their seals, the last first, and of those of one millisecond in the
// order of their ids.
func SealedCursor(s State) string {
	return strconv.FormatInt(s.SealedAt.UnixMilli(), 10) + "-" + string(s.FollowUp.ID)
}

// Review is the verdict of a review.
type Review struct {
	Verdict string // accepted or returned
	Seq     int    // of its link in the custody chain
}
