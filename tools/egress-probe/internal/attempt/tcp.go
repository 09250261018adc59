package attempt

import (
	"context"
	"io"
	"net"
	"time"
)

func tryTCP(ctx context.Context, spec Spec, settings Settings) result {
	dialer := net.Dialer{Timeout: settings.Timeout, Control: prepare(spec.Interface)}
	dialer.SetMultipathTCP(false)
	connection, err := dialer.DialContext(ctx, network("tcp", spec.Family), endpoint(spec.Target, spec.Port))
	if err != nil {
		if timedOut(err) {
			return result{Blocked, "no answer in time"}
		}
		return judge(err)
	}
	defer func() { _ = connection.Close() }()
	return talk(connection, spec, settings)
}

// talk leaves the mark of the run at the other side. The connection alone says that the way is open; an
// answer says more, and a name server is asked properly.
func talk(connection net.Conn, spec Spec, settings Settings) result {
	_ = connection.SetDeadline(time.Now().Add(settings.Timeout))
	message := []byte(mark(settings.Run) + "\n")
	if spec.Kind == "dns" {
		message = prefixed(question(settings.Run, settings.Zone))
	}
	if _, err := connection.Write(message); err != nil {
		return result{Connected, "connected; nothing could be written"}
	}
	answer := make([]byte, 512)
	n, err := io.ReadAtLeast(connection, answer, 1)
	if err != nil {
		return result{Connected, "connected; no further answer"}
	}
	if spec.Kind == "dns" && n > 2 {
		return result{Answered, "a name server answered: " + describeAnswer(answer[2:n])}
	}
	return result{Answered, "connected and answered"}
}
