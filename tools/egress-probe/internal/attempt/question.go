package attempt

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strings"
)

// A DNS message (RFC 1035) with one question of type A. Its first label is new every time, so that no
// cache can answer: whoever answers has asked the name servers of the zone, or has made the answer up.
func question(run, zone string) []byte {
	if zone == "" {
		zone = "invalid" // RFC 6761: exists nowhere, and whoever says so has answered.
	}
	message := make([]byte, 12, 64)
	// crypto/rand never fails on Linux since Go 1.24.
	_, _ = rand.Read(message[:2])
	message[2] = 1 // recursion desired
	binary.BigEndian.PutUint16(message[4:], 1)
	name := strings.ToLower(rand.Text()[:8]) + "." + mark(run) + "." + zone
	for label := range strings.SplitSeq(name, ".") {
		message = append(message, byte(len(label)))
		message = append(message, label...)
	}
	return append(message, 0, 0, 1, 0, 1) // root, type A, class IN
}

// prefixed is a message as DNS over TCP carries it.
func prefixed(message []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
}

func describeAnswer(message []byte) string {
	if len(message) < 12 || message[2]&0x80 == 0 {
		return "bytes that are no DNS answer"
	}
	return fmt.Sprintf("DNS code %d, %d records", message[3]&0x0f, binary.BigEndian.Uint16(message[6:]))
}
