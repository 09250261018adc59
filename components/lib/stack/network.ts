import { z } from "zod";
import { cidrFault, overlaps, parseCidr } from "../cidr.ts";

/** Network plugins whose profile the egress analysis knows; `none`: nothing enforces network policies. */
export const cniNames = ["none", "vpc-cni-strict", "cilium", "calico"] as const;
export type CniName = (typeof cniNames)[number];

const cidr = z.string().superRefine((value, context) => {
  const message = cidrFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** Address ranges of a cluster. Rules read them from here, never from what a provider reports. */
export const networkSchema = z
  .strictObject({
    podCidr: cidr,
    serviceCidr: cidr,
    nodeCidr: cidr,
    /** `none`: nothing enforces network policies, as on the local cluster, where no packet flows. */
    cni: z.enum(cniNames),
  })
  .superRefine(({ podCidr, serviceCidr, nodeCidr, cni }, context) => {
    // The VPC CNI gives pods addresses of the network that nodes are in.
    const shared = cni === "vpc-cni-strict" && podCidr === nodeCidr;
    const pairs = [
      { first: "podCidr", a: podCidr, second: "serviceCidr", b: serviceCidr },
      ...(shared ? [] : [{ first: "podCidr", a: podCidr, second: "nodeCidr", b: nodeCidr }]),
      { first: "serviceCidr", a: serviceCidr, second: "nodeCidr", b: nodeCidr },
    ];
    for (const { first, a, second, b } of pairs) {
      // A range that is none was told already.
      if (cidrFault(a) !== undefined || cidrFault(b) !== undefined) continue;
      if (!overlaps(parseCidr(a), parseCidr(b))) continue;
      context.addIssue({
        code: "custom",
        path: [second],
        message: `${b} overlaps ${first} ${a}; give each its own range`,
      });
    }
  });

export type NetworkConfig = z.infer<typeof networkSchema>;
