package doctor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sambung/daemon"
	"sambung/storage"
	"sambung/storage/s3"
)

const (
	stats  = 10
	slowS3 = 500 * time.Millisecond // median of a small request
	// The same object at every examination: conditional PUTs leave one.
	s3Key     = storage.ProbePrefix + "doctor"
	s3Content = "sambung doctor: what was written is read again\n"
)

func (x *examination) examineS3(ctx context.Context) []Finding {
	ctx, cancel := x.within(ctx)
	defer cancel()
	s := &sheet{subject: "s3"}
	config := daemon.ArchiveConfig(x.config.S3)
	config.CreateBucket = false // to examine is not to change
	archive, err := s3.New(config)
	if err != nil {
		s.fault("it cannot be used as it is configured", "correct the section s3", err)
		return s.findings
	}
	defer archive.Close()
	x.clocks.read(ctx, "s3", x.now, archive.Clock, time.Second)
	can, err := archive.Check(ctx)
	switch {
	case errors.Is(err, s3.ErrNoBucket) && x.config.S3.CreateBucket:
		s.warn("the bucket is not there yet", "start the daemon: it makes the bucket (create_bucket: true)")
		s.skipped("writing and reading", "the bucket")
	case err != nil:
		s3Fault(s, x.config.S3.Endpoint, err)
	default:
		s.ok("it keeps what is there: PUT with If-None-Match is refused where it must be")
		s3ObjectLock(s, can, x.config.S3.RetentionDays)
		if s3ReadBack(ctx, s, archive) {
			s3Public(ctx, s, archive, x.config.S3.PublicEndpoint)
		}
	}
	return s.findings
}

func s3Fault(s *sheet, endpoint string, err error) {
	var failed *s3.Error
	switch {
	case !errors.As(err, &failed):
		s.fault("it cannot keep an archive", "see what the server says", err)
	case failed.Remedy != "":
		s.fault(fmt.Sprintf("%s: %v", failed.Asked, failed.Err), failed.Remedy)
	default:
		s.fault("the server at "+endpoint+" is not reached", "start it, or correct s3.endpoint and s3.secure", failed.Asked, ": ", failed.Err)
	}
}

func s3ObjectLock(s *sheet, can storage.Capabilities, days int) {
	switch {
	case can.ObjectLock && !can.LegalHold:
		s.warn("the bucket locks objects, but the access key may not set legal holds and see them", "allow it s3:PutObjectLegalHold and s3:GetObjectLegalHold on what is in the bucket")
		return
	case can.ObjectLock && days > 0:
		s.ok(fmt.Sprintf("the bucket locks objects: those of dossiers are retained for %d days, and can be put under legal hold", days))
		return
	case can.ObjectLock:
		s.ok("the bucket locks objects: dossiers can be put under legal hold; nothing is retained by this daemon (s3.retention_days: 0)")
		return
	}
	s.warn("the bucket does not lock objects: a sealed dossier is protected by its hashes alone",
		"make a new bucket with object lock (mc mb --with-lock); it cannot be turned on later")
}

// s3ReadBack writes a small object, reads it again, and measures. It reports whether
// the object is there.
func s3ReadBack(ctx context.Context, s *sheet, archive *s3.Archive) bool {
	sum := sha256.Sum256([]byte(s3Content))
	o := storage.Object{Key: s3Key, Size: int64(len(s3Content)), SHA256: hex.EncodeToString(sum[:]), ContentType: "text/plain"}
	if _, err := archive.Put(ctx, o, strings.NewReader(s3Content)); err != nil {
		s3Fault(s, "", fmt.Errorf("writing a probe: %w", err))
		return false
	}
	body, _, err := archive.Get(ctx, s3Key)
	if err == nil {
		_, err = io.Copy(io.Discard, body) // the archive compares the hash
		err = errors.Join(err, body.Close())
	}
	if err != nil {
		s3Fault(s, "", fmt.Errorf("reading a probe: %w", err))
		return false
	}
	var took []time.Duration
	for range stats {
		began := time.Now()
		if _, err := archive.Stat(ctx, s3Key); err != nil {
			s3Fault(s, "", fmt.Errorf("asking for a probe: %w", err))
			return false
		}
		took = append(took, time.Since(began))
	}
	figures := fmt.Sprintf("what was written is read again; a request takes %s (median), %s (slowest)", short(quantile(took, 0.5)), short(slices.Max(took)))
	if quantile(took, 0.5) > slowS3 {
		s.warn(figures, fmt.Sprintf("bring the server nearer, or relieve it: below %s", slowS3))
		return true
	}
	s.ok(figures)
	return true
}
