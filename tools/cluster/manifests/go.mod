// Modules of which only files are read (CRDs), never code; `base-objects.ts` names the files.
// Nothing imports them, so `go mod tidy` would empty this list: change it with `go get MODULE@VERSION`.
module private-llm/tools/cluster/manifests

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
