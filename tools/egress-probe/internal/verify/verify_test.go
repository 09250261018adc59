package verify

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/plan"
	"private-llm/tools/egress-probe/internal/pod"
	"private-llm/tools/egress-probe/internal/record"
	"private-llm/tools/egress-probe/internal/schedule"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// bench is a plan, a key and a pair of records that prove something.
type bench struct {
	plan           plan.WithHash
	key            ed25519.PrivateKey
	control, probe record.Record
	seen           record.WitnessRecord
	// edit changes the signed input last.
	edit func(*Input)
	// unwitnessed leaves the witness out.
	unwitnessed bool
}

func newBench(t *testing.T) *bench {
	t.Helper()
	parsed, err := plan.Parse([]byte(`{"version":1,"cniProfile":"cilium","timeoutMilliseconds":500,
		"world":[{"address":"198.51.100.10","ports":[53,443]}],"dns":{"zone":"","servers":[]},"apiServers":[],
		"nodePorts":[],"accepted":[],"required":[
			{"kind":"world","family":"ipv4","protocol":"tcp"},{"kind":"world","family":"ipv4","protocol":"udp"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	one := &bench{plan: parsed, key: key, edit: func(*Input) {}}
	one.control = one.record(record.Control, "egress-probe-control", "aa00000000000000", now.Add(-3*time.Minute))
	one.probe = one.record(record.Probe, "inference", "bb00000000000000", now.Add(-2*time.Minute))
	one.seen = record.WitnessRecord{
		Version: record.Version, Mode: record.Witness, PlanHash: parsed.Hash,
		Started: record.Stamp(now.Add(-time.Hour)), Ended: record.Stamp(now),
		Seen: []record.Sighting{{Run: one.control.Run, TCP: 3, UDP: 3}},
	}
	return one
}

func (one *bench) record(mode, namespace, run string, started time.Time) record.Record {
	made := record.Record{
		Version: record.Version, Mode: mode, Run: run, ImageDigest: "sha256:1",
		Started: record.Stamp(started), Ended: record.Stamp(started.Add(5 * time.Second)),
		Pod:        pod.Identity{Namespace: namespace, Labels: map[string]string{}},
		CNIProfile: one.plan.CNIProfile, PlanHash: one.plan.Hash,
		Interfaces: []pod.Interface{}, DefaultRoutes: []pod.Route{}, Resolvers: []string{},
	}
	for _, spec := range schedule.Planned(one.plan) {
		made.Attempts = append(made.Attempts, attempt.Attempt{Spec: spec, Outcome: outcomeOf(mode, spec)})
	}
	return made
}

func outcomeOf(mode string, spec attempt.Spec) attempt.Outcome {
	switch {
	case mode == record.Control && (spec.Kind == "world" || spec.Kind == "first-packet") && spec.Protocol != "sctp":
		return attempt.Answered
	case spec.Protocol == "sctp":
		return attempt.NotTried
	case spec.Protocol == "tcp":
		return attempt.Blocked
	}
	return attempt.Sent
}

// set changes the outcome of every attempt of a way.
func set(one *record.Record, kind, protocol string, outcome attempt.Outcome) {
	for index := range one.Attempts {
		if one.Attempts[index].Kind == kind && one.Attempts[index].Protocol == protocol {
			one.Attempts[index].Outcome = outcome
		}
	}
}

func (one *bench) verify(t *testing.T) Report {
	t.Helper()
	sign := func(value any) []byte {
		text, err := record.Sign(value, one.key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, made := range []*record.Record{&one.control, &one.probe} {
		if made.Verdict.Result == "" {
			made.Verdict = record.Judge(made.Mode, one.plan, made.Attempts, nil)
		}
	}
	public, _ := one.key.Public().(ed25519.PublicKey)
	input := Input{
		Plan: one.plan, Keys: []ed25519.PublicKey{public}, Probe: sign(one.probe), Control: sign(one.control),
		MaxGap: 15 * time.Minute, Now: now,
	}
	if !one.unwitnessed {
		input.Witness = sign(one.seen)
	}
	one.edit(&input)
	return Verify(input)
}

func TestWhatEachPairProves(t *testing.T) {
	hour := time.Hour
	for name, one := range map[string]struct {
		change func(*bench)
		result string
		reason string
	}{
		"a sound pair":        {func(*bench) {}, Valid, ""},
		"without a witness":   {func(b *bench) { b.unwitnessed = true }, Valid, ""},
		"no control":          {func(b *bench) { b.edit = func(i *Input) { i.Control = nil } }, Invalid, "no control"},
		"a changed probe":     {func(b *bench) { b.edit = func(i *Input) { i.Probe = swap(i.Probe, "blocked", "sent") } }, Invalid, "changed after it was signed"},
		"a changed control":   {func(b *bench) { b.edit = func(i *Input) { i.Control = swap(i.Control, "answered", "connected") } }, Invalid, "changed after it was signed"},
		"a changed witness":   {func(b *bench) { b.edit = func(i *Input) { i.Witness = swap(i.Witness, `"tcp":3`, `"tcp":4`) } }, Invalid, "changed after it was signed"},
		"a stranger's key":    {func(b *bench) { b.edit = func(i *Input) { i.Keys = nil } }, Invalid, "none of the keys"},
		"two probes":          {func(b *bench) { b.control.Mode = record.Probe }, Invalid, "is the record of a probe"},
		"two controls":        {func(b *bench) { b.probe.Mode = record.Control }, Invalid, "is the record of a control"},
		"another plan":        {func(b *bench) { b.probe.PlanHash = "sha256:0" }, Invalid, "was made with the plan"},
		"a control elsewhere": {func(b *bench) { b.control.PlanHash = "sha256:0" }, Invalid, "was made with the plan"},
		"another plugin":      {func(b *bench) { b.probe.CNIProfile = "none" }, Invalid, `is about "none"`},
		"another version":     {func(b *bench) { b.probe.Version = "0.9.0" }, Invalid, "made by version"},
		"one namespace":       {func(b *bench) { b.control.Pod.Namespace = "inference" }, Invalid, "same namespace"},
		"one run":             {func(b *bench) { b.control.Run = b.probe.Run }, Invalid, "same run"},
		"two images":          {func(b *bench) { b.control.ImageDigest = "sha256:2" }, Invalid, "must be the same"},
		"no image":            {func(b *bench) { b.control.ImageDigest, b.probe.ImageDigest = "", "" }, Invalid, "must be the same"},
		"an old control":      {func(b *bench) { move(&b.control, -hour) }, Invalid, "apart"},
		"a later control":     {func(b *bench) { move(&b.control, hour) }, Invalid, "apart"},
		"an old probe":        {func(b *bench) { b.edit = func(i *Input) { i.MaxAge = time.Minute } }, Invalid, "ago"},
		"a probe to come":     {func(b *bench) { move(&b.probe, hour) }, Invalid, "still to come"},
		"time that runs back": {func(b *bench) { b.control.Ended = record.Stamp(now.Add(-hour)) }, Invalid, "before it started"},
		"no time":             {func(b *bench) { b.probe.Ended = "yesterday" }, Invalid, "ended:"},
		"a missing attempt":   {func(b *bench) { b.probe.Attempts = b.probe.Attempts[1:] }, Invalid, "is missing"},
		"a friendly verdict": {func(b *bench) {
			set(&b.probe, "world", "tcp", attempt.Connected)
			b.probe.Verdict = record.Verdict{Result: record.Green, Reasons: []string{}, Gaps: []string{}}
		}, Invalid, "its attempts say"},
		"a control that reached nothing": {func(b *bench) { set(&b.control, "world", "udp", attempt.Sent) }, Invalid, "control: nothing got through of world over ipv4 udp"},
		"a probe that did not try":       {func(b *bench) { set(&b.probe, "world", "udp", attempt.NotTried) }, Invalid, "no attempt of the probe proves anything"},
		"a router's no":                  {func(b *bench) { set(&b.probe, "dns", "tcp", attempt.Failed) }, Invalid, "dns: ipv4 tcp"},
		"a leak":                         {func(b *bench) { set(&b.probe, "metadata", "tcp", attempt.Refused) }, Red, "metadata"},
		"a leak without a control": {func(b *bench) {
			set(&b.probe, "world", "icmp", attempt.Answered)
			b.edit = func(i *Input) { i.Control = nil }
		}, Red, "icmp"},
		"a one-way leak that was seen":     {func(b *bench) { b.seen.Seen = append(b.seen.Seen, record.Sighting{Run: b.probe.Run, UDP: 1}) }, Red, "1 messages of the probe"},
		"a witness that stands elsewhere":  {func(b *bench) { b.seen.Seen = []record.Sighting{} }, Invalid, "does not stand where packets go"},
		"a witness that came late":         {func(b *bench) { b.seen.Started = record.Stamp(now.Add(-time.Minute)) }, Invalid, "it watched from"},
		"a witness that left early":        {func(b *bench) { b.seen.Ended = b.probe.Started }, Invalid, "it watched from"},
		"a witness with another plan":      {func(b *bench) { b.seen.PlanHash = "sha256:0" }, Invalid, "no record of a witness"},
		"a record in place of the witness": {func(b *bench) { b.edit = func(i *Input) { i.Witness = i.Control } }, Invalid, "witness:"},
	} {
		bench := newBench(t)
		one.change(bench)
		got := bench.verify(t)
		if got.Result != one.result || !strings.Contains(strings.Join(got.Reasons, "\n"), one.reason) {
			t.Errorf("%s: %s, %q; want %s, %s", name, got.Result, got.Reasons, one.result, one.reason)
		}
		if (got.Result == Valid) != (len(got.Reasons) == 0) {
			t.Errorf("%s: %s with the reasons %q", name, got.Result, got.Reasons)
		}
	}
}

func TestSilenceCountsOnlyWhereTheControlGotAnAnswer(t *testing.T) {
	got := newBench(t).verify(t)
	counts := map[string][2]int{}
	for _, one := range got.Conclusive {
		counts[one.Kind+" "+one.Family+" "+one.Protocol] = [2]int{one.Conclusive, one.Made}
	}
	// Three ports: two of the plan and the drawn one.
	if counts["world ipv4 udp"] != [2]int{3, 3} || counts["world ipv4 sctp"] != [2]int{0, 3} || counts["metadata ipv4 tcp"][0] != 0 {
		t.Errorf("%v", counts)
	}
	if gaps := strings.Join(got.Gaps, "\n"); !strings.Contains(gaps, "metadata: ipv4 tcp: the control got no answer either") {
		t.Errorf("%s", gaps)
	}
}

func swap(text []byte, before, after string) []byte {
	return []byte(strings.Replace(string(text), before, after, 1))
}

func move(one *record.Record, by time.Duration) {
	for _, text := range []*string{&one.Started, &one.Ended} {
		moment, _ := record.Moment(*text)
		*text = record.Stamp(moment.Add(by))
	}
}
