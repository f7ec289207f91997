package storage

import (
	"context"
	"time"
)

// Linker hands out addresses of archived objects.
type Linker interface {
	// Link returns an address at which whoever has it can fetch an object until
	// it expires, and no longer. name is what the file is called then. Nothing is
	// asked of the server: whether the object is there is not known.
	Link(ctx context.Context, key, name string, lasts time.Duration) (url string, err error)
}
