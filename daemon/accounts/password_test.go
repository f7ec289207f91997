package accounts

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var cheap = Parameters{Time: 1, Memory: 64, Threads: 1}

func TestADigestIsOfItsPasswordAlone(t *testing.T) {
	h := newHasher(cheap, 1)
	first, err := h.make(t.Context(), "kuda nil berdansa")
	if err != nil {
		t.Fatal(err)
	}
	second, _ := h.make(t.Context(), "kuda nil berdansa")
	if first == second {
		t.Error("two digests of one password are the same: there is no salt")
	}
	for _, c := range []struct {
		password, stored string
		right            bool
	}{
		{"kuda nil berdansa", first, true}, {"kuda nil berdansa", second, true}, {"kuda nil berdansA", first, false}, {"", first, false},
		{"", "", false}, {"kuda nil berdansa", "", false},
	} {
		right, outdated, err := h.check(t.Context(), c.password, c.stored)
		if err != nil || right != c.right || outdated {
			t.Errorf("%q against %q: %v, outdated %v, %v", c.password, c.stored, right, outdated, err)
		}
	}
	better := newHasher(Parameters{Time: 2, Memory: 64, Threads: 1}, 1)
	if right, outdated, err := better.check(t.Context(), "kuda nil berdansa", first); !right || !outdated || err != nil {
		t.Errorf("of older parameters: %v, outdated %v, %v", right, outdated, err)
	}
	if right, outdated, _ := better.check(t.Context(), "another password", first); right || outdated {
		t.Errorf("wrong, of older parameters: %v, outdated %v", right, outdated)
	}
}

// A vector of the reference implementation's test suite (v=19): those of RFC 9106
// need a secret and data, which we have not.
func TestTheDigestIsArgon2id(t *testing.T) {
	const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	right, _, err := newHasher(Default(), 1).check(t.Context(), "password", known)
	if err != nil || !right {
		t.Errorf("%v, %v", right, err)
	}
}

func TestADigestOfSomebodyElseIsRefused(t *testing.T) {
	good, _ := newHasher(cheap, 1).make(t.Context(), "kuda nil berdansa")
	for _, bad := range []string{
		"kuda nil berdansa", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=4194304", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "t=1", "t=900", 1),
		strings.Replace(good, "m=64", "m=064", 1), strings.Replace(good, "p=1", "p=0", 1), good[:len(good)-1], good + "=", good + "$", "$" + good,
	} {
		if _, _, err := newHasher(cheap, 1).check(t.Context(), "kuda nil berdansa", bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// Who waits for a place gives up with the request, and takes none.
func TestPasswordsAreCheckedFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(cheap, 1)
		h.places <- struct{}{} // somebody is at it
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := h.make(ctx, "kuda nil berdansa"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 15*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if _, _, err := h.check(ctx, "kuda nil berdansa", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("for nobody no work is done, which tells that there is nobody: %v", err)
		}
		go func() {
			time.Sleep(time.Second)
			<-h.places
		}()
		began = time.Now()
		if _, err := h.make(t.Context(), "kuda nil berdansa"); err != nil || time.Since(began) != time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestWeakPasswords(t *testing.T) {
	for _, c := range []struct {
		password string
		weak     bool
	}{
		{"kuda nil berdansa", false}, {"サンブン電話受付係です毎日朝八時", false}, {"siti.aminah and a horse", false},
		{"elevenchars", true}, {"", true}, {"siti.aminah", true}, {"SITI.aminah1", true}, {"siti.aminahsiti.aminah", true},
		{"aaaaaaaaaaaaaaaa", true}, {"121212121212121", true}, {strings.Repeat("abcdefgh", 40), true},
	} {
		problem, remedy := Weakness("siti.aminah", c.password)
		if (problem != "") != c.weak || (remedy != "") != c.weak {
			t.Errorf("%q: %q, %q", c.password, problem, remedy)
		}
	}
}

func FuzzParseDigest(f *testing.F) {
	good, _ := newHasher(cheap, 1).make(f.Context(), "kuda nil berdansa")
	f.Add(good)
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=64,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := parseDigest(text); err == nil && (d.String() != text || d.Memory > 1<<20 || d.Time > 16) {
			t.Errorf("%q was read as %q", text, d)
		}
	})
}

// FuzzParseSecret: what a cookie holds is read in one way of writing it, or not at all.
func FuzzParseSecret(f *testing.F) {
	f.Add(string(newSecret()))
	f.Add("")
	f.Add(strings.Repeat("A", secretLength))
	f.Add(strings.Repeat("/", secretLength))
	f.Add(strings.Repeat("A", secretLength-1) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		secret, ok := ParseSecret(text)
		if !ok {
			return
		}
		bits, err := encoding.DecodeString(text)
		if err != nil || len(bits) != secretBytes || encoding.EncodeToString(bits) != text || string(secret) != text {
			t.Errorf("%q was read as %q: %d bytes, %v", text, secret, len(bits), err)
		}
	})
}
