package schedule

import (
	"net/netip"
	"slices"
	"testing"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
	"private-llm/tools/egress-probe/internal/pod"
)

func parsed(t *testing.T) plan.WithHash {
	t.Helper()
	one, err := plan.Parse([]byte(`{"version":1,"cniProfile":"c","timeoutMilliseconds":500,
		"world":[{"address":"198.51.100.10","ports":[53,443]},{"address":"2001:db8::10","ports":[443]}],
		"dns":{"zone":"","servers":["198.51.100.53"]},"apiServers":[{"address":"10.96.0.1","port":443}],
		"nodePorts":[53,10250],"accepted":[],"required":[{"kind":"world","family":"ipv4","protocol":"tcp"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func has(specs []attempt.Spec, kind, protocol, target string, port uint16) bool {
	return slices.ContainsFunc(specs, func(one attempt.Spec) bool {
		return one.Kind == kind && one.Protocol == protocol && one.Target == target && one.Port == port
	})
}

func TestThePlanAloneBeginsWithTheFirstPacketAndTriesEveryProtocol(t *testing.T) {
	plan := parsed(t)
	specs := Planned(plan)
	if first := specs[0]; first.Kind != "first-packet" || first.Target != "198.51.100.10" {
		t.Errorf("%+v", first)
	}
	for _, protocol := range []string{"tcp", "udp", "sctp"} {
		for _, port := range []uint16{53, 443, plan.DrawnPort} {
			if !has(specs, "world", protocol, "198.51.100.10", port) {
				t.Errorf("%s port %d is not tried", protocol, port)
			}
		}
	}
	if !has(specs, "world", "icmp", "2001:db8::10", 0) || !has(specs, "dns", "udp", "198.51.100.53", 53) {
		t.Errorf("%v", specs)
	}
}

func TestEveryMetadataAddressIsTriedWhereverTheClusterRuns(t *testing.T) {
	specs := Planned(parsed(t))
	for _, address := range []string{
		"169.254.169.254", "fd00:ec2::254", "169.254.170.23", "fd00:ec2::23", "169.254.170.2", "168.63.129.16", "100.100.100.200",
	} {
		if !has(specs, "metadata", "tcp", address, 80) {
			t.Errorf("%s is not tried", address)
		}
	}
}

func TestAPodAddsItsResolversItsNodeAndItsInterfaces(t *testing.T) {
	server := netip.MustParseAddrPort("10.96.0.2:443")
	facts := pod.Facts{
		Interfaces: []pod.Interface{
			{Name: "lo", Up: true, Addresses: []string{"127.0.0.1/8", "::1/128"}},
			{Name: "eth0", Up: true, Addresses: []string{"10.244.0.5/32", "fe80::2/64"}},
			{Name: "net1", Up: true, Addresses: []string{"192.168.50.2/24"}},
			{Name: "down0", Up: false, Addresses: []string{"192.168.51.2/24"}},
		},
		DefaultRoutes: []pod.Route{{Family: "ipv4", Interface: "eth0", Gateway: "169.254.1.1"}, {Family: "ipv6", Interface: "eth0", Gateway: "fe80::9"}},
		Resolvers:     []string{"10.96.0.10", "198.51.100.53"},
		NodeAddresses: []netip.Addr{netip.MustParseAddr("10.20.0.11")},
		APIServer:     &server,
	}
	plan := parsed(t)
	specs := All(plan, facts)
	for _, want := range []struct {
		kind, protocol, target string
		port                   uint16
	}{
		{"dns", "tcp", "10.96.0.10", 53}, {"api-server", "tcp", "10.96.0.2", 443},
		{"node", "tcp", "10.20.0.11", 10250}, {"node", "udp", "10.20.0.11", 53}, {"node", "icmp", "10.20.0.11", 0},
		{"link-local", "tcp", "fe80::9%eth0", 10250}, {"link-local", "icmp", "fe80::9%eth0", 0},
		{"interface", "udp", "198.51.100.10", 53},
	} {
		if !has(specs, want.kind, want.protocol, want.target, want.port) {
			t.Errorf("%v is not tried", want)
		}
	}
	if got := Uncovered(facts); !slices.Equal(got, []string{"net1"}) {
		t.Errorf("uncovered: %v", got)
	}
	seen := map[attempt.Spec]bool{}
	for _, one := range specs {
		if seen[one] {
			t.Errorf("%+v is tried twice", one)
		}
		seen[one] = true
	}
	if planned := Planned(plan); !slices.Equal(specs[:len(planned)], planned) {
		t.Error("what the plan alone decides differs in a pod")
	}
}

func TestEveryEntryIsWorkedOffInItsPlace(t *testing.T) {
	specs := make([]attempt.Spec, 3*parallel)
	for index := range specs {
		specs[index] = attempt.Spec{Kind: "world", Family: "ipv4", Protocol: "none", Target: "127.0.0.1", Port: uint16(index)}
	}
	for index, one := range Try(specs, attempt.Settings{}) {
		if int(one.Port) != index || one.Outcome != attempt.NotTried {
			t.Errorf("%d: %+v", index, one)
		}
	}
}
