package attempt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

var settings = Settings{Timeout: 300 * time.Millisecond, Run: "0123456789abcdef", Zone: "probe.example"}

func loopback(protocol string, port int) Spec {
	return Spec{Kind: "world", Family: "ipv4", Protocol: protocol, Target: "127.0.0.1", Port: uint16(port)}
}

// serveTCP answers every connection with what it got; the port is free again when the test ends.
func serveTCP(t *testing.T, reply bool) int {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			buffer := make([]byte, 512)
			n, _ := connection.Read(buffer)
			if reply {
				_, _ = connection.Write(buffer[:n])
			}
			_ = connection.Close()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func serveUDP(t *testing.T, reply bool) (port int, messages chan string) {
	t.Helper()
	packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = packets.Close() })
	messages = make(chan string, 16)
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := packets.ReadFrom(buffer)
			if err != nil {
				return
			}
			messages <- string(buffer[:n])
			if reply {
				_, _ = packets.WriteTo(buffer[:n], from)
			}
		}
	}()
	return packets.LocalAddr().(*net.UDPAddr).Port, messages
}

func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

func TestWhateverComesBackShowsThatTheWayIsOpen(t *testing.T) {
	echoing, _ := serveUDP(t, true)
	closed := closedPort(t)
	for name, one := range map[string]struct {
		spec Spec
		want Outcome
	}{
		"an answer over TCP":                {loopback("tcp", serveTCP(t, true)), Answered},
		"a connection alone":                {loopback("tcp", serveTCP(t, false)), Connected},
		"a reset, as from a closed port":    {loopback("tcp", closed), Refused},
		"an answer over UDP":                {loopback("udp", echoing), Answered},
		"an ICMP error from a closed port":  {loopback("udp", closed), Refused},
		"an address that no route leads to": {Spec{Kind: "world", Family: "ipv6", Protocol: "tcp", Target: "fe80::1", Port: 1}, Blocked},
		"a protocol that nobody knows":      {loopback("gre", 1), NotTried},
	} {
		got := Try(context.Background(), one.spec, settings)
		if got.Outcome != one.want || got.Detail == "" {
			t.Errorf("%s: %s (%s); want %s", name, got.Outcome, got.Detail, one.want)
		}
	}
}

func TestASilentDatagramIsSentThreeTimesAndProvesNothing(t *testing.T) {
	port, messages := serveUDP(t, false)
	got := Try(context.Background(), loopback("udp", port), settings)
	if got.Outcome != Sent || got.Outcome.GotThrough() || got.Milliseconds < 250 || got.Milliseconds > 1000 {
		t.Errorf("%+v", got)
	}
	for range datagrams {
		if message := <-messages; message != "egress-probe-0123456789abcdef" {
			t.Errorf("%q", message)
		}
	}
}

func TestARunThatIsOverTriesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := Try(ctx, loopback("tcp", serveTCP(t, true)), settings); got.Outcome != NotTried {
		t.Errorf("%+v", got)
	}
}

func TestErrorsOfTheNetworkAreNeitherOpenNorClosed(t *testing.T) {
	for number, want := range map[syscall.Errno]Outcome{
		syscall.ECONNREFUSED: Refused, syscall.ECONNRESET: Refused, syscall.EPERM: Blocked,
		syscall.EADDRNOTAVAIL: Blocked, syscall.EHOSTUNREACH: Failed, syscall.ENETUNREACH: Failed,
		syscall.EACCES: Failed, syscall.EIO: Failed,
	} {
		err := fmt.Errorf("around: %w", &net.OpError{Err: os.NewSyscallError("connect", number)})
		if got := judge(err); got.outcome != want {
			t.Errorf("%v: %s; want %s", number, got.outcome, want)
		}
	}
	if got := judge(errors.New("else")); got.outcome != Failed {
		t.Errorf("%+v", got)
	}
	unreachable := judge(syscall.EHOSTUNREACH)
	if got := withoutNeighbour(Spec{Kind: "link-local"}, unreachable); got.outcome != Blocked {
		t.Errorf("%+v", got)
	}
	if got := withoutNeighbour(Spec{Kind: "world"}, unreachable); got.outcome != Failed {
		t.Errorf("%+v", got)
	}
}

func TestEveryQuestionIsNewAndNamesTheRun(t *testing.T) {
	one, two := string(question(settings.Run, settings.Zone)), string(question(settings.Run, settings.Zone))
	if one[12:] == two[12:] {
		t.Error("two questions ask the same name, which a cache could answer")
	}
	end := "\x1degress-probe-0123456789abcdef\x05probe\x07example\x00\x00\x01\x00\x01"
	if !strings.HasSuffix(one, end) {
		t.Errorf("%q", one)
	}
	if got := describeAnswer([]byte(one)); got != "bytes that are no DNS answer" {
		t.Error(got)
	}
	if got := describeAnswer([]byte("\x00\x01\x84\x03\x00\x01\x00\x02\x00\x00\x00\x00")); got != "DNS code 3, 2 records" {
		t.Error(got)
	}
}

func TestPayloadsSpeakTheProtocolOfTheirPort(t *testing.T) {
	request := payload(loopback("udp", portNTP), settings)
	if len(request) != 48 || request[0] != 0x23 || string(request[40:]) != "\x01\x23\x45\x67\x89\xab\xcd\xef" {
		t.Errorf("% x", request)
	}
	if got := payload(loopback("udp", portDNS), settings); got[2] != 1 || got[5] != 1 {
		t.Errorf("% x", got)
	}
}
