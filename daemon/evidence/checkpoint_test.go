package evidence_test

import (
	"os"
	"path/filepath"
	"testing"

	"sambung/daemon/evidence"
)

// A checkpoint is kept elsewhere than the archive: where its path is a link to that place,
// it is written there, and not in the place of the link.
func TestACheckpointStaysWhereALinkLeads(t *testing.T) {
	elsewhere, link := filepath.Join(t.TempDir(), "kept"), filepath.Join(t.TempDir(), "checkpoint")
	if err := (evidence.Checkpoint{}).Save(elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	const key, sum = "manifests/2026/11/23/A.json", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	if err := (evidence.Checkpoint{key: sum}).Save(link); err != nil {
		t.Fatal(err)
	}
	if kept, err := evidence.LoadCheckpoint(elsewhere); err != nil || kept[key] != sum {
		t.Errorf("where the link leads there is %v, %v", kept, err)
	}
	if err := os.Remove(elsewhere); err != nil { // the other disk is not mounted
		t.Fatal(err)
	}
	if err := (evidence.Checkpoint{key: sum}).Save(link); err == nil {
		t.Error("it was written though the link leads nowhere")
	}
}
