package dossier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/storage"
)

// Objects lists the keys of every object of a sealed dossier: the manifest, all
// that it names, what leads to it, and its custody. manifest is its SHA-256, and
// day the office day under which it is filed.
func Objects(ctx context.Context, a storage.Archive, day time.Time, followUp, manifest string) ([]string, error) {
	key, errManifest := storage.ManifestKey(day, followUp)
	byDay, errDay := storage.DayPointerKey(day, followUp)
	if err := errors.Join(errManifest, errDay); err != nil {
		return nil, err
	}
	m, err := Open(ctx, a, key, manifest)
	if err != nil {
		return nil, err
	}
	all := []string{key}
	for _, o := range m.Objects() {
		all = append(all, o.Key)
	}
	p, err := ReadPointer(ctx, a, byDay)
	if err != nil {
		return nil, err
	}
	pointers, err := p.keys()
	if err != nil {
		return nil, &BrokenError{byDay, err}
	}
	all = append(all, pointers...)
	for o, err := range a.List(ctx, storage.CustodyPrefix(followUp)) {
		if err != nil {
			return nil, err
		}
		all = append(all, o.Key)
	}
	return all, nil
}

// Hold puts objects under legal hold, or releases them, and asks afterwards
// whether they are: what a server does not keep is no hold.
func Hold(ctx context.Context, l storage.Locker, keys []string, on bool) error {
	for _, key := range keys {
		if err := l.SetLegalHold(ctx, key, on); err != nil {
			return err
		}
		p, err := l.Protection(ctx, key)
		if err != nil {
			return err
		}
		if p.LegalHold != on {
			return fmt.Errorf("legal hold of %s: the server took it, and says now that it is %t", key, p.LegalHold)
		}
	}
	return nil
}
