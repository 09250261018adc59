package plan

import (
	"strings"
	"testing"
)

const good = `{
  "version": 1, "cniProfile": "cilium", "timeoutMilliseconds": 1000,
  "world": [{"address": "198.51.100.10", "ports": [53, 443]}, {"address": "2001:db8::10", "ports": [443]}],
  "dns": {"zone": "probe.example", "servers": ["198.51.100.53"]},
  "apiServers": [{"address": "10.96.0.1", "port": 443}],
  "nodePorts": [10250],
  "accepted": [{"kind": "node", "protocol": "tcp", "port": 10250, "reason": "kubelet asks for a certificate"}],
  "required": [{"kind": "world", "family": "ipv4", "protocol": "tcp"}]
}`

func TestTheHashIsOfTheDataAndNotOfTheSpelling(t *testing.T) {
	one, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	two, err := Parse([]byte(strings.ReplaceAll(good, "\n", " \n ")))
	if err != nil || one.Hash != two.Hash || one.DrawnPort != two.DrawnPort {
		t.Errorf("%s and %s, %v", one.Hash, two.Hash, err)
	}
	other, err := Parse([]byte(strings.Replace(good, "1000", "1001", 1)))
	if err != nil || other.Hash == one.Hash {
		t.Errorf("another plan has the hash %s, %v", other.Hash, err)
	}
	if one.DrawnPort < drawnFrom || one.DrawnPort >= drawnFrom+drawnCount {
		t.Errorf("port %d is out of range", one.DrawnPort)
	}
}

func TestRefusesAPlanThatProvesNothing(t *testing.T) {
	for name, change := range map[string][3]string{
		"unknown field":        {`"version": 1`, `"version": 1, "verison": 1`, "unknown field"},
		"other version":        {`"version": 1`, `"version": 2`, "version is 2"},
		"no plugin":            {`"cilium"`, `""`, "cniProfile is empty"},
		"no time":              {`1000`, `1`, "timeoutMilliseconds is 1"},
		"no bound":             {`1000`, `60000`, "timeoutMilliseconds is 60000"},
		"loopback":             {`198.51.100.10`, `127.0.0.1`, "names no other machine"},
		"multicast":            {`2001:db8::10`, `ff02::1`, "names no other machine"},
		"every address":        {`198.51.100.10`, `0.0.0.0`, "names no other machine"},
		"mapped address":       {`198.51.100.10`, `::ffff:198.51.100.10`, "not in its plain form"},
		"no address":           {`"198.51.100.10"`, `""`, "is missing"},
		"a name":               {`198.51.100.10`, `host.example`, "ParseAddr"},
		"no port":              {`[53, 443]`, `[]`, "has 0 entries"},
		"port 0":               {`[53, 443]`, `[0]`, "holds 0"},
		"port 65536":           {`[53, 443]`, `[65536]`, "cannot unmarshal"},
		"a scan":               {`[53, 443]`, `[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]`, "has 17 entries"},
		"zone with a blank":    {`probe.example`, `a b`, "is no domain name"},
		"accepting the world":  {`"kind": "node"`, `"kind": "world"`, "only node and link-local"},
		"accepting silently":   {`kubelet asks for a certificate`, ``, "reason is empty"},
		"no control":           {`[{"kind": "world", "family": "ipv4", "protocol": "tcp"}]`, `[]`, "required is empty"},
		"control of nothing":   {`"protocol": "tcp"}]`, `"protocol": "gre"}]`, "nothing that is tried"},
		"control of no family": {`"ipv4"`, `"ipx"`, "family"},
		"a key twice":          {`"version": 1`, `"version": 1, "version": 1`, "occurs twice"},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if text == good {
			t.Fatalf("%s changed nothing", name)
		}
		_, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), change[2]) {
			t.Errorf("%s: %v; want %s", name, err, change[2])
		}
	}
}
