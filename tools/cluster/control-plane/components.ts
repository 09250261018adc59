import { join } from "node:path";
import type { Layout } from "./layout.ts";
import type { ClusterRecord } from "./record.ts";
import { serverUrl } from "./record.ts";

/** In the order they start. */
export const componentNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

export type ComponentName = (typeof componentNames)[number];

/** The API server itself, and what it cannot answer without. */
export const servers = ["etcd", "kube-apiserver"] as const;

/** Components that need the API server to answer before they start. */
export const apiClients = ["kube-controller-manager", "kube-scheduler", "kwok"] as const;

/**
 * Stands for the API server in the `kubernetes` Service, whose endpoints must not be loopback.
 * From the range reserved for documentation (RFC 5737): nothing in a simulated Pod ever dials it, and
 * a machine without any network has no other address to offer.
 */
const advertisedAddress = "192.0.2.1";

export interface LaunchFacts {
  readonly layout: Layout;
  readonly record: ClusterRecord;
  /** Files with kwok's Stage objects. */
  readonly stages: readonly string[];
}

/** The command line of one component, without the program itself. */
export function commandLine(component: ComponentName, facts: LaunchFacts): readonly string[] {
  switch (component) {
    case "etcd":
      return etcd(facts);
    case "kube-apiserver":
      return apiServer(facts);
    case "kube-controller-manager":
      return controllerManager(facts);
    case "kube-scheduler":
      return scheduler(facts);
    case "kwok":
      return kwok(facts);
    default:
      component satisfies never;
      throw new Error("unreachable");
  }
}

export function userConfig(layout: Layout, user: string): string {
  return join(layout.userConfigs, `${user}.kubeconfig`);
}

function etcd({ layout, record }: LaunchFacts): readonly string[] {
  const pki = (file: string) => join(layout.pki, file);
  const client = `https://127.0.0.1:${record.ports.etcd}`;
  const peer = `https://127.0.0.1:${record.ports.etcdPeer}`;
  return [
    `--name=${record.name}`,
    `--data-dir=${layout.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=${record.name}=${peer}`,
    "--client-cert-auth",
    `--trusted-ca-file=${pki("etcd-ca.crt")}`,
    `--cert-file=${pki("etcd.crt")}`,
    `--key-file=${pki("etcd.key")}`,
    "--peer-client-cert-auth",
    `--peer-trusted-ca-file=${pki("etcd-ca.crt")}`,
    `--peer-cert-file=${pki("etcd.crt")}`,
    `--peer-key-file=${pki("etcd.key")}`,
    // Waiting for the disk on every write triples the start-up time; a killed process loses nothing
    // by leaving it out, only a machine that loses power does, and this cluster can be made again.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiServer({ layout, record }: LaunchFacts): readonly string[] {
  const pki = (file: string) => join(layout.pki, file);
  return [
    "--bind-address=127.0.0.1",
    `--secure-port=${record.ports.api}`,
    `--advertise-address=${advertisedAddress}`,
    `--etcd-servers=https://127.0.0.1:${record.ports.etcd}`,
    `--etcd-cafile=${pki("etcd-ca.crt")}`,
    `--etcd-certfile=${pki("etcd-client.crt")}`,
    `--etcd-keyfile=${pki("etcd-client.key")}`,
    `--cert-dir=${layout.pki}`,
    `--tls-cert-file=${pki("apiserver.crt")}`,
    `--tls-private-key-file=${pki("apiserver.key")}`,
    `--client-ca-file=${pki("ca.crt")}`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    `--service-cluster-ip-range=${record.serviceCidr}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${pki("service-accounts.pub")}`,
    `--service-account-signing-key-file=${pki("service-accounts.key")}`,
  ];
}

function controllerManager({ layout, record }: LaunchFacts): readonly string[] {
  return [
    `--kubeconfig=${userConfig(layout, "kube-controller-manager")}`,
    `--root-ca-file=${join(layout.pki, "ca.crt")}`,
    `--service-account-private-key-file=${join(layout.pki, "service-accounts.key")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    "--allocate-node-cidrs=true",
    `--cluster-cidr=${record.podCidr}`,
    `--service-cluster-ip-range=${record.serviceCidr}`,
    // No one asks it anything, so it opens no port.
    "--secure-port=0",
  ];
}

function scheduler({ layout }: LaunchFacts): readonly string[] {
  const config = userConfig(layout, "kube-scheduler");
  return [
    `--kubeconfig=${config}`,
    `--authentication-kubeconfig=${config}`,
    "--leader-elect=false",
    "--secure-port=0",
  ];
}

function kwok({ layout, record, stages }: LaunchFacts): readonly string[] {
  return [
    `--kubeconfig=${userConfig(layout, "kwok")}`,
    `--master=${serverUrl(record)}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    ...stages.map((file) => `--config=${file}`),
  ];
}
