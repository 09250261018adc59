package attempt

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
)

func endpoint(target string, port uint16) string {
	return net.JoinHostPort(target, strconv.Itoa(int(port)))
}

func network(protocol, family string) string {
	if family == "ipv4" {
		return protocol + "4"
	}
	return protocol + "6"
}

// prepare binds a socket to an interface and makes the kernel report every ICMP error that comes back;
// without that it keeps some from datagram sockets.
func prepare(name string) func(string, string, syscall.RawConn) error {
	return func(network, _ string, raw syscall.RawConn) error {
		var fault error
		err := raw.Control(func(handle uintptr) {
			if name != "" {
				fault = syscall.BindToDevice(int(handle), name)
			}
			switch network {
			case "udp4":
				fault = errors.Join(fault, syscall.SetsockoptInt(int(handle), syscall.IPPROTO_IP, syscall.IP_RECVERR, 1))
			case "udp6":
				fault = errors.Join(fault, syscall.SetsockoptInt(int(handle), syscall.IPPROTO_IPV6, syscall.IPV6_RECVERR, 1))
			}
		})
		return errors.Join(err, fault)
	}
}

// unroutable says why the pod itself cannot send there at all. Naming the peer of a datagram socket
// looks up the route and sends nothing, so an error of the network later than this one came from outside.
func unroutable(spec Spec, target netip.Addr) string {
	dialer := net.Dialer{Control: prepare(spec.Interface)}
	connection, err := dialer.DialContext(context.Background(), network("udp", spec.Family), endpoint(target.String(), 9))
	if err == nil {
		_ = connection.Close()
		return ""
	}
	return "nothing was sent: this pod has no way there (" + reason(err) + ")"
}

// reason is the system's own word for an error, without addresses.
func reason(err error) string {
	if number, isNumber := errors.AsType[syscall.Errno](err); isNumber {
		return number.Error()
	}
	return err.Error()
}

func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, syscall.ETIMEDOUT)
}

// judge names what an error of a socket means, time-outs aside: they differ by protocol.
func judge(err error) result {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPROTO), errors.Is(err, syscall.ENOPROTOOPT):
		return result{Refused, "a refusal came back (" + reason(err) + "), so packets pass both ways"}
	case errors.Is(err, syscall.EPERM):
		return result{Blocked, "nothing was sent: the kernel of the node refused (" + reason(err) + ")"}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return result{Blocked, "nothing was sent: this pod has no address for it (" + reason(err) + ")"}
	case errors.Is(err, syscall.EHOSTUNREACH):
		return result{Failed, hostUnreachable}
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EACCES):
		return result{Failed, saidNo + reason(err)}
	}
	return result{Failed, reason(err)}
}

// Whether a packet got beyond whoever said so, only the other side knows.
const (
	saidNo          = "a router or the network plugin said no: "
	hostUnreachable = saidNo + "no route to host"
)

// withoutNeighbour reads "no route to host" where no router is in between: the kernel says so itself when
// no neighbour has the address, and then nothing was sent.
func withoutNeighbour(spec Spec, outcome result) result {
	onLink := spec.Kind == "link-local" || spec.Kind == "interface"
	if onLink && outcome.outcome == Failed && outcome.detail == hostUnreachable {
		return result{Blocked, "nothing was sent: no neighbour has the address"}
	}
	return outcome
}
