package attempt

import (
	"net"
	"net/netip"
	"os"
	"syscall"
)

// ICMP echo requests. Types: RFC 792 and RFC 4443.
const (
	echoRequest4 = 8
	echoRequest6 = 128
)

// tryEcho pings by the kernel's own ping sockets, which need no capability, only a group that the
// sysctl net.ipv4.ping_group_range names.
func tryEcho(spec Spec, target netip.Addr, settings Settings) result {
	connection, err := pingSocket(spec, target)
	if err != nil {
		return result{NotTried, "no ping socket (" + reason(err) + "); the sysctl net.ipv4.ping_group_range must name the group of this process"}
	}
	defer func() { _ = connection.Close() }()
	return ask(connection, settings.Timeout, func() []byte { return echoRequest(spec.Family, settings.Run) }, func([]byte) result {
		return result{Answered, "an echo came back"}
	})
}

func pingSocket(spec Spec, target netip.Addr) (net.Conn, error) {
	family, protocol := syscall.AF_INET, syscall.IPPROTO_ICMP
	if target.Is6() {
		family, protocol = syscall.AF_INET6, syscall.IPPROTO_ICMPV6
	}
	handle, err := syscall.Socket(family, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, protocol)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(handle), "ping")
	defer func() { _ = file.Close() }()
	if spec.Interface != "" {
		if err := syscall.BindToDevice(handle, spec.Interface); err != nil {
			return nil, err
		}
	}
	if err := syscall.Connect(handle, sockaddr(target, 0)); err != nil {
		return nil, err
	}
	// The connection holds a copy of the handle.
	return net.FileConn(file)
}

// echoRequest has no checksum and no identifier: the kernel fills in both.
func echoRequest(family, run string) []byte {
	kind := byte(echoRequest4)
	if family == "ipv6" {
		kind = echoRequest6
	}
	return append([]byte{kind, 0, 0, 0, 0, 0, 0, 1}, mark(run)...)
}

func sockaddr(address netip.Addr, port uint16) syscall.Sockaddr {
	if address.Is4() {
		return &syscall.SockaddrInet4{Addr: address.As4(), Port: int(port)}
	}
	zone := uint32(0)
	if device, err := net.InterfaceByName(address.Zone()); err == nil {
		zone = uint32(device.Index)
	}
	return &syscall.SockaddrInet6{Addr: address.As16(), Port: int(port), ZoneId: zone}
}
