package api

import (
	"net/http"
	"regexp"

	"sambung/queue"
)

var (
	followUpPattern = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`) // ULID
	agentPattern    = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	endpointPattern = regexp.MustCompile(`^PJSIP/[A-Za-z0-9_-]{1,64}$`)
)

func followUpID(text string) (queue.ID, bool) {
	if !followUpPattern.MatchString(text) {
		return "", false
	}
	return queue.ID(text), true
}

// pathID is the follow-up that the path names.
func pathID(r *http.Request) (queue.ID, error) {
	id, ok := followUpID(r.PathValue("id"))
	if !ok {
		return "", failure(http.StatusNotFound, "not_found", "the path names no follow-up; an id has 26 characters, such as 01KBQ3V0G5QZ8M4T7Y2W9E6R1X")
	}
	return id, nil
}

// pathAgent is the agent that the path names.
func pathAgent(r *http.Request) (queue.AgentID, error) {
	id := r.PathValue("id")
	if !agentPattern.MatchString(id) {
		return "", invalid(Field{"id", "is not an agent's id", "use 1 to 32 characters of a-z, 0-9 and -"})
	}
	return queue.AgentID(id), nil
}
