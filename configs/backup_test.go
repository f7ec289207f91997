package configs_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// redisCLI answers like redis-cli, which tells of a refusal by its answer alone, and writes
// down what is set. It refuses what $REFUSED says, and in the middle of a backup ends
// whoever asks by the signal in $END.
const redisCLI = `#!/bin/sh
case "$*" in
*$REFUSED*) echo 'NOAUTH Authentication required.' ;;
*"GET dir"*) printf 'dir\n%s\n' "$DATA" ;;
*"GET appenddirname"*) printf 'appenddirname\nappendonlydir\n' ;;
*"GET auto-aof"*) printf 'auto-aof-rewrite-percentage\n100\n' ;;
*SET*) echo "$*" >>"$DATA/set" && echo OK ;;
*INFO*) test -z "$END" || kill "-$END" "$PPID" ;;
esac
`

// backup runs a backup against that server, and returns its folder.
func backup(t *testing.T, environ ...string) (dir string, out []byte, err error) {
	t.Helper()
	dir = t.TempDir()
	out, err = backupTo(t, dir, "copies/17", environ...)
	return dir, out, err
}

// backupTo runs one in a folder, to a path in it.
func backupTo(t *testing.T, dir, to string, environ ...string) (out []byte, err error) {
	t.Helper()
	for name, content := range map[string]string{"redis-cli": redisCLI, "cp": "#!/bin/sh\nmkdir \"$3\" && echo \"$*\" >>\"$DATA/copied\"\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "appendonlydir"), 0o700); err != nil {
		t.Fatal(err)
	}
	// Under nohup a child would ignore HUP, and a shell cannot trap what it was born to ignore.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(caught)
	run := exec.CommandContext(t.Context(), "backup/backup-redis", dir+"/"+to)
	run.Env = append(os.Environ(), append(environ, "PATH="+dir+":"+os.Getenv("PATH"), "DATA="+dir)...)
	return run.CombinedOutput()
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// A backup that is cut off leaves the server as it was: without rewrites its
// append-only file would grow until the disk is full.
func TestABackupLeavesTheServerAsItWas(t *testing.T) {
	for _, signal := range []string{"", "TERM", "INT", "HUP"} {
		dir, out, err := backup(t, "REFUSED=nothing", "END="+signal)
		if (err == nil) != (signal == "") {
			t.Errorf("signal %q: %v: %s", signal, err, out)
		}
		set := strings.Split(read(t, filepath.Join(dir, "set")), "\n")
		if len(set) != 2 || !strings.HasSuffix(set[0], " 0") || !strings.HasSuffix(set[1], " 100") {
			t.Errorf("signal %q: the server was told %q", signal, set)
		}
		want := ""
		if signal == "" {
			want = "-a " + dir + "/appendonlydir " + dir + "/copies/17.part"
		}
		if copied := read(t, filepath.Join(dir, "copied")); copied != want {
			t.Errorf("signal %q: copied %q, want %q", signal, copied, want)
		}
	}
}

// A server that refuses is not one whose files lie in /.
func TestABackupOfAServerThatRefuses(t *testing.T) {
	for _, refused := range []string{"CONFIG", "SET"} {
		dir, out, err := backup(t, "REFUSED="+refused, "END=")
		if copied := read(t, filepath.Join(dir, "copied")); err == nil || copied != "" || !strings.Contains(string(out), "backup-redis: ") {
			t.Errorf("%s is refused: %v: %s, copied %q", refused, err, out, copied)
		}
	}
}

// What is put in the place of an earlier copy removes that and nothing else: whoever names
// the folder of all copies loses none of them.
func TestABackupRemovesNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		to, there string // below copies; the file that is there already
		replaced  bool
	}{
		"the folder of all copies":      {"", "16/appendonly.aof.manifest", false},
		"the same, with a slash":        {"/", "16/appendonly.aof.manifest", false},
		"another's folder":              {"/17", "17/another", false},
		"an earlier copy":               {"/17", "17/appendonly.aof.manifest", true},
		"an earlier copy, with a slash": {"/17/", "17/appendonly.aof.manifest", true},
		"a new one beside another":      {"/17", "16/another", true},
	} {
		dir := t.TempDir()
		there := filepath.Join(dir, "copies", c.there)
		if err := os.MkdirAll(filepath.Dir(there), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(there, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := backupTo(t, dir, "copies"+c.to, "REFUSED=nothing", "END=")
		if (err == nil) != c.replaced {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		_, err = os.Stat(there)
		if gone := c.replaced && strings.HasPrefix(c.there, "17"); os.IsNotExist(err) != gone {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "copies", "*.part")); len(left) != 0 {
			t.Errorf("%s: left behind: %s", name, left)
		}
	}
}
