package demo

import (
	"path/filepath"
	"time"

	"sambung/configs"
)

const (
	switchName = "simulated"
	trunkName  = "carrier"
	agents     = 10
	callerID   = "1500200"
)

// policy has seconds in place of minutes: what is spread over an hour comes
// within the first seconds of it.
func policy() configs.Policy {
	return configs.Policy{
		TimeLimit: time.Hour, MaxAttempts: 3, BusyRetry: 4 * time.Second, MinGap: 3 * time.Second,
		HandlingTime: time.Hour - 12*time.Second, LateGap: 3 * time.Second, WarnBefore: 20 * time.Minute,
	}
}

// office is the configuration of the daemon, but for the servers' addresses.
func office(dir, token string) configs.Config {
	c := configs.Default()
	c.Site = configs.Site{Name: "demo", Node: "demo"}
	c.Spool = configs.Spool{Dir: filepath.Join(dir, "spool"), MaxBytes: 1 << 30}
	c.Calls = configs.Calls{
		AgentRing: 4 * time.Second, TaxpayerRing: 6 * time.Second, WrapUp: 20 * time.Second,
		RingbackAfter: time.Second, MuteLimit: 30 * time.Second, MaxDuration: 10 * time.Minute,
		TrunkHold: time.Second, TrunkHoldMax: 4 * time.Second,
	}
	c.Policy = policy()
	c.Calendar = configs.Calendar{AlwaysOpen: true}
	c.API.Tokens = []configs.Token{{Name: "demo", Role: configs.RoleAdmin, Token: configs.NewSecret(token)}}
	c.Drain.Limit = 2 * time.Second // whoever ends it does not want to wait
	c.Lease.TTL = 5 * time.Second
	return c
}
