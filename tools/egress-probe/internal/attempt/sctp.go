package attempt

import (
	"errors"
	"net/netip"
	"syscall"
)

const protocolSCTP = 132

// trySCTP asks for an association. Many nodes have no SCTP at all; then there is nothing to try.
func trySCTP(target netip.Addr, port uint16, settings Settings) result {
	family := syscall.AF_INET
	if target.Is6() {
		family = syscall.AF_INET6
	}
	handle, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, protocolSCTP)
	if err != nil {
		return result{NotTried, "the kernel of this node gives no SCTP socket (" + reason(err) + ")"}
	}
	defer func() { _ = syscall.Close(handle) }()
	// A blocking connect gives up after the time-out for sending.
	limit := syscall.NsecToTimeval(settings.Timeout.Nanoseconds())
	if err := syscall.SetsockoptTimeval(handle, syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &limit); err != nil {
		return result{NotTried, "no time-out could be set (" + reason(err) + ")"}
	}
	err = syscall.Connect(handle, sockaddr(target, port))
	switch {
	case err == nil:
		return result{Connected, "associated"}
	case errors.Is(err, syscall.EINPROGRESS), errors.Is(err, syscall.EAGAIN), timedOut(err):
		return result{Blocked, "no answer in time"}
	}
	return judge(err)
}
