/**
 * What the restricted Pod Security Standard allows. Source: the Kubernetes documentation of the
 * standard and `k8s.io/pod-security-admission/policy`, 1.37 (2026-11).
 */

/** Namespaces of the host, and the one that a pod's containers would share; each must stay off. */
export const sharedNamespaces = [
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "shareProcessNamespace",
] as const;

/** The one capability that a container may add. */
export const allowedCapability = "NET_BIND_SERVICE";

export const safeSysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
] as const;

export const restrictedVolumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

export const seccompTypes = ["RuntimeDefault", "Localhost"] as const;
export const appArmorTypes = ["RuntimeDefault", "Localhost"] as const;

/** Besides an absent and an empty type. */
export const seLinuxTypes = [
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
] as const;

/** What the kubelet calls; with a host it calls from the node, outside every network policy. */
export const kubeletHandlers = [
  ["startupProbe"],
  ["readinessProbe"],
  ["livenessProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;

/** Kinds of handler that can name a host. */
export const hostHandlers = ["httpGet", "tcpSocket"] as const;
