package queue

import "time"

// Role says what somebody may do (SOP clause D).
type Role string

// The roles.
const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleQA         Role = "qa"
	RoleAdmin      Role = "admin"
)

// User is a person who signs in to the pages.
type User struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	// Agent is the agent that a user of RoleAgent is.
	Agent AgentID `json:"agent,omitempty"`
	// Endpoint, such as "PJSIP/spv-1", is the user's own telephone at Switch: with it
	// a supervisor listens. An agent's is in the agent's record.
	Endpoint string `json:"endpoint,omitempty"`
	Switch   string `json:"switch,omitempty"`
	Language string `json:"language,omitempty"` // of the pages: "id", "en"; empty: not chosen
	// Disabled keeps the record, and lets nobody in under it.
	Disabled bool `json:"disabled,omitempty"`
	// Password is a digest of it, in a form that only its checker knows. It never
	// leaves the daemon.
	Password string `json:"-"`
	// Changed is when the record last changed.
	Changed time.Time `json:"changed"`
}

// SessionID is the digest of what a browser presents; that itself is kept nowhere.
type SessionID string

// Session is one browser in which a user signed in.
type Session struct {
	ID     SessionID
	User   string
	Opened time.Time
	// Seen is when it was last used, to within the time that Accounts.Session is told.
	Seen time.Time
	// Until is when it ends, used or not.
	Until time.Time
}
