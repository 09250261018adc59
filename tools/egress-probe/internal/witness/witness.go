// Package witness is the other side: it answers on the ports of a plan and counts what it gets of which
// run. It is a target that control runs can rely on, and it sees what a probe cannot: messages whose answer
// got lost on the way back.
package witness

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"private-llm/tools/egress-probe/internal/record"
)

// Bounds: a witness stands where strangers may find it.
const (
	maxRuns        = 1000
	maxConnections = 256
	maxMessage     = 2048
	patience       = 2 * time.Second
)

// Names in DNS questions may come back in another case.
var markPattern = regexp.MustCompile(`(?i)egress-probe-([0-9a-f]{16})`)

// Counter counts messages by run.
type Counter struct {
	mutex sync.Mutex
	seen  map[string]*record.Sighting
	other int64
}

// NewCounter is a counter that has seen nothing.
func NewCounter() *Counter {
	return &Counter{seen: map[string]*record.Sighting{}}
}

// count says whether the message is of a run.
func (counter *Counter) count(protocol string, message []byte) bool {
	counter.mutex.Lock()
	defer counter.mutex.Unlock()
	run := runOf(message)
	if run == "" || (counter.seen[run] == nil && len(counter.seen) >= maxRuns) {
		counter.other++
		return false
	}
	if counter.seen[run] == nil {
		counter.seen[run] = &record.Sighting{Run: run}
	}
	if protocol == "tcp" {
		counter.seen[run].TCP++
	} else {
		counter.seen[run].UDP++
	}
	return true
}

func runOf(message []byte) string {
	if match := markPattern.FindSubmatch(message); match != nil {
		return strings.ToLower(string(match[1]))
	}
	// An NTP request (mode 3) carries the run in its transmit timestamp.
	if len(message) == 48 && message[0]&7 == 3 {
		return hex.EncodeToString(message[40:])
	}
	return ""
}

// Sightings are what was counted so far, in the order of the runs' names.
func (counter *Counter) Sightings() ([]record.Sighting, int64) {
	counter.mutex.Lock()
	defer counter.mutex.Unlock()
	seen := []record.Sighting{}
	for _, one := range counter.seen {
		seen = append(seen, *one)
	}
	slices.SortFunc(seen, func(a, b record.Sighting) int { return strings.Compare(a.Run, b.Run) })
	return seen, counter.other
}

// Serve answers on every port of every address, over TCP and UDP, until the context ends. It calls ready
// when all of them are open.
func Serve(ctx context.Context, addresses []netip.Addr, ports []uint16, counter *Counter, ready func()) error {
	var open []io.Closer
	defer func() {
		for _, one := range open {
			_ = one.Close()
		}
	}()
	places := make(chan struct{}, maxConnections)
	for _, address := range addresses {
		for _, port := range ports {
			where := netip.AddrPortFrom(address, port)
			listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(where))
			if err != nil {
				return fmt.Errorf("tcp %s: %w", where, err)
			}
			open = append(open, listener)
			packets, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(where))
			if err != nil {
				return fmt.Errorf("udp %s: %w", where, err)
			}
			open = append(open, packets)
			go accept(listener, port, counter, places)
			go echo(packets, port, counter)
		}
	}
	ready()
	<-ctx.Done()
	return nil
}

func accept(listener *net.TCPListener, port uint16, counter *Counter, places chan struct{}) {
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		select {
		case places <- struct{}{}:
			go func() {
				defer func() { <-places }()
				answer(connection, port, counter)
			}()
		default:
			_ = connection.Close()
		}
	}
}

func answer(connection net.Conn, port uint16, counter *Counter) {
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(patience))
	buffer := make([]byte, maxMessage)
	n, err := io.ReadAtLeast(connection, buffer, 1)
	if err != nil || !counter.count("tcp", buffer[:n]) {
		return
	}
	reply := []byte("seen\n")
	if port == 53 && n > 2 && int(binary.BigEndian.Uint16(buffer)) == n-2 {
		found := nothingFound(buffer[2:n])
		reply = append(binary.BigEndian.AppendUint16(nil, uint16(len(found))), found...)
	}
	_, _ = connection.Write(reply)
}

// echo answers marked messages alone, and with something that no witness answers again: two of them
// could otherwise be set to talk to each other for ever.
func echo(packets *net.UDPConn, port uint16, counter *Counter) {
	buffer := make([]byte, maxMessage)
	for {
		n, from, err := packets.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil || !counter.count("udp", buffer[:n]) {
			continue
		}
		reply := []byte("seen")
		if port == 53 {
			reply = nothingFound(buffer[:n])
		}
		if reply != nil {
			_, _ = packets.WriteToUDPAddrPort(reply, from)
		}
	}
}

// nothingFound turns a DNS question into an authoritative answer without records (RFC 1035, section
// 4.1.1). Anything else, such as an answer, gets none.
func nothingFound(message []byte) []byte {
	if len(message) < 12 || message[2]&0x80 != 0 {
		return nil
	}
	reply := slices.Clone(message)
	reply[2] |= 0x84
	return reply
}
