import { flashInferSwitches, offlineSwitches, otherHub } from "../../data/engine-switches.ts";
import {
  type Engine,
  enginesOf,
  forbiddenVariable,
  undecidedSettings,
  variableFault,
} from "../../kubernetes/engine-settings.ts";
import { fetchFaults } from "../../kubernetes/fetch-commands.ts";
import { modelFaults, modelVariableFaults } from "../../kubernetes/model-argument.ts";
import { type Field, get, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const offlineArtefacts: ResourceRule = {
  id: "A02",
  name: "offline-artefacts",
  level: "resource",
  description:
    "Every inference engine works offline: it asks no model hub, fetches no kernels and loads its model from a local path.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["25"] },
  remedy: 'set HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to "1" and name the model by its local path',
  check: (object, settings) => [
    ...enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine)),
    ...fetchFaults(object, settings).map(({ field, problem }) =>
      violation(
        object,
        field,
        problem,
        "stage what is loaded before, outside the inference namespaces",
      ),
    ),
  ],
};

function checkEngine(object: KubeObject, engine: Engine): readonly Violation[] {
  const faults = offlineSwitches.map((name) => ({
    name,
    fault: variableFault(engine.environment, name, ["1"]),
  }));
  return [
    ...undecidedSettings(object, engine, [
      ...offlineSwitches,
      otherHub.name,
      ...flashInferSwitches.map(({ name }) => name),
    ]),
    ...faults.flatMap(({ name, fault }) =>
      fault === undefined
        ? []
        : [violation(object, fault.field, fault.problem, `set ${name} to "1"`)],
    ),
    ...(engine.engine === "vllm" ? checkFlashInfer(object, engine) : []),
    ...forbiddenVariable(object, engine.environment, otherHub.name, otherHub.harmless),
    ...[...modelFaults(engine), ...modelVariableFaults(engine)].map(({ field, problem }) =>
      violation(object, field, problem, "name the model by its absolute path in the container"),
    ),
  ];
}

/** An attention backend of FlashInfer fetches its kernels whatever the sampler is told. */
const flashInferAttention = /^(?:--attention[-_]backend(?:=|$)|.*VLLM_ATTENTION_BACKEND)/i;

function asksFlashInfer(engine: Engine): boolean {
  const named = engine.words.some((word, index) => {
    if (word === undefined || !flashInferAttention.test(word)) return false;
    return /flashinfer/i.test(`${word} ${engine.words[index + 1] ?? "flashinfer"}`);
  });
  const variable = engine.environment.variables.get("VLLM_ATTENTION_BACKEND");
  return named || (variable !== undefined && !/^(?!.*flashinfer).+$/i.test(valueText(variable)));
}

/** What cannot be read may name it. */
function valueText(variable: Field): string {
  return textOf(get(variable, "value")) ?? "flashinfer";
}

function checkFlashInfer(object: KubeObject, engine: Engine): readonly Violation[] {
  const { environment } = engine;
  const cubin = variableFault(environment, "VLLM_HAS_FLASHINFER_CUBIN", ["1"]);
  if (cubin !== undefined && asksFlashInfer(engine)) {
    const problem = "asks for attention by FlashInfer, which fetches its kernels when it starts";
    const remedy =
      'choose another backend, or set VLLM_HAS_FLASHINFER_CUBIN to "1" where the image holds the kernels';
    return [violation(object, get(engine.container.field, "args"), problem, remedy)];
  }
  const faults = flashInferSwitches.map(({ name, wanted }) =>
    variableFault(environment, name, [wanted]),
  );
  const [fault] = faults;
  if (fault === undefined || faults.includes(undefined)) return [];
  return [
    violation(
      object,
      fault.field,
      fault.problem,
      'set VLLM_USE_FLASHINFER_SAMPLER to "0", or VLLM_HAS_FLASHINFER_CUBIN to "1" where the image holds the kernels',
    ),
  ];
}
