package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sambung/configs"
	"sambung/daemon/api"
)

// telephones are those in browsers, by the configuration.
type telephones []configs.Switch

// endpointName is what names a file in secrets_dir, and nothing else.
var endpointName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Telephone implements api.Telephones. The secret is read anew each time: one that is
// replaced, added or taken away needs no restart.
func (list telephones) Telephone(switchName, endpoint string) (api.Telephone, bool, error) {
	i := slices.IndexFunc(list, func(s configs.Switch) bool { return s.Name == switchName })
	user, ok := strings.CutPrefix(endpoint, "PJSIP/")
	if i < 0 || !ok || !endpointName.MatchString(user) || list[i].Browser.URL == "" {
		return api.Telephone{}, false, nil
	}
	b := list[i].Browser
	secret, err := configs.ReadSecret(filepath.Join(b.SecretsDir, user))
	if errors.Is(err, fs.ErrNotExist) {
		return api.Telephone{}, false, nil
	}
	if err != nil {
		return api.Telephone{}, false, fmt.Errorf("the SIP password of endpoint %s: %w", user, err)
	}
	t := api.Telephone{URL: b.URL, URI: "sip:" + user + "@" + b.Domain, User: user, Password: secret.Reveal(), ICEServers: []api.ICEServer{}}
	for _, server := range b.ICEServers {
		t.ICEServers = append(t.ICEServers, api.ICEServer{URLs: []string{server}})
	}
	return t, true, nil
}

// addresses are where browsers connect to, beside the daemon itself.
func (list telephones) addresses() (all []string) {
	for _, s := range list {
		if s.Browser.URL != "" {
			all = append(all, s.Browser.URL)
		}
	}
	return all
}
