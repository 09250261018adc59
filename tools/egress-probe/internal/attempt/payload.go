package attempt

import "encoding/hex"

// Servers of these ports answer nothing but their own protocol.
const (
	portDNS = 53
	portNTP = 123
)

// mark stands in every payload, so that the other side can count what it got of which run.
func mark(run string) string {
	return "egress-probe-" + run
}

func payload(spec Spec, settings Settings) []byte {
	switch spec.Port {
	case portDNS:
		return question(settings.Run, settings.Zone)
	case portNTP:
		return timeRequest(settings.Run)
	}
	return []byte(mark(settings.Run))
}

// timeRequest is an NTP client request (RFC 5905: version 4, mode 3). Its transmit timestamp may be any
// 64 bits, so it carries the run.
func timeRequest(run string) []byte {
	request := make([]byte, 48)
	request[0] = 4<<3 | 3
	if digits, err := hex.DecodeString(run); err == nil {
		copy(request[40:], digits)
	}
	return request
}
