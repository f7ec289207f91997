package configs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sambung/configs"
)

func TestASecretIsNeverShown(t *testing.T) {
	file := "redis: {username: u}"
	config := parse(t, file, "SAMBUNG_REDIS_PASSWORD=hunter2", "SAMBUNG_S3_SECRET_KEY=hunter2", "SAMBUNG_SWITCHES_0_PASSWORD=hunter2")
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("x", "config", config, "address", &config, "secret", config.Redis.Password, "pointer", &config.Redis.Password, "redis", config.Redis)
	}
	asJSON, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(map[string]any{"s": config.Redis.Password, "p": &config.S3.SecretKey, "c": config})
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(asJSON) + string(asYAML)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown += fmt.Sprintf(verb+verb+verb, config.Redis.Password, config, &config)
	}
	shown += fmt.Sprint(errors.New("x"), config.Switches) + config.Redis.Password.String()
	for _, leak := range []string{"hunter2", fmt.Sprintf("%x", "hunter2")} {
		if strings.Contains(shown, leak) {
			t.Errorf("%q is shown in %s", leak, shown)
		}
	}
	if !strings.Contains(shown, "[secret]") {
		t.Error("nothing marks a secret")
	}
}

func TestSecretFiles(t *testing.T) {
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		want          string // part of the error; empty: read
	}{
		{"fine", "s3cret", 0o600, ""},
		{"line feed at the end", "s3cret\n", 0o640, ""},
		{"carriage return", "s3cret\r\n", 0o400, ""},
		{"readable by all", "s3cret", 0o644, "everybody on this machine can reach it"},
		{"writable by all", "s3cret", 0o602, "everybody on this machine can reach it"},
		{"empty", "\n", 0o600, "is empty"},
		{"two lines", "a\nb\n", 0o600, "more than one line"},
		{"too large", strings.Repeat("x", 5000), 0o600, "larger than 4096 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			secret := filepath.Join(dir, "password")
			if err := os.WriteFile(secret, []byte(c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(secret, c.mode); err != nil {
				t.Fatal(err)
			}
			file := "redis: {password_file: password}"
			config, err := configs.Parse(filepath.Join(dir, "c.yaml"), []byte(file), environmentFor(file))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want == "" && config.Redis.Password.Reveal() != "s3cret":
				t.Errorf("secret = %q", config.Redis.Password.Reveal())
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error = %v, want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), "s3cret"):
				t.Errorf("the message shows the secret: %v", err)
			}
		})
	}
}

func TestAPrivateKeyIsASecret(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"kept.pem": 0o640, "shown.pem": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
		file := "api: {cert_file: cert.pem, key_file: " + name + ", tokens: [{name: operator, role: admin}]}"
		environ := append(environmentFor(file), "SAMBUNG_API_TOKENS_0_TOKEN="+testToken)
		_, err := configs.Parse(filepath.Join(dir, "c.yaml"), []byte(file), environ)
		if refused := err != nil && strings.Contains(err.Error(), "api.key_file: everybody"); refused != (name == "shown.pem") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFolderIsNotASecret(t *testing.T) {
	file := "redis: {password_file: .}"
	_, err := configs.Parse(filepath.Join(t.TempDir(), "c.yaml"), []byte(file), environmentFor(file))
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error = %v", err)
	}
}

func TestTheEnvironmentsSecretGoesBeforeTheFile(t *testing.T) {
	got := parse(t, "redis: {password_file: /no/such/file}", "SAMBUNG_REDIS_PASSWORD=s")
	if got.Redis.Password.Reveal() != "s" {
		t.Error("the secret of the environment was not taken")
	}
}
