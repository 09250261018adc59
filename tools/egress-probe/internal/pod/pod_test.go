package pod

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestReadsWhatTheDownwardAPIAndTheKernelSay(t *testing.T) {
	folder := t.TempDir()
	files := Files{Labels: filepath.Join(folder, "labels"), ResolvConf: filepath.Join(folder, "resolv.conf")}
	write(t, files.Labels, "app.kubernetes.io/name=\"vllm\"\nodd=\"a=b \\\"c\\\"\"\n")
	write(t, files.ResolvConf, "search inference.svc\n# nameserver 192.0.2.1\nnameserver 10.96.0.10\nnameserver fd00::a\n")
	environment := map[string]string{
		"POD_NAMESPACE": "inference", "POD_NAME": "probe-1", "NODE_NAME": "gpu-1",
		"NODE_ADDRESSES":          "10.20.0.11,fd00:20::11",
		"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443",
	}
	facts, err := Read(files, func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"app.kubernetes.io/name": "vllm", "odd": `a=b "c"`}; !maps.Equal(facts.Identity.Labels, want) {
		t.Errorf("labels %v", facts.Identity.Labels)
	}
	if want := []string{"10.96.0.10", "fd00::a"}; !reflect.DeepEqual(facts.Resolvers, want) {
		t.Errorf("resolvers %v", facts.Resolvers)
	}
	if len(facts.NodeAddresses) != 2 || facts.APIServer.String() != "10.96.0.1:443" || len(facts.Interfaces) == 0 {
		t.Errorf("%+v", facts)
	}
}

func TestWhatCannotBeReadEndsTheRun(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken")
	write(t, broken, "nameserver dns.example\n")
	for name, run := range map[string]func() error{
		"labels that are missing": func() error { _, err := readLabels(filepath.Join(folder, "none")); return err },
		"labels that are none":    func() error { _, err := readLabels(broken); return err },
		"a resolver by name":      func() error { _, err := readResolvers(broken); return err },
		"a node by name":          func() error { _, err := parseAddresses("10.0.0.1,gpu-1"); return err },
		"an API server by name":   func() error { _, err := apiServer("kubernetes", "443"); return err },
	} {
		if run() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestFindsDefaultRoutesAlone(t *testing.T) {
	four := parseRoutes4(`Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0100F40A	0003	0	0	0	00000000	0	0	0
net1	00000000	00000000	0001	0	0	0	00000000	0	0	0
eth0	0000F40A	00000000	0001	0	0	0	0000FFFF	0	0	0
lo	00000000	00000000	0201	0	0	0	00000000	0	0	0
`)
	if want := []Route{{"ipv4", "eth0", "10.244.0.1"}, {"ipv4", "net1", ""}}; !reflect.DeepEqual(four, want) {
		t.Errorf("IPv4: %v", four)
	}
	six := parseRoutes6(`00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe80000000000000ecee0000eeeeeeee 00000400 00000001 00000000 00000003     eth0
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`)
	if want := []Route{{"ipv6", "eth0", "fe80::ecee:0:eeee:eeee"}}; !reflect.DeepEqual(six, want) {
		t.Errorf("IPv6: %v", six)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
