import { stringify } from "yaml";

const boundary = "node-config";

/**
 * User data that joins all local NVMe disks into one RAID 0 under /mnt/k8s-disks/0 before the kubelet
 * starts. EKS merges its own part into the message. Base64.
 */
export function localStorageUserData(): string {
  const nodeConfig = stringify({
    apiVersion: "node.eks.aws/v1alpha1",
    kind: "NodeConfig",
    spec: { instance: { localStorage: { strategy: "RAID0" } } },
  });
  const message = [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: application/node.eks.aws",
    "",
    nodeConfig,
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(message.join("\n")).toString("base64");
}

/**
 * The same for Bottlerocket, whose own command joins the disks and puts containers, pods and logs on them.
 * Base64.
 */
export function bottlerocketUserData(): string {
  const settings = [
    "[settings.bootstrap-commands.local-storage]",
    'commands = [["apiclient", "ephemeral-storage", "init"], ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"]]',
    "essential = true",
    'mode = "always"',
    "",
  ];
  return Buffer.from(settings.join("\n")).toString("base64");
}
