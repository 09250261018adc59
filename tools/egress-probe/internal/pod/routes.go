package pod

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Flags of a route, linux/route.h.
const (
	routeUp     = 0x1
	routeReject = 0x200
)

// readDefaultRoutes reads the kernel's own tables; a node without IPv6 has no second one.
func readDefaultRoutes() ([]Route, error) {
	routes := []Route{}
	for _, table := range []struct {
		path string
		read func(string) []Route
	}{{"/proc/net/route", parseRoutes4}, {"/proc/net/ipv6_route", parseRoutes6}} {
		text, err := os.ReadFile(table.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		routes = append(routes, table.read(string(text))...)
	}
	return routes, nil
}

// parseRoutes4 reads /proc/net/route: interface, destination, gateway, flags, three counters, mask, ...;
// addresses are hexadecimal in the byte order of the machine, which is little-endian on amd64 and arm64.
func parseRoutes4(text string) []Route {
	routes := []Route{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 8 || words[1] != "00000000" || words[7] != "00000000" || !usable(words[3]) {
			continue
		}
		bytes, err := hex.DecodeString(words[2])
		if err != nil || len(bytes) != 4 {
			continue
		}
		slices.Reverse(bytes)
		routes = append(routes, Route{Family: "ipv4", Interface: words[0], Gateway: gateway(bytes)})
	}
	return routes
}

// parseRoutes6 reads /proc/net/ipv6_route: destination, prefix, source, prefix, gateway, metric, two
// counters, flags, interface.
func parseRoutes6(text string) []Route {
	zero := strings.Repeat("0", 32)
	routes := []Route{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 10 || words[0] != zero || words[1] != "00" || !usable(words[8]) {
			continue
		}
		bytes, err := hex.DecodeString(words[4])
		if err != nil || len(bytes) != 16 {
			continue
		}
		routes = append(routes, Route{Family: "ipv6", Interface: words[9], Gateway: gateway(bytes)})
	}
	return routes
}

func usable(flags string) bool {
	bits, err := strconv.ParseUint(flags, 16, 32)
	return err == nil && bits&routeUp != 0 && bits&routeReject == 0
}

func gateway(bytes []byte) string {
	address, ok := netip.AddrFromSlice(bytes)
	if !ok || address.IsUnspecified() {
		return ""
	}
	return address.String()
}
