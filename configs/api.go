package configs

import "time"

// The roles a token can have (SOP clause D).
const (
	RoleAgent      = "agent"
	RoleSupervisor = "supervisor"
	RoleQA         = "qa"
	RoleAdmin      = "admin"
)

// API is the HTTP interface.
type API struct {
	Listen string `yaml:"listen"` // host:port
	// CertFile and KeyFile, both PEM, turn TLS on.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
	// Plaintext allows an address other machines can reach without TLS. Only for
	// a proxy in front that does TLS: tokens and personal data pass in the clear.
	//
	// Then cookies go by TLS alone, and the last address of X-Forwarded-For, which the
	// proxy adds, counts as the caller's.
	Plaintext bool `yaml:"plaintext"`
	// Session is how long people stay signed in to the pages.
	Session Session `yaml:"session"`
	Tokens  []Token `yaml:"tokens"`
}

// Session bounds the sessions of the pages.
type Session struct {
	Idle     time.Duration `yaml:"idle"`     // unused
	Absolute time.Duration `yaml:"absolute"` // used or not
}

// Token lets one program or person in.
type Token struct {
	// Name appears in the activity history, never the token itself. It must not be
	// a person's name. 1 to 32 characters of [a-z0-9-].
	Name string `yaml:"name"`
	Role string `yaml:"role"` // RoleAgent, RoleSupervisor, RoleQA, RoleAdmin
	// Agent is the agent a token of RoleAgent acts as.
	Agent string `yaml:"agent"`
	// File holds the token, at least 32 characters; or SAMBUNG_API_TOKENS_<n>_TOKEN.
	File  string `yaml:"token_file"`
	Token Secret `yaml:"-" file:"token_file"`
}
