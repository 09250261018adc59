package attempt

import (
	"context"
	"net"
	"time"
)

// Datagrams get lost, so each is sent this often before silence counts.
const datagrams = 3

func tryUDP(ctx context.Context, spec Spec, settings Settings) result {
	dialer := net.Dialer{Timeout: settings.Timeout, Control: prepare(spec.Interface)}
	connection, err := dialer.DialContext(ctx, network("udp", spec.Family), endpoint(spec.Target, spec.Port))
	if err != nil {
		return judge(err)
	}
	defer func() { _ = connection.Close() }()
	return ask(connection, settings.Timeout, func() []byte { return payload(spec, settings) }, func(answer []byte) result {
		if spec.Port == 53 {
			return result{Answered, "a name server answered: " + describeAnswer(answer)}
		}
		return result{Answered, "a datagram came back"}
	})
}

// ask sends a message up to three times and waits for the first thing that comes back.
func ask(connection net.Conn, timeout time.Duration, message func() []byte, accept func([]byte) result) result {
	sent := 0
	buffer := make([]byte, 2048)
	for range datagrams {
		_, err := connection.Write(message())
		if err != nil {
			if outcome := judge(err); outcome.outcome != Blocked || sent == 0 {
				return outcome
			}
			continue
		}
		sent++
		_ = connection.SetReadDeadline(time.Now().Add(timeout / datagrams))
		n, err := connection.Read(buffer)
		if err == nil {
			return accept(buffer[:n])
		}
		if !timedOut(err) {
			return judge(err)
		}
	}
	return result{Sent, "sent; nothing came back"}
}
