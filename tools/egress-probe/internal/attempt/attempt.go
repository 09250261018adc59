// Package attempt tries one way out and says what came back.
package attempt

import (
	"context"
	"net/netip"
	"time"
)

// Outcome is what one attempt saw. Connected, Answered and Refused mean that something came back, so
// the way is open; Blocked and Sent mean that nothing did.
type Outcome string

const (
	// Blocked: TCP and SCTP had no answer in time, or no packet could be sent at all.
	Blocked Outcome = "blocked"
	// Refused: a reset or an ICMP error for the port came back, so packets pass both ways.
	Refused Outcome = "refused"
	// Connected: the handshake was completed.
	Connected Outcome = "connected"
	// Answered: a datagram or an echo came back.
	Answered Outcome = "answered"
	// Sent: datagrams were given to the network and nothing came back. By itself it proves nothing.
	Sent Outcome = "sent"
	// Failed: something came back that tells neither way, such as a router's "host unreachable".
	Failed Outcome = "error"
	// NotTried: this pod or node cannot try it; the detail says why.
	NotTried Outcome = "not-tried"
)

// GotThrough says whether packets passed in both directions.
func (outcome Outcome) GotThrough() bool {
	return outcome == Connected || outcome == Answered || outcome == Refused
}

// Spec is one way out.
type Spec struct {
	// Kind: first-packet, world, dns, metadata, api-server, node, link-local or interface.
	Kind string `json:"kind"`
	// Family: ipv4 or ipv6.
	Family string `json:"family"`
	// Protocol: tcp, udp, sctp or icmp.
	Protocol string `json:"protocol"`
	// Target is an address, with a zone where it is link-local.
	Target string `json:"target"`
	// Port is 0 for ICMP.
	Port uint16 `json:"port"`
	// Interface is the interface that packets were bound to; empty: whichever the routes choose.
	Interface string `json:"interface"`
}

// Attempt is a way out and what it came to.
type Attempt struct {
	Spec
	Outcome      Outcome `json:"outcome"`
	Detail       string  `json:"detail"`
	Milliseconds int64   `json:"milliseconds"`
}

// Settings are the same for all attempts of a run.
type Settings struct {
	Timeout time.Duration
	// Run marks every payload: 16 hexadecimal digits.
	Run string
	// Zone holds the random names of DNS questions.
	Zone string
}

// FamilyOf is "ipv4" or "ipv6".
func FamilyOf(address netip.Addr) string {
	if address.Is4() {
		return "ipv4"
	}
	return "ipv6"
}

type result struct {
	outcome Outcome
	detail  string
}

// Try makes the attempt within the time-out of the settings.
func Try(ctx context.Context, spec Spec, settings Settings) Attempt {
	start := time.Now()
	outcome := withoutNeighbour(spec, try(ctx, spec, settings))
	return Attempt{
		Spec:         spec,
		Outcome:      outcome.outcome,
		Detail:       outcome.detail,
		Milliseconds: time.Since(start).Milliseconds(),
	}
}

func try(ctx context.Context, spec Spec, settings Settings) result {
	if ctx.Err() != nil {
		return result{NotTried, "the time of the whole run was over"}
	}
	target, err := netip.ParseAddr(spec.Target)
	if err != nil {
		return result{Failed, err.Error()}
	}
	if reason := unroutable(spec, target); reason != "" {
		return result{Blocked, reason}
	}
	switch spec.Protocol {
	case "tcp":
		return tryTCP(ctx, spec, settings)
	case "udp":
		return tryUDP(ctx, spec, settings)
	case "icmp":
		return tryEcho(spec, target, settings)
	case "sctp":
		return trySCTP(target, spec.Port, settings)
	}
	return result{NotTried, "this program does not know the protocol"}
}
