package configs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sambung/configs"
)

// Whatever the file says, Parse returns either a configuration that holds what the
// daemon relies on, or problems that each say what would be right.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", "*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data), "SAMBUNG_REDIS_DB=1")
		}
	}
	f.Add("a: [1, 2", "SAMBUNG_SWITCHES_0_NAME=x")
	f.Add("? [a]\n: b", "SAMBUNG_API_TOKENS_999_NAME=")
	f.Add("- &a [*a]", "SAMBUNG_")
	f.Fuzz(func(t *testing.T, file, variable string) {
		config, err := configs.Parse("fuzz.yaml", []byte(file), append(environmentFor(file), variable))
		if err == nil {
			if len(config.Switches) == 0 || len(config.API.Tokens) == 0 || config.Lease.TTL < time.Second || config.Policy.MinGap <= 0 ||
				(config.Calendar.Dir == "") != config.Calendar.AlwaysOpen {
				t.Errorf("accepted %+v", config)
			}
			return
		}
		var refused *configs.LoadError
		if !errors.As(err, &refused) || len(refused.Problems) == 0 {
			t.Fatalf("error = %v", err)
		}
		for _, p := range refused.Problems {
			if p.What == "" || p.Remedy == "" || p.Source == "" || strings.Contains(p.What, testToken) {
				t.Errorf("problem %+v", p)
			}
		}
	})
}
