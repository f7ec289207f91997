package main

import (
	"strings"
	"testing"

	"sambung/daemon/api/apitest"
	"sambung/queue"
)

func TestUsers(t *testing.T) {
	s := apitest.New(t, nil)
	typing := func(typed string, args ...string) result {
		t.Helper()
		around := surroundings{environ: []string{"SAMBUNG_API=" + s.URL, "SAMBUNG_TOKEN=" + apitest.TokenAdmin}, stdin: strings.NewReader(typed)}
		return in(t, around, append([]string{"user"}, args...)...)
	}
	sambung(t, s, apitest.TokenSupervisor, "user", "list").want(t, exitRefused, "not for the role supervisor")
	typing("", "add", "sari", "--role", "supervisor").want(t, exitUsage, "there is no password")
	typing("short\n", "add", "sari", "--role", "supervisor").want(t, exitRefused, "password: is shorter than 12 characters")
	typing(apitest.Password+"\r\nand more\n", "add", "sari", "--role", "supervisor", "--endpoint", "PJSIP/spv-1", "--switch", "asterisk-1", "--language", "en").
		want(t, exitDone, "sari", "supervisor", "PJSIP/spv-1")
	s.SignIn(t, "sari")
	typing("", "add", "sari", "--role", "qa", "--keep-password", "--disabled").want(t, exitDone, "qa", "disabled")
	typing("gajah naik sepeda", "password", "nobody").want(t, exitNotFound, `no user "nobody"`)
	typing("gajah naik sepeda", "password", "sari").want(t, exitDone, "sari")
	var list map[string][]queue.User
	typing("", "list", "--json").want(t, exitDone).json(t, &list)
	if users := list["users"]; len(users) != 1 || users[0].Role != queue.RoleQA || !users[0].Disabled {
		t.Errorf("users = %+v", users)
	}
	typing("", "remove", "sari").want(t, exitDone, "sari removed")
	typing("", "remove", "sari").want(t, exitNotFound)
	if r := typing("", "list", "--json"); r.stdout != "{\n  \"users\": []\n}\n" {
		t.Errorf("%s", r.stdout)
	}
}
