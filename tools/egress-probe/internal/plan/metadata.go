package plan

import "net/netip"

// Cloud is an address at which a cloud answers from inside every machine, outside all routing rules.
type Cloud struct {
	Address netip.Addr
	// Kind is "metadata" over TCP, or "dns": a resolver that recurses to the internet.
	Kind string
	Port uint16
	What string
}

// Clouds are tried wherever the cluster runs. Sources, read 2026-11: the clouds' own documentation of
// their instance metadata services and link-local resolvers. The name metadata.google.internal
// stands for the first address.
var Clouds = []Cloud{
	{netip.MustParseAddr("169.254.169.254"), "metadata", 80, "instance metadata (AWS, Azure, Google and others)"},
	{netip.MustParseAddr("fd00:ec2::254"), "metadata", 80, "instance metadata (AWS)"},
	{netip.MustParseAddr("169.254.170.23"), "metadata", 80, "EKS Pod Identity"},
	{netip.MustParseAddr("fd00:ec2::23"), "metadata", 80, "EKS Pod Identity"},
	{netip.MustParseAddr("169.254.170.2"), "metadata", 80, "ECS task credentials"},
	{netip.MustParseAddr("168.63.129.16"), "metadata", 80, "Azure wire server"},
	{netip.MustParseAddr("168.63.129.16"), "metadata", 32526, "Azure wire server"},
	{netip.MustParseAddr("100.100.100.200"), "metadata", 80, "Alibaba Cloud instance metadata"},
	{netip.MustParseAddr("169.254.169.253"), "dns", 53, "resolver of a VPC (AWS)"},
	{netip.MustParseAddr("fd00:ec2::253"), "dns", 53, "resolver of a VPC (AWS)"},
	{netip.MustParseAddr("168.63.129.16"), "dns", 53, "resolver of a virtual network (Azure)"},
}
