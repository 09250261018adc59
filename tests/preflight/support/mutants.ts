import type { Mutant } from "./mutant.ts";
import { ofGpus } from "./mutants-of-gpus.ts";
import { ofHosts } from "./mutants-of-hosts.ts";

export const mutants: readonly Mutant[] = [...ofGpus, ...ofHosts];
