// Package pod reads what a pod knows of itself.
package pod

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// Identity is what the downward API told the pod; empty where nothing was told.
type Identity struct {
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Node      string            `json:"node"`
	Labels    map[string]string `json:"labels"`
}

// Interface is one network interface with its addresses.
type Interface struct {
	Name      string   `json:"name"`
	Up        bool     `json:"up"`
	Addresses []string `json:"addresses"`
}

// Route is one default route.
type Route struct {
	Family    string `json:"family"`
	Interface string `json:"interface"`
	// Gateway is empty where the route names an interface alone.
	Gateway string `json:"gateway"`
}

// Facts are all that a run reads before it tries anything.
type Facts struct {
	Identity      Identity
	Interfaces    []Interface
	DefaultRoutes []Route
	Resolvers     []string
	// NodeAddresses are those of the pod's own node.
	NodeAddresses []netip.Addr
	// APIServer is the address that every pod is told; absent outside a cluster.
	APIServer *netip.AddrPort
}

// Files are where Read looks; tests give others.
type Files struct {
	Labels     string
	ResolvConf string
}

// Read collects the facts. What cannot be read ends the run: a probe that knows half of its pod would
// call the other half closed.
func Read(files Files, environment func(string) string) (Facts, error) {
	var facts Facts
	var faults [6]error
	facts.Identity = Identity{
		Namespace: environment("POD_NAMESPACE"),
		Name:      environment("POD_NAME"),
		Node:      environment("NODE_NAME"),
	}
	facts.Identity.Labels, faults[0] = readLabels(files.Labels)
	facts.Interfaces, faults[1] = readInterfaces()
	facts.DefaultRoutes, faults[2] = readDefaultRoutes()
	facts.Resolvers, faults[3] = readResolvers(files.ResolvConf)
	facts.NodeAddresses, faults[4] = parseAddresses(environment("NODE_ADDRESSES"))
	facts.APIServer, faults[5] = apiServer(environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"))
	return facts, errors.Join(faults[:]...)
}

// readLabels reads the downward API's file: key="value" with the escapes of a quoted Go text.
func readLabels(path string) (map[string]string, error) {
	labels := map[string]string{}
	if path == "" {
		return labels, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		key, quoted, found := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		value, err := strconv.Unquote(quoted)
		if !found || err != nil {
			return nil, fmt.Errorf("%s: %q is no label", path, line)
		}
		labels[key] = value
	}
	return labels, nil
}

func readInterfaces() ([]Interface, error) {
	devices, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	interfaces := make([]Interface, 0, len(devices))
	for _, device := range devices {
		addresses, err := device.Addrs()
		if err != nil {
			return nil, err
		}
		one := Interface{Name: device.Name, Up: device.Flags&net.FlagUp != 0, Addresses: []string{}}
		for _, address := range addresses {
			one.Addresses = append(one.Addresses, address.String())
		}
		interfaces = append(interfaces, one)
	}
	return interfaces, nil
}

// readResolvers reads the name servers; a pod without the file has none.
func readResolvers(path string) ([]string, error) {
	resolvers := []string{}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return resolvers, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || words[0] != "nameserver" {
			continue
		}
		address, err := netip.ParseAddr(words[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		resolvers = append(resolvers, address.String())
	}
	return resolvers, lines.Err()
}

func parseAddresses(text string) ([]netip.Addr, error) {
	addresses := []netip.Addr{}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		address, err := netip.ParseAddr(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("NODE_ADDRESSES: %w", err)
		}
		addresses = append(addresses, address)
	}
	return addresses, nil
}

func apiServer(host, port string) (*netip.AddrPort, error) {
	if host == "" {
		return nil, nil
	}
	address, err := netip.ParseAddrPort(net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT: %w", err)
	}
	return &address, nil
}
