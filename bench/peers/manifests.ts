/**
 * A cluster of a given size as YAML: N Deployments, as many policies with a rule of each kind, N/10
 * namespaces and a default deny in each. 400 gives 880 objects.
 */
export function generatedManifests(deployments: number): string {
  const namespaces = Math.max(1, Math.floor(deployments / 10));
  const parts: string[] = [];
  for (let index = 0; index < namespaces; index += 1) parts.push(walls(`ns-${index}`));
  for (let index = 0; index < deployments; index += 1) {
    parts.push(workload(`app-${index}`, `ns-${index % namespaces}`));
  }
  return parts.join("---\n");
}

/** Number of objects that `generatedManifests` writes. */
export function objectsIn(deployments: number): number {
  return 2 * Math.max(1, Math.floor(deployments / 10)) + 2 * deployments;
}

function walls(namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: ${namespace}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`;
}

function workload(name: string, namespace: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: registry.example/main:1
          ports:
            - name: http
              containerPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels:
      app: ${name}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
  egress:
    - to:
        - podSelector: {}
      ports:
        - port: http
    - to:
        - ipBlock:
            cidr: 203.0.113.0/24
            except: [203.0.113.128/25]
      ports:
        - port: 443
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ns-0
      ports:
        - port: 53
          protocol: UDP
`;
}
