// Package record is the result of a run: what was tried, what came back, and who signs for it.
package record

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"private-llm/tools/egress-probe/internal/attempt"
	"private-llm/tools/egress-probe/internal/pod"
)

// Version of the program, of the list of attempts that it makes and of the form of its records.
const Version = "1.0.0"

// Modes of a run.
const (
	// Control runs where everything is open and must get through.
	Control = "control"
	// Probe runs behind the walls and must not.
	Probe = "probe"
	// Witness is the record of the other side.
	Witness = "witness"
)

// Record is one run of a pod. Times are RFC 3339 in UTC with milliseconds.
type Record struct {
	Version string `json:"version"`
	Mode    string `json:"mode"`
	// Run is 16 hexadecimal digits that every payload of the run carried.
	Run     string       `json:"run"`
	Started string       `json:"started"`
	Ended   string       `json:"ended"`
	Pod     pod.Identity `json:"pod"`
	// ImageDigest is what the pod was told that it runs; only its status can confirm it.
	ImageDigest   string            `json:"imageDigest"`
	CNIProfile    string            `json:"cniProfile"`
	PlanHash      string            `json:"planHash"`
	Interfaces    []pod.Interface   `json:"interfaces"`
	DefaultRoutes []pod.Route       `json:"defaultRoutes"`
	Resolvers     []string          `json:"resolvers"`
	Attempts      []attempt.Attempt `json:"attempts"`
	Verdict       Verdict           `json:"verdict"`
}

// Sighting is what the other side got of one run.
type Sighting struct {
	Run string `json:"run"`
	// Messages by protocol: tcp, udp.
	TCP int64 `json:"tcp"`
	UDP int64 `json:"udp"`
}

// WitnessRecord is what a machine of the world received while runs were going on.
type WitnessRecord struct {
	Version  string     `json:"version"`
	Mode     string     `json:"mode"`
	Started  string     `json:"started"`
	Ended    string     `json:"ended"`
	PlanHash string     `json:"planHash"`
	Seen     []Sighting `json:"seen"`
	// Other counts messages without the mark of a run, and those of runs beyond the bound.
	Other int64 `json:"other"`
}

const timeForm = "2006-01-02T15:04:05.000Z"

// Stamp writes a moment as records do.
func Stamp(moment time.Time) string {
	return moment.UTC().Format(timeForm)
}

// Moment reads what Stamp wrote.
func Moment(text string) (time.Time, error) {
	return time.Parse(timeForm, text)
}

// NewRun draws the name of a run.
func NewRun() string {
	bytes := make([]byte, 8)
	_, _ = rand.Read(bytes) // never fails on Linux since Go 1.24
	return hex.EncodeToString(bytes)
}
