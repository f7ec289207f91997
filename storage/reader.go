package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// VerifyReader hashes what is read from body. Where body ends and its content
// is not that of o, Read returns ErrCorrupt in place of io.EOF. An o without
// SHA256 is verified by its size alone.
func VerifyReader(body io.ReadCloser, o Object) io.ReadCloser {
	return &verifyReader{body: body, object: o, sum: sha256.New()}
}

type verifyReader struct {
	body   io.ReadCloser
	object Object
	sum    hash.Hash
	size   int64
	end    error // what the end of body turned out to be
}

func (v *verifyReader) Read(p []byte) (int, error) {
	if v.end != nil {
		return 0, v.end
	}
	n, err := v.body.Read(p)
	v.sum.Write(p[:n])
	v.size += int64(n)
	if err == io.EOF {
		v.end = v.verdict()
		return n, v.end
	}
	return n, err
}

// verdict is io.EOF, or ErrCorrupt.
func (v *verifyReader) verdict() error {
	if v.size != v.object.Size {
		return fmt.Errorf("%s: %w: %d bytes were read, %d were written", v.object.Key, ErrCorrupt, v.size, v.object.Size)
	}
	got := hex.EncodeToString(v.sum.Sum(nil))
	if v.object.SHA256 != "" && got != v.object.SHA256 {
		return fmt.Errorf("%s: %w: SHA-256 %s was read, %s was written", v.object.Key, ErrCorrupt, got, v.object.SHA256)
	}
	return io.EOF
}

func (v *verifyReader) Close() error { return v.body.Close() }
