package realservers

import (
	"bytes"
	"io"
	"os"
)

const tailBytes = 4 << 10

// tail returns the end of a log file, whole lines, for an error message.
func tail(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	defer f.Close()
	cut := false
	if info, err := f.Stat(); err == nil && info.Size() > tailBytes {
		_, err = f.Seek(-tailBytes, io.SeekEnd)
		cut = err == nil
	}
	end, err := io.ReadAll(io.LimitReader(f, tailBytes))
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	if cut {
		_, end, _ = bytes.Cut(end, []byte("\n"))
	}
	return string(end)
}
