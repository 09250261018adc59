import type * as pulumi from "@pulumi/pulumi";
import type { BlockTimes } from "../components/cluster/eks/capacity-block.ts";

/** What a stack of layer cluster gives to the platform stack on it, by StackReference. */
export interface ClusterOutputs {
  readonly kubeconfig: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** Where images are mirrored to, as `HOST/PATH`; empty where the registry is none of this stack. */
  readonly imageRepositories: readonly pulumi.Output<string>[];
  readonly weightsBucket?: pulumi.Output<string>;
  /** Whoever stages or reads weights needs this key. */
  readonly weightsKeyArn?: pulumi.Output<string>;
  /** Pools whose machines are bought for a time. */
  readonly capacityBlocks: readonly BlockTimes[];
}

/** What a platform stack tells its users. */
export interface PlatformOutputs {
  readonly models: readonly ModelOutput[];
  /** Where clients call; empty where the stack has no gateway. */
  readonly gateway: readonly GatewayOutput[];
  /** Whether the GPU nodes are simulated; nothing measured on such a stack says anything of a model. */
  readonly simulated: boolean;
}

export interface ModelOutput {
  readonly name: string;
  /** Base URL of the OpenAI-compatible API inside the cluster. */
  readonly endpoint: string;
  /** Secret, as `namespace/name`, that holds the API key. */
  readonly apiKeySecret: string;
  readonly gpus: number;
  readonly replicas: number;
  /** Whether callers can go on while the model is changed, or find none until the new replica has loaded. */
  readonly rollout: "interrupts" | "serves on";
}

export interface GatewayOutput {
  /** Which proxy: what may leave and what never does are two. */
  readonly proxy: string;
  /** Base URL of the OpenAI-compatible API inside the cluster. */
  readonly endpoint: string;
  readonly taskClasses: readonly string[];
}

export type StackOutputs = ClusterOutputs | PlatformOutputs;
