package reindex

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/queue"
	"sambung/storage"
	"sambung/storage/dossier"
)

// group is what lies under one prefix of one follow-up.
type group struct {
	id      queue.ID
	day     string // of its keys, 2026/11/23
	objects []object
}

// object is one of them; number is the one in its name, 0 if it has none.
type object struct {
	storage.Object
	number int
}

// since reports whether one of the objects was put at that moment or later.
func (g group) since(t time.Time) bool {
	return slices.ContainsFunc(g.objects, func(o object) bool { return !o.Modified.Before(t) })
}

// groups lists a day ("2026/11/23/", empty for all) under a prefix and yields what
// belongs to one follow-up at once: keys come in their order, and those of a
// follow-up one after another. Keys of another form are none of ours.
func groups(ctx context.Context, a storage.Archive, prefix, day string, yield func(group) bool) error {
	var now group
	for o, err := range a.List(ctx, prefix+day) {
		if err != nil {
			return fmt.Errorf("listing %s: %w", prefix+day, err)
		}
		id, day, number, ok := parse(strings.TrimPrefix(o.Key, prefix))
		if !ok {
			continue
		}
		if id != now.id || day != now.day {
			if now.id != "" && !yield(now) {
				return nil
			}
			now = group{id: id, day: day}
		}
		now.objects = append(now.objects, object{o, number})
	}
	if now.id != "" {
		yield(now)
	}
	return nil
}

// parse reads "2026/11/23/<id>/<n>.ext" and "2026/11/23/<id>.ext".
func parse(key string) (id queue.ID, day string, number int, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 && len(parts) != 5 {
		return "", "", 0, false
	}
	last := strings.TrimSuffix(parts[len(parts)-1], path.Ext(key))
	if len(parts) == 5 {
		number, _ = strconv.Atoi(last) // a manual recording is named by its hash
		last = parts[3]
	}
	return queue.ID(last), strings.Join(parts[:3], "/"), number, last != ""
}

// maxLine bounds one line of a history, in bytes, as where it is shipped.
const maxLine = 1 << 20

// read puts the parts of a history together. Parts may overlap where they say
// the same: one that was shipped again after its mark was lost. The error names
// the object at which they cease to be one chain.
func read(ctx context.Context, a storage.Archive, parts []object) ([]queue.Activity, error) {
	slices.SortFunc(parts, func(x, y object) int { return cmp.Compare(x.number, y.number) })
	var history []queue.Activity
	for _, part := range parts {
		var err error
		if history, err = readPart(ctx, a, part, history); err != nil {
			return nil, err
		}
	}
	return history, nil
}

func readPart(ctx context.Context, a storage.Archive, part object, history []queue.Activity) ([]queue.Activity, error) {
	broken := func(format string, args ...any) error {
		return &dossier.BrokenError{Key: part.Key, Err: fmt.Errorf(format, args...)}
	}
	body, _, err := a.Get(ctx, part.Key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var activity queue.Activity
		if err := json.Unmarshal(lines.Bytes(), &activity); err != nil {
			return nil, broken("after activity %d: %w", len(history), err)
		}
		if n := activity.Seq; n >= 1 && n <= len(history) && history[n-1].Hash == activity.Hash {
			continue
		}
		head := ""
		if len(history) > 0 {
			head = history[len(history)-1].Hash
		}
		switch {
		case activity.Seq != len(history)+1 || activity.Prev != head:
			return nil, broken("activity %d does not follow activity %d", activity.Seq, len(history))
		case activity.Hash != activity.ComputeHash():
			return nil, broken("the content of activity %d does not match its hash", activity.Seq)
		}
		history = append(history, activity)
	}
	switch err := lines.Err(); {
	case corrupt(err):
		return nil, &dossier.BrokenError{Key: part.Key, Err: err}
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read to its end: %w", part.Key, err)
	case len(history) != part.number:
		return nil, broken("it ends with activity %d", len(history))
	}
	return history, nil
}
