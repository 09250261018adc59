import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GpuNodes } from "../cluster/gpu-cluster.ts";
import { workloadLabels } from "../lib/labels.ts";
import { type ProbeSettings, probePlan } from "./probe/plan.ts";
import { planField, probePod } from "./probe/pod.ts";

/** Pods that a probe stands in for. */
export interface ProbeSubject {
  /** Names the probe; such as the name of a model. */
  readonly name: string;
  /** Every label that those pods carry. */
  readonly labels: Readonly<Record<string, string>>;
  /** Port that network policies open to them. @default - none */
  readonly port?: number;
}

export interface EgressProbeArgs {
  /** Namespace behind the walls. */
  readonly namespace: string;
  /** Namespace without walls; made by Isolation like the other. */
  readonly controlNamespace: string;
  /** Image by digest, from the registry inside. */
  readonly image: string;
  readonly digest: string;
  /** One probe for each; policies select by labels, so pods with other labels stand behind other walls. */
  readonly subjects: readonly ProbeSubject[];
  readonly nodes: GpuNodes;
  readonly settings: ProbeSettings;
  /** Name of the network plugin's profile, which every record states. */
  readonly cniProfile: string;
  /** Times in cron's notation, UTC. @default - once for every plan and image */
  readonly schedule?: string;
}

/** Secret in both namespaces with the key that signs; made by hand, so no state and no stack holds it. */
const keySecret = "egress-probe-key";
const accountName = "egress-probe";

/** Seconds for being scheduled, pulling and running; a run itself ends within about two minutes. */
const deadlineSeconds = 900;

/**
 * Tries every way out of inference pods with packets, beside a control that must get through. Records go
 * to the pods' logs, signed, since a probe that could send them anywhere would have found its leak.
 */
export class EgressProbe extends pulumi.ComponentResource {
  constructor(name: string, args: EgressProbeArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:isolation:EgressProbe", name, args, opts);
    const control = {
      mode: "control",
      namespace: args.controlNamespace,
      subjects: [{ name: "control", labels: { ...workloadLabels(accountName, "control") } }],
    } as const;
    const models = args.subjects.map((one) => ({ ...one, name: `model-${one.name}` }));
    // Isolation by a selector that somebody forgot to widen shows in pods without any label.
    const subjects = [...models, { name: "unlabelled", labels: {} }];
    const probe = { mode: "probe", namespace: args.namespace, subjects } as const;
    const open = new k8s.networking.v1.NetworkPolicy(
      `${name}-control-open`,
      openEgress(args.controlNamespace),
      { parent: this },
    );
    this.room(name, control, args, [open]);
    this.room(name, probe, args, []);
    this.registerOutputs({});
  }

  /** The runs of one namespace and what they need there. */
  private room(
    name: string,
    { mode, namespace, subjects }: Room,
    args: EgressProbeArgs,
    first: readonly pulumi.Resource[],
  ): void {
    const metadata = { namespace, labels: { ...workloadLabels(accountName, mode) } };
    const plan = probePlan(args.settings, args.cniProfile);
    const planConfigMap = `egress-probe-plan-${shortHash(plan)}`;
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-${mode}`,
      {
        metadata: { ...metadata, name: accountName },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const map = new k8s.core.v1.ConfigMap(
      `${name}-${mode}-plan`,
      {
        metadata: { ...metadata, name: planConfigMap },
        immutable: true,
        data: { [planField]: plan },
      },
      { parent: this },
    );
    for (const subject of subjects) {
      const template = probePod({
        ...args,
        mode,
        labels: subject.labels,
        ...(subject.port === undefined ? {} : { port: subject.port }),
        serviceAccount: accountName,
        planConfigMap,
        keySecret,
      });
      run(`${name}-${subject.name}`, metadata, template, args.schedule, {
        parent: this,
        dependsOn: [...first, account, map],
      });
    }
  }
}

interface Room {
  readonly mode: "control" | "probe";
  readonly namespace: string;
  readonly subjects: readonly ProbeSubject[];
}

type Metadata = { readonly namespace: string; readonly labels: Record<string, string> };

/** Longest name of a CronJob is 52 characters; of a Job, 63. */
const longestName = 52;

/** A Job for this very template, or a CronJob where times are given. */
function run(
  name: string,
  metadata: Metadata,
  template: k8s.types.input.core.v1.PodTemplateSpec,
  schedule: string | undefined,
  opts: pulumi.CustomResourceOptions,
): void {
  const spec: k8s.types.input.batch.v1.JobSpec = {
    // A second try would answer another question; run it again on purpose.
    backoffLimit: 0,
    activeDeadlineSeconds: deadlineSeconds,
    template,
  };
  if (schedule === undefined) {
    // A Job cannot be changed, so what changes gets a Job of its own.
    const hash = shortHash(JSON.stringify(template));
    const annotations = {
      // Its key is made by hand once the namespace exists; nothing else waits for a probe.
      "pulumi.com/skipAwait": "true",
    };
    const jobName = shortened(name, hash);
    new k8s.batch.v1.Job(
      name,
      { metadata: { ...metadata, name: jobName, annotations }, spec },
      opts,
    );
    return;
  }
  new k8s.batch.v1.CronJob(
    name,
    {
      metadata: {
        ...metadata,
        name: name.length > longestName ? shortened(name, shortHash(name)) : name,
      },
      spec: {
        schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: deadlineSeconds,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec },
      },
    },
    opts,
  );
}

/**
 * Some plugins in strict mode let a pod that no policy selects reach nobody. The control would then fail
 * for a reason that has nothing to do with the world.
 */
function openEgress(namespace: string): k8s.networking.v1.NetworkPolicyArgs {
  return {
    metadata: { name: "open-egress", namespace },
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
  };
}

function shortened(name: string, hash: string): string {
  return `${name.slice(0, longestName - hash.length - 1)}-${hash}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
