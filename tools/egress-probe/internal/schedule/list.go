// Package schedule makes the list of attempts and works it off within bounds.
package schedule

import (
	"net/netip"
	"slices"
	"strings"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
	"private-llm/tools/egress-probe/internal/pod"
)

var worldProtocols = []string{"tcp", "udp", "sctp"}

// Planned are the attempts that the plan alone decides, the same in every pod.
func Planned(plan plan.WithHash) []attempt.Spec {
	specs := []attempt.Spec{}
	for index, target := range plan.World {
		if index == 0 {
			// Whatever the network plugin does late, it does later than this.
			specs = append(specs, spec("first-packet", "tcp", target.Address, target.Ports[0]))
		}
		for _, protocol := range worldProtocols {
			for _, port := range worldPorts(target, plan.DrawnPort) {
				specs = append(specs, spec("world", protocol, target.Address, port))
			}
		}
		specs = append(specs, spec("world", "icmp", target.Address, 0))
	}
	for _, server := range plan.DNS.Servers {
		specs = append(specs, questions(server)...)
	}
	for _, cloud := range cloudAddresses {
		specs = append(specs, cloud...)
	}
	for _, server := range plan.APIServers {
		specs = append(specs, spec("api-server", "tcp", server.Address, server.Port))
	}
	return unique(specs)
}

// All are the planned attempts and those that depend on the pod.
func All(plan plan.WithHash, facts pod.Facts) []attempt.Spec {
	specs := Planned(plan)
	for _, resolver := range facts.Resolvers {
		if address, err := netip.ParseAddr(resolver); err == nil {
			specs = append(specs, questions(address)...)
		}
	}
	if server := facts.APIServer; server != nil {
		specs = append(specs, spec("api-server", "tcp", server.Addr(), server.Port()))
	}
	for _, node := range facts.NodeAddresses {
		specs = append(specs, nodePorts("node", node, plan.NodePorts)...)
		specs = append(specs, spec("node", "icmp", node, 0))
	}
	specs = append(specs, linkLocal(plan, facts)...)
	specs = append(specs, otherInterfaces(plan, facts)...)
	return unique(specs)
}

var cloudAddresses = func() [][]attempt.Spec {
	specs := [][]attempt.Spec{}
	for _, cloud := range plan.Clouds {
		if cloud.Kind == "dns" {
			specs = append(specs, questions(cloud.Address))
			continue
		}
		specs = append(specs, []attempt.Spec{spec(cloud.Kind, "tcp", cloud.Address, cloud.Port)})
	}
	return specs
}()

func worldPorts(target plan.Target, drawn uint16) []uint16 {
	if slices.Contains(target.Ports, drawn) {
		return target.Ports
	}
	return append(slices.Clone(target.Ports), drawn)
}

func questions(server netip.Addr) []attempt.Spec {
	return []attempt.Spec{spec("dns", "udp", server, 53), spec("dns", "tcp", server, 53)}
}

// nodePorts tries each port over TCP, and over UDP the one on which nodes run a resolver.
func nodePorts(kind string, address netip.Addr, ports []uint16) []attempt.Spec {
	specs := []attempt.Spec{}
	for _, port := range ports {
		specs = append(specs, spec(kind, "tcp", address, port))
		if port == 53 {
			specs = append(specs, spec(kind, "udp", address, port))
		}
	}
	return specs
}

// linkLocal tries the gateway by its link-local address, which rules about routed addresses do not see.
// Without such a gateway the one that every router would have, fe80::1, stands in.
func linkLocal(plan plan.WithHash, facts pod.Facts) []attempt.Spec {
	specs := []attempt.Spec{}
	for _, one := range facts.Interfaces {
		if !one.Up || !hasLinkLocal(one) {
			continue
		}
		gateway := netip.MustParseAddr("fe80::1")
		for _, route := range facts.DefaultRoutes {
			address, err := netip.ParseAddr(route.Gateway)
			if err == nil && route.Interface == one.Name && address.IsLinkLocalUnicast() && address.Is6() {
				gateway = address
			}
		}
		gateway = gateway.WithZone(one.Name)
		specs = append(specs, nodePorts("link-local", gateway, plan.NodePorts)...)
		specs = append(specs, spec("link-local", "icmp", gateway, 0))
	}
	return specs
}

func hasLinkLocal(one pod.Interface) bool {
	return slices.ContainsFunc(one.Addresses, func(text string) bool {
		prefix, err := netip.ParsePrefix(text)
		return err == nil && prefix.Addr().Is6() && prefix.Addr().IsLinkLocalUnicast()
	})
}

// otherInterfaces tries the world through every interface that holds no default route: network policies
// do not cover secondary networks.
func otherInterfaces(plan plan.WithHash, facts pod.Facts) []attempt.Spec {
	specs := []attempt.Spec{}
	for _, name := range Uncovered(facts) {
		for _, target := range plan.World {
			for _, protocol := range []string{"tcp", "udp"} {
				for _, port := range target.Ports[:min(2, len(target.Ports))] {
					one := spec("interface", protocol, target.Address, port)
					one.Interface = name
					specs = append(specs, one)
				}
			}
		}
	}
	return specs
}

// Uncovered are the interfaces beside the pod's own: up, with an address, and without a default route.
func Uncovered(facts pod.Facts) []string {
	names := []string{}
	for _, one := range facts.Interfaces {
		routed := slices.ContainsFunc(facts.DefaultRoutes, func(route pod.Route) bool {
			return route.Interface == one.Name
		})
		if one.Up && len(one.Addresses) > 0 && !routed && !isLoopback(one) {
			names = append(names, one.Name)
		}
	}
	return names
}

func isLoopback(one pod.Interface) bool {
	return one.Name == "lo" || slices.ContainsFunc(one.Addresses, func(text string) bool {
		return strings.HasPrefix(text, "127.") || text == "::1/128"
	})
}

func spec(kind, protocol string, address netip.Addr, port uint16) attempt.Spec {
	return attempt.Spec{
		Kind:     kind,
		Family:   attempt.FamilyOf(address),
		Protocol: protocol,
		Target:   address.String(),
		Port:     port,
	}
}

func unique(specs []attempt.Spec) []attempt.Spec {
	seen := map[attempt.Spec]bool{}
	return slices.DeleteFunc(specs, func(one attempt.Spec) bool {
		twice := seen[one]
		seen[one] = true
		return twice
	})
}
