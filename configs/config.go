package configs

import "time"

// Config is everything an operator decides. Durations are written as in "90s",
// "5m" or "1h30m". [Load] fills what the file leaves out as [Default] does.
type Config struct {
	Site     Site     `yaml:"site"`
	Redis    Redis    `yaml:"redis"`
	S3       S3       `yaml:"s3"`
	Spool    Spool    `yaml:"spool"`
	Switches []Switch `yaml:"switches"`
	Calls    Calls    `yaml:"calls"`
	Policy   Policy   `yaml:"policy"`
	Calendar Calendar `yaml:"calendar"`
	API      API      `yaml:"api"`
	Drain    Drain    `yaml:"drain"`
	Lease    Lease    `yaml:"lease"`
	Log      Log      `yaml:"log"`
}

// Site names this installation and this daemon.
type Site struct {
	// Name is shared by all daemons that work on the same queue; the Redis keys
	// carry it. 1 to 32 characters of [a-z0-9-].
	Name string `yaml:"name"`
	// Node names this daemon among them, in the owners of switch leases and in
	// logs; no two share one. Empty: the host name.
	Node string `yaml:"node"`
}

// Spool is the folder in which recordings wait for the archive.
type Spool struct {
	Dir string `yaml:"dir"`
	// MaxBytes bounds it; no new call is begun above it.
	MaxBytes Bytes `yaml:"max_bytes"`
}

// Calendar is where the office hours come from. Exactly one of the two is set.
type Calendar struct {
	// Dir holds office.yaml and holidays-YYYY.yaml.
	Dir string `yaml:"dir"`
	// AlwaysOpen works round the clock. For demonstrations only: a taxpayer
	// would be rung at night.
	AlwaysOpen bool `yaml:"always_open"`
}

// Drain is how a daemon stops.
type Drain struct {
	// Limit is how long calls under way may go on after SIGTERM. What is still
	// alive then goes on at the switch and is taken over by the next owner.
	Limit time.Duration `yaml:"limit"`
}

// Lease is the ownership of a switch.
type Lease struct {
	// TTL is how long after its owner's death a switch waits for another one.
	TTL time.Duration `yaml:"ttl"`
}

// Log says what the daemon tells about itself, on standard error.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text, json
}

// Default returns what holds where neither file nor environment says otherwise.
// It is not valid by itself: a switch, the archive's address and its keys must be named.
func Default() Config {
	return Config{
		Site:  Site{Name: "sambung"},
		Redis: Redis{Addrs: []string{"127.0.0.1:6379"}},
		S3:    S3{Bucket: "sambung", Secure: true},
		Spool: Spool{Dir: "/var/lib/sambung/spool", MaxBytes: 10 << 30},
		Calls: Calls{
			AgentRing: 15 * time.Second, TaxpayerRing: 40 * time.Second, WrapUp: 3 * time.Minute,
			RingbackAfter: 5 * time.Second, MuteLimit: 2 * time.Minute, MaxDuration: 2 * time.Hour,
			TrunkHold: 15 * time.Second, TrunkHoldMax: 5 * time.Minute,
		},
		Policy: Policy{
			TimeLimit: time.Hour, MaxAttempts: 4, BusyRetry: 5 * time.Minute, MinGap: 2 * time.Minute,
			HandlingTime: 8 * time.Minute, LateGap: 30 * time.Minute, WarnBefore: 20 * time.Minute,
		},
		API:   API{Listen: "127.0.0.1:8717", Session: Session{Idle: time.Hour, Absolute: 12 * time.Hour}},
		Drain: Drain{Limit: 5 * time.Minute},
		Lease: Lease{TTL: 15 * time.Second},
		Log:   Log{Level: "info", Format: "text"},
	}
}

// defaultSwitch is what holds for an element of switches.
func defaultSwitch() Switch {
	return Switch{Application: "sambung", DialFormat: DialNational, MaxCalls: 30, Browser: Browser{ICEServers: []string{}}}
}
