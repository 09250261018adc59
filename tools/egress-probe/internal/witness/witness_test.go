package witness

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
)

const run = "0123456789abcdef"

// freePort is open on neither protocol a moment ago.
func freePort(t *testing.T) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return uint16(listener.Addr().(*net.TCPAddr).Port)
}

func TestCountsWhatEachRunSentAndAnswersIt(t *testing.T) {
	port := freePort(t)
	counter := NewCounter()
	ctx, cancel := context.WithCancel(context.Background())
	opened, done := make(chan struct{}), make(chan error)
	go func() {
		done <- Serve(ctx, []netip.Addr{netip.MustParseAddr("127.0.0.1")}, []uint16{port}, counter, func() { close(opened) })
	}()
	<-opened
	settings := attempt.Settings{Timeout: time.Second, Run: run}
	for _, protocol := range []string{"tcp", "udp", "udp"} {
		spec := attempt.Spec{Kind: "world", Family: "ipv4", Protocol: protocol, Target: "127.0.0.1", Port: port}
		if got := attempt.Try(ctx, spec, settings); got.Outcome != attempt.Answered {
			t.Errorf("%s: %+v", protocol, got)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	seen, other := counter.Sightings()
	if len(seen) != 1 || seen[0].Run != run || seen[0].TCP != 1 || seen[0].UDP != 2 || other != 0 {
		t.Errorf("%+v, %d", seen, other)
	}
}

func TestFindsTheRunInEveryPayload(t *testing.T) {
	request := append(make([]byte, 40), 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef)
	request[0] = 0x23
	for message, want := range map[string]string{
		"egress-probe-" + run:                        run,
		"..\x1dEGRESS-probe-" + strings.ToUpper(run): run,
		string(request):                              run,
		string(make([]byte, 48)):                     "",
		"GET / HTTP/1.1":                             "",
		"egress-probe-0123":                          "",
	} {
		if got := runOf([]byte(message)); got != want {
			t.Errorf("%q: %q", message, got)
		}
	}
}

func TestStrangersFillNothingUpAndStartNoConversation(t *testing.T) {
	counter := NewCounter()
	for range 3 {
		if counter.count("udp", []byte("hello")) {
			t.Error("a stranger was taken for a run")
		}
	}
	for index := range maxRuns + 5 {
		name := fmt.Sprintf("%016x", index)
		counter.count("tcp", []byte("egress-probe-"+name))
	}
	if seen, other := counter.Sightings(); len(seen) != maxRuns || other != 8 {
		t.Errorf("%d runs, %d others", len(seen), other)
	}
	if nothingFound([]byte("\x00\x01\x81\x00\x00\x01\x00\x00\x00\x00\x00\x00")) != nil {
		t.Error("an answer was answered")
	}
	if runOf([]byte("seen")) != "" {
		t.Error("an answer of a witness looks like a message of a run")
	}
}
