package configs_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sambung/configs"
)

const testToken = "0123456789abcdef0123456789abcdef"

// base completes a file by what it must say, unless the file itself begins that section.
var base = map[string][]string{
	"s3": {"SAMBUNG_S3_ENDPOINT=127.0.0.1:9000", "SAMBUNG_S3_ACCESS_KEY=access", "SAMBUNG_S3_SECRET_KEY=secret"},
	"switches": {"SAMBUNG_SWITCHES_0_NAME=asterisk-1", "SAMBUNG_SWITCHES_0_URL=http://127.0.0.1:8088/ari", "SAMBUNG_SWITCHES_0_USER=u",
		"SAMBUNG_SWITCHES_0_PASSWORD=p", "SAMBUNG_SWITCHES_0_TRUNK=trunk"},
	"api": {"SAMBUNG_API_TOKENS_0_NAME=operator", "SAMBUNG_API_TOKENS_0_ROLE=admin", "SAMBUNG_API_TOKENS_0_TOKEN=" + testToken},
}

func environmentFor(content string) []string {
	environ := []string{"HOME=/", "PATH=/bin"}
	for section, variables := range base {
		if !regexp.MustCompile(`(?m)^(` + section + `:|# bare)`).MatchString(content) {
			environ = append(environ, variables...)
		}
	}
	return append(environ, header(content, "# env: ")...)
}

// header collects the words, or for wants the whole lines, after a marker.
func header(content, marker string) []string {
	var found []string
	for line := range strings.Lines(content) {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), marker)
		switch {
		case ok && marker == "# env: ":
			found = append(found, strings.Fields(rest)...)
		case ok:
			found = append(found, rest)
		}
	}
	return found
}

func TestBadFilesAreRefusedWithEveryProblem(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			config, err := configs.Load(file, environmentFor(string(data)))
			if config.Site.Name != "" {
				t.Error("a configuration came back")
			}
			var refused *configs.LoadError
			if !errors.As(err, &refused) {
				t.Fatalf("error = %v, want a *LoadError", err)
			}
			var got []string
			for _, p := range refused.Problems {
				got = append(got, strings.TrimPrefix(p.String(), "testdata/bad/"))
			}
			want := header(string(data), "# want: ")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the message shows a secret")
			}
		})
	}
}

func TestGoodFilesAreAccepted(t *testing.T) {
	secrets := []string{"SAMBUNG_S3_ACCESS_KEY=a", "SAMBUNG_S3_SECRET_KEY=b", "SAMBUNG_SWITCHES_0_PASSWORD=c", "SAMBUNG_API_TOKENS_0_TOKEN=" + testToken}
	files, _ := filepath.Glob("testdata/good/*.yaml")
	if len(files) < 3 {
		t.Fatalf("found %d files", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			environ := slices.Clone(secrets)
			if strings.Contains(file, "sentinel") {
				environ = append(environ, "SAMBUNG_SWITCHES_1_PASSWORD=d")
			}
			if _, err := configs.Load(file, environ); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProblemsComeInTheOrderOfTheFile(t *testing.T) {
	file := "site: {name: NO}\nlease: {ttl: 1ms}\nredis: {db: -1}\n"
	_, err := configs.Parse("x.yaml", []byte(file), environmentFor(file))
	var refused *configs.LoadError
	if !errors.As(err, &refused) || len(refused.Problems) != 3 {
		t.Fatalf("error = %v", err)
	}
	for i, p := range refused.Problems {
		if p.Line != i+1 {
			t.Errorf("problem %d is on line %d", i, p.Line)
		}
	}
}

func TestAFileThatIsNotThere(t *testing.T) {
	_, err := configs.Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v", err)
	}
}

func TestAFileThatIsTooLarge(t *testing.T) {
	_, err := configs.Parse("x.yaml", make([]byte, 1<<20), environmentFor(""))
	if err == nil || !strings.Contains(err.Error(), "larger than 262144 bytes") {
		t.Errorf("error = %v", err)
	}
}
