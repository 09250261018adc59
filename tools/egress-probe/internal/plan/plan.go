// Package plan says what a run tries. Control and probe get the same plan, so that each failure of the
// probe stands beside what the control saw of the same target.
package plan

import "net/netip"

// Plan is the file that both runs read. See Parse for what is accepted.
type Plan struct {
	// Version of this format: 1.
	Version int `json:"version"`
	// CNIProfile names the network plugin that the result is about.
	CNIProfile string `json:"cniProfile"`
	// TimeoutMilliseconds is the time one attempt may take.
	TimeoutMilliseconds int `json:"timeoutMilliseconds"`
	// World lists machines outside the cluster that nothing inside may reach.
	World []Target `json:"world"`
	DNS   DNS      `json:"dns"`
	// APIServers lists addresses of the API server beside the one that every pod is told.
	APIServers []Endpoint `json:"apiServers"`
	// NodePorts are tried on the addresses of the pod's own node.
	NodePorts []uint16 `json:"nodePorts"`
	// Accepted lists what may answer: NetworkPolicy itself leaves the pod's own node open.
	Accepted []Accepted `json:"accepted"`
	// Required lists what must get through in the control, or the run proves nothing.
	Required []Required `json:"required"`
}

// Target is one machine of the world.
type Target struct {
	Address netip.Addr `json:"address"`
	Ports   []uint16   `json:"ports"`
}

// Endpoint is one TCP port.
type Endpoint struct {
	Address netip.Addr `json:"address"`
	Port    uint16     `json:"port"`
}

// DNS says which names are asked, and whom beside the pod's own resolvers.
type DNS struct {
	// Zone holds the random names; its name servers should be the site's own. Empty: "invalid".
	Zone    string       `json:"zone"`
	Servers []netip.Addr `json:"servers"`
}

// Accepted is an answer that turns nothing red.
type Accepted struct {
	// Kind is "node" or "link-local"; nothing else can be accepted.
	Kind     string `json:"kind"`
	Protocol string `json:"protocol"`
	// Port is 0 for ICMP.
	Port   uint16 `json:"port"`
	Reason string `json:"reason"`
}

// Required is one way that the control must find open.
type Required struct {
	// Kind is "world" or "dns".
	Kind     string `json:"kind"`
	Family   string `json:"family"`
	Protocol string `json:"protocol"`
}

// WithHash is a plan and the SHA-256 of its canonical form, "sha256:" and 64 hexadecimal digits.
type WithHash struct {
	Plan
	Hash string
	// DrawnPort is tried on every target of the world: nobody who opened a port could have known it.
	DrawnPort uint16
}
