package api_test

import (
	"testing"

	"sambung/daemon/api/apitest"
)

func TestHoldsAreRefusedByField(t *testing.T) {
	s, id := sealedSite(t)
	path := "/v1/follow-ups/" + string(id) + "/hold"
	call(t, s, apitest.TokenQA, "POST", path, `{"reason":"surat"}`).refused(t, 400, "invalid", "on")
	call(t, s, apitest.TokenQA, "POST", path, `{"on":true,"reason":" "}`).refused(t, 400, "invalid", "reason")
	// The site's dossier is sealed in the ledger alone; package custody holds real ones.
	call(t, s, apitest.TokenQA, "POST", path, `{"on":true,"reason":"surat S-17"}`).refused(t, 409, "broken")
	open := s.Submit(t, "B", "")
	call(t, s, apitest.TokenQA, "POST", "/v1/follow-ups/"+string(open)+"/hold", `{"on":true,"reason":"x"}`).refused(t, 409, "not_sealed")
}
