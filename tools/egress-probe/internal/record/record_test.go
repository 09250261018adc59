package record

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
)

func newKey(t *testing.T) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	folder := t.TempDir()
	private, public, err := NewKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"private": private, "public": public}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err := ReadPrivateKey(filepath.Join(folder, "private"))
	if err != nil {
		t.Fatal(err)
	}
	publicKey, err := ReadPublicKey(filepath.Join(folder, "public"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPrivateKey(filepath.Join(folder, "public")); err == nil {
		t.Error("a public key was taken for a private one")
	}
	return key, publicKey
}

func TestAnyChangeBreaksTheSignature(t *testing.T) {
	key, public := newKey(t)
	_, stranger := newKey(t)
	text, err := Sign(Record{Mode: Probe, Run: "r1", Verdict: Verdict{Result: Green}}, key)
	if err != nil {
		t.Fatal(err)
	}
	keys := []ed25519.PublicKey{stranger, public}
	var one Record
	if err := Open(text, keys, &one); err != nil || one.Run != "r1" {
		t.Fatalf("%+v, %v", one, err)
	}
	spaced := strings.ReplaceAll(string(text), ",", " ,\n")
	if err := Open([]byte(spaced), keys, &one); err != nil {
		t.Errorf("white space is no change: %v", err)
	}
	for name, changed := range map[string]string{
		"another verdict":   strings.Replace(string(text), `"green"`, `"red"`, 1),
		"another run":       strings.Replace(string(text), `"r1"`, `"r2"`, 1),
		"another algorithm": strings.Replace(string(text), `"ed25519"`, `"none"`, 1),
		"a field more":      strings.Replace(string(text), `"mode"`, `"more":1,"mode"`, 1),
		"a key twice":       strings.Replace(string(text), `"run":"r1"`, `"run":"r1","run":"r2"`, 1),
		"no signature":      `{"record":{},"signature":{}}`,
		"half of it":        string(text[:len(text)/2]),
	} {
		if changed == string(text) {
			t.Fatalf("%s changed nothing", name)
		}
		if Open([]byte(changed), keys, &one) == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if Open(text, keys[:1], &one) == nil {
		t.Error("a stranger's key opened it")
	}
}

func tried(kind, protocol string, port uint16, outcome attempt.Outcome) attempt.Attempt {
	return attempt.Attempt{
		Spec:    attempt.Spec{Kind: kind, Family: "ipv4", Protocol: protocol, Target: "198.51.100.10", Port: port},
		Outcome: outcome, Detail: "so",
	}
}

var aPlan = plan.WithHash{Plan: plan.Plan{
	Accepted: []plan.Accepted{{Kind: "node", Protocol: "tcp", Port: 10250, Reason: "kubelet"}},
	Required: []plan.Required{{Kind: "world", Family: "ipv4", Protocol: "tcp"}},
}}

func TestTheVerdictOfAProbe(t *testing.T) {
	blocked := tried("world", "tcp", 443, attempt.Blocked)
	for name, one := range map[string]struct {
		attempts []attempt.Attempt
		want     string
	}{
		"nothing came back":                  {[]attempt.Attempt{blocked, tried("world", "udp", 53, attempt.Sent)}, Green},
		"a connection":                       {[]attempt.Attempt{blocked, tried("world", "tcp", 80, attempt.Connected)}, Red},
		"a refusal":                          {[]attempt.Attempt{blocked, tried("world", "tcp", 80, attempt.Refused)}, Red},
		"an answer":                          {[]attempt.Attempt{blocked, tried("dns", "udp", 53, attempt.Answered)}, Red},
		"what the plan accepts":              {[]attempt.Attempt{blocked, tried("node", "tcp", 10250, attempt.Connected)}, Green},
		"another port of the node":           {[]attempt.Attempt{blocked, tried("node", "tcp", 9100, attempt.Refused)}, Red},
		"the accepted port elsewhere":        {[]attempt.Attempt{blocked, tried("world", "tcp", 10250, attempt.Connected)}, Red},
		"a router's no":                      {[]attempt.Attempt{blocked, tried("world", "tcp", 80, attempt.Failed)}, Undecided},
		"a router's no beside a leak":        {[]attempt.Attempt{tried("world", "tcp", 80, attempt.Failed), tried("world", "tcp", 81, attempt.Refused)}, Red},
		"nothing that could be tried at all": {[]attempt.Attempt{tried("world", "sctp", 80, attempt.NotTried)}, Undecided},
		"an empty list":                      {nil, Undecided},
	} {
		if got := Judge(Probe, aPlan, one.attempts, nil); got.Result != one.want {
			t.Errorf("%s: %s; want %s", name, got.Result, one.want)
		}
	}
}

func TestWhatWasNotTriedIsSaid(t *testing.T) {
	attempts := []attempt.Attempt{
		tried("world", "tcp", 443, attempt.Blocked),
		tried("world", "sctp", 443, attempt.NotTried), tried("world", "sctp", 53, attempt.NotTried),
	}
	want := []string{
		"ipv4 sctp: 2 not tried: so",
		"interface net1: network policies do not cover it; only the targets of the plan were tried through it",
	}
	if got := Judge(Probe, aPlan, attempts, []string{"net1"}); !slices.Equal(got.Gaps, want) {
		t.Errorf("%q", got.Gaps)
	}
}

func TestAControlMustGetThroughWhereThePlanDemandsIt(t *testing.T) {
	for outcome, want := range map[attempt.Outcome]string{
		attempt.Connected: Passed, attempt.Answered: Passed, attempt.Refused: Failed, attempt.Blocked: Failed, attempt.NotTried: Failed,
	} {
		attempts := []attempt.Attempt{tried("world", "tcp", 443, outcome), tried("world", "udp", 53, attempt.Answered)}
		if got := Judge(Control, aPlan, attempts, nil); got.Result != want {
			t.Errorf("%s: %s; want %s", outcome, got.Result, want)
		}
	}
}
