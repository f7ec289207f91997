package workhours_test

import (
	"sambung/queue"
	"sambung/queue/workhours"
)

var _ queue.WorkingTime = (*workhours.Calendar)(nil)
