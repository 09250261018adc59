package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"

	"private-llm/tools/egress-probe/internal/canonical"
)

// Bounds of a plan: a probe is a handful of packets, never a scan. The time stays below the three seconds
// after which the kernel gives up looking for a neighbour, which would look like a router's answer.
const (
	maxTargets       = 16
	maxPorts         = 16
	maxServers       = 8
	maxMilliseconds  = 2500
	leastMillisecond = 100
)

// Ports are drawn from this range, below the usual range of outgoing connections.
const (
	drawnFrom  = 20000
	drawnCount = 12000
)

var zonePattern = regexp.MustCompile(`^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// Parse reads a plan. Unknown fields, doubtful addresses and anything beyond the bounds are refused, all
// faults at once.
func Parse(text []byte) (WithHash, error) {
	form, err := canonical.Encode(text)
	if err != nil {
		return WithHash{}, fmt.Errorf("the plan is not JSON of the accepted form: %w", err)
	}
	var plan Plan
	decoder := json.NewDecoder(bytes.NewReader(form))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&plan); err != nil {
		return WithHash{}, fmt.Errorf("the plan: %w", err)
	}
	if faults := plan.faults(); len(faults) > 0 {
		return WithHash{}, fmt.Errorf("the plan: %w", errors.Join(faults...))
	}
	sum := sha256.Sum256(form)
	return WithHash{
		Plan:      plan,
		Hash:      "sha256:" + hex.EncodeToString(sum[:]),
		DrawnPort: drawnFrom + binary.BigEndian.Uint16(sum[:2])%drawnCount,
	}, nil
}

func (plan Plan) faults() []error {
	var faults []error
	fault := func(format string, values ...any) { faults = append(faults, fmt.Errorf(format, values...)) }
	if plan.Version != 1 {
		fault("version is %d; this program reads 1", plan.Version)
	}
	if plan.CNIProfile == "" {
		fault("cniProfile is empty; name the network plugin")
	}
	if ms := plan.TimeoutMilliseconds; ms < leastMillisecond || ms > maxMilliseconds {
		fault("timeoutMilliseconds is %d; give %d to %d", ms, leastMillisecond, maxMilliseconds)
	}
	if n := len(plan.World); n == 0 || n > maxTargets {
		fault("world has %d targets; give 1 to %d", n, maxTargets)
	}
	for i, target := range plan.World {
		if reason := addressFault(target.Address); reason != "" {
			fault("world[%d].address %s", i, reason)
		}
		if reason := portsFault(target.Ports, 1); reason != "" {
			fault("world[%d].ports %s", i, reason)
		}
	}
	if reason := portsFault(plan.NodePorts, 0); reason != "" {
		fault("nodePorts %s", reason)
	}
	return append(append(faults, plan.nameFaults()...), plan.listFaults()...)
}

func (plan Plan) nameFaults() []error {
	var faults []error
	if zone := plan.DNS.Zone; zone != "" && (len(zone) > 180 || !zonePattern.MatchString(zone)) {
		faults = append(faults, fmt.Errorf("dns.zone %q is no domain name in lower case", zone))
	}
	if n := len(plan.DNS.Servers); n > maxServers {
		faults = append(faults, fmt.Errorf("dns.servers has %d entries; at most %d", n, maxServers))
	}
	for i, server := range plan.DNS.Servers {
		if reason := addressFault(server); reason != "" {
			faults = append(faults, fmt.Errorf("dns.servers[%d] %s", i, reason))
		}
	}
	if n := len(plan.APIServers); n > maxServers {
		faults = append(faults, fmt.Errorf("apiServers has %d entries; at most %d", n, maxServers))
	}
	for i, server := range plan.APIServers {
		if reason := addressFault(server.Address); reason != "" {
			faults = append(faults, fmt.Errorf("apiServers[%d].address %s", i, reason))
		}
		if server.Port == 0 {
			faults = append(faults, fmt.Errorf("apiServers[%d].port is 0", i))
		}
	}
	return faults
}

func (plan Plan) listFaults() []error {
	var faults []error
	for i, one := range plan.Accepted {
		if one.Kind != "node" && one.Kind != "link-local" {
			faults = append(faults, fmt.Errorf("accepted[%d].kind is %q; only node and link-local can be accepted", i, one.Kind))
		}
		if !slices.Contains([]string{"tcp", "udp", "icmp"}, one.Protocol) {
			faults = append(faults, fmt.Errorf("accepted[%d].protocol is %q; give tcp, udp or icmp", i, one.Protocol))
		}
		if one.Reason == "" {
			faults = append(faults, fmt.Errorf("accepted[%d].reason is empty", i))
		}
	}
	if len(plan.Required) == 0 {
		faults = append(faults, errors.New("required is empty; without a way that must be open, every failure looks like a wall"))
	}
	for i, one := range plan.Required {
		world := one.Kind == "world" && slices.Contains([]string{"tcp", "udp", "sctp", "icmp"}, one.Protocol)
		dns := one.Kind == "dns" && slices.Contains([]string{"tcp", "udp"}, one.Protocol)
		if !world && !dns {
			faults = append(faults, fmt.Errorf("required[%d]: %q over %q is nothing that is tried", i, one.Kind, one.Protocol))
		}
		if one.Family != "ipv4" && one.Family != "ipv6" {
			faults = append(faults, fmt.Errorf("required[%d].family is %q; give ipv4 or ipv6", i, one.Family))
		}
	}
	return faults
}

func portsFault(ports []uint16, least int) string {
	if len(ports) < least || len(ports) > maxPorts {
		return fmt.Sprintf("has %d entries; give %d to %d", len(ports), least, maxPorts)
	}
	if slices.Contains(ports, 0) {
		return "holds 0"
	}
	return ""
}

// A target that is the pod itself, or that stands for more than one machine, proves nothing.
func addressFault(address netip.Addr) string {
	switch {
	case !address.IsValid():
		return "is missing"
	case address.Zone() != "" || address.Is4In6():
		return fmt.Sprintf("%s is not in its plain form", address)
	case address.IsLoopback() || address.IsUnspecified() || address.IsMulticast():
		return fmt.Sprintf("%s names no other machine", address)
	}
	return ""
}
