import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";

/** Holds no credential: whoever uses it proves an identity of AWS. Secret all the same, since it names a way in. */
export function kubeconfig(
  { clusterName, region }: Pick<EksClusterArgs, "clusterName" | "region">,
  cluster: Cluster,
): pulumi.Output<string> {
  const named = { cluster: clusterName, user: clusterName };
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: clusterName,
          cluster: {
            server: cluster.endpoint,
            "certificate-authority-data": cluster.certificateAuthority.data,
          },
        },
      ],
      contexts: [{ name: clusterName, context: named }],
      "current-context": clusterName,
      users: [
        {
          name: clusterName,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: [
                "--region",
                region,
                "eks",
                "get-token",
                "--cluster-name",
                clusterName,
                "--output",
                "json",
              ],
              interactiveMode: "Never",
            },
          },
        },
      ],
    }),
  );
}
