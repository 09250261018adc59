import { type Criticality, type PhaseName, phases } from "./phases.ts";

/** Who may see the content of a request; only `public` may leave. */
export const dataClasses = ["public", "internal", "restricted"] as const;
export type DataClass = (typeof dataClasses)[number];

/** A model of this stack. */
export interface LocalBackend {
  readonly kind: "local";
  /** Name within the class, which `traffic` and metrics use. */
  readonly name: string;
  /** Name of a model under `models`. */
  readonly model: string;
}

/** A model of a commercial provider. */
export interface ExternalBackend {
  readonly kind: "external";
  readonly name: string;
  /** Name of a provider under `gateway.providers`. */
  readonly provider: string;
  /** What the provider calls the model, or the deployment on Azure. */
  readonly model: string;
}

export type Backend = LocalBackend | ExternalBackend;

/** Shares by backend name, whole percent; they add up to 100. */
export type Weights = Readonly<Record<string, number>>;

interface AnyTaskClass {
  readonly name: string;
  readonly criticality: Criticality;
  /** @default - the phase of the gateway */
  readonly phase?: PhaseName;
  /** Shares that differ from the table of phases. @default - the table */
  readonly weights?: Readonly<Partial<Record<PhaseName, Weights>>>;
  /** Longest time until the answer is complete, seconds. */
  readonly latencyBudgetSeconds: number;
  /** Longest prompt and longest answer, tokens. */
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
}

/** A class whose requests may leave, to the providers it names. */
export interface PublicTaskClass extends AnyTaskClass {
  readonly dataClass: "public";
  readonly backends: readonly Backend[];
  /** Whether a provider answers while no local backend can. @default - no */
  readonly failover?: boolean;
}

/** A class whose requests never leave; no type of it can name a provider. */
export interface ClosedTaskClass extends AnyTaskClass {
  readonly dataClass: "internal" | "restricted";
  readonly backends: readonly LocalBackend[];
}

export type TaskClass = PublicTaskClass | ClosedTaskClass;

export function isPublic(taskClass: TaskClass): taskClass is PublicTaskClass {
  return taskClass.dataClass === "public";
}

/**
 * Shares of a class in a phase: what the class itself says, else the table's. The self-hosted share goes to
 * the first local backend and the rest to the first external one; a class with one kind alone has all there.
 */
export function weightsIn(taskClass: TaskClass, phase: PhaseName): Weights {
  const own = taskClass.weights?.[phase];
  if (own !== undefined) return completed(taskClass, own);
  const backends: readonly Backend[] = taskClass.backends;
  const local = backends.find(({ kind }) => kind === "local");
  const external = backends.find(({ kind }) => kind === "external");
  const share = selfHostedShare(taskClass, phase, local !== undefined, external !== undefined);
  return completed(taskClass, {
    ...(local === undefined ? {} : { [local.name]: share }),
    ...(external === undefined ? {} : { [external.name]: 100 - share }),
  });
}

function selfHostedShare(
  { criticality }: TaskClass,
  phase: PhaseName,
  local: boolean,
  external: boolean,
): number {
  if (!local) return 0;
  return external ? phases[phase].selfHostedPercent[criticality] : 100;
}

/** Every backend by name, those not mentioned with 0. */
function completed({ backends }: TaskClass, weights: Weights): Weights {
  const all: readonly Backend[] = backends;
  return Object.fromEntries(all.map(({ name }) => [name, weights[name] ?? 0]));
}

/** The shares of a class in every phase. */
export function weightsByPhase(taskClass: TaskClass): Readonly<Record<PhaseName, Weights>> {
  return {
    poc: weightsIn(taskClass, "poc"),
    canary: weightsIn(taskClass, "canary"),
    expand: weightsIn(taskClass, "expand"),
    full: weightsIn(taskClass, "full"),
    hybrid: weightsIn(taskClass, "hybrid"),
  };
}
