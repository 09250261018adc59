import { shortageOf } from "../../../components/lib/fit/explain.ts";
import type { FitQuestion } from "../../../components/lib/fit/question.ts";
import {
  architectureFaults,
  cacheFaults,
  computeFaults,
  computesInFp8,
  contextFaults,
  groupFaults,
  type RuleFault,
  splitFaults,
} from "../../../components/lib/fit/rules.ts";
import { weightsFolder } from "../../../components/lib/models/checkpoint.ts";
import type { CommandLine } from "../../kubernetes/command-line.ts";
import { type EngineFit, engineFit, stackModelOf } from "../../kubernetes/engine-fit.ts";
import type { FlagValue } from "../../kubernetes/engine-flags.ts";
import type { Engine } from "../../kubernetes/engine-settings.ts";
import { servedEngines } from "../../kubernetes/served-engines.ts";
import { type Field, isUnreadable } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings, StackModel } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const modelFits: ResourceRule = {
  id: "O08",
  name: "model-fits",
  level: "resource",
  description:
    "Every model fits its GPUs: weights, KV cache and the longest context, split as the engine can split them, in a precision that the GPU can compute.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "change gpus, precision, contextTokens or load of the model in the stack file; npm run fit says what fits",
  check: (object, settings) =>
    servedEngines(object, settings)
      .filter(({ engine }) => engine === "vllm")
      .flatMap((engine) => checkEngine(object, engine, settings)),
};

function checkEngine(object: KubeObject, engine: Engine, settings: Settings): readonly Violation[] {
  const { line } = engine;
  if (line === undefined) return [];
  if (line.faults.length > 0) return checkHidden(object, engine, line, settings);
  const fit = engineFit(object, engine, line, settings);
  return [
    ...checkRequest(object, fit),
    ...(fit.stackModel === undefined ? [] : checkDeclared(object, fit, fit.stackModel)),
    ...checkRules(object, fit),
    ...checkMemory(object, fit),
  ];
}

/** Whoever hides a flag of a model of this stack hides whether it fits. */
function checkHidden(
  object: KubeObject,
  engine: Engine,
  line: CommandLine,
  settings: Settings,
): readonly Violation[] {
  if (stackModelOf(object, engine, line, settings) === undefined) return [];
  return line.faults.map(({ field, problem }) =>
    isUnreadable(field)
      ? unreadable(object, field)
      : violation(object, field, `${problem}, so nobody can tell whether the model fits`),
  );
}

/** A GPU that no part of the model is on is lost to others; one too few ends the start. */
function checkRequest(object: KubeObject, fit: EngineFit): readonly Violation[] {
  const { requested, tensorParallel, used } = fit;
  if (isUnreadable(requested.field)) return [unreadable(object, requested.field)];
  if (tensorParallel.value === undefined) {
    return [violation(object, tensorParallel.field, "holds no number of GPUs")];
  }
  if (requested.field.value === undefined && fit.stackModel === undefined) return [];
  if (requested.value === undefined) {
    return [violation(object, requested.field, "is no whole number of GPUs")];
  }
  if (used === undefined || used === requested.value) return [];
  const problem = `is ${requested.value}, and the engine spreads the model over ${used} (--tensor-parallel-size)`;
  return [violation(object, requested.field, problem)];
}

/** The stack was found to fit with the numbers that it declares: the engine has to run with those. */
function checkDeclared(
  object: KubeObject,
  fit: EngineFit,
  model: StackModel,
): readonly Violation[] {
  const { tensorParallel, context, cache, folder, modelField, gpu, gpuField } = fit;
  const wanted = weightsFolder(model.model, model.precision);
  const cached = cache.value?.startsWith("fp8") === true ? "fp8" : "bf16";
  const differ = (field: Field, what: string, declared: string | number): Violation =>
    violation(object, field, `${what}, and the stack declares ${declared} for ${model.name}`);
  const numbers: readonly (readonly [FlagValue<number>, string, number])[] = [
    [tensorParallel, "--tensor-parallel-size", model.gpus],
    [context, "--max-model-len", model.contextTokens],
  ];
  return [
    ...(folder === wanted
      ? []
      : [differ(modelField, `loads ${folder ?? "another folder"}`, wanted)]),
    ...numbers.flatMap(([{ field, value, given }, flag, declared]) =>
      given && value === declared
        ? []
        : [
            differ(
              field,
              given ? `gives ${flag} ${value ?? "no number"}` : `lacks ${flag}`,
              declared,
            ),
          ],
    ),
    ...(cached === model.cachePrecision
      ? []
      : [differ(cache.field, `keeps its cache in ${cached}`, model.cachePrecision)]),
    ...(gpu === undefined && gpuField.value !== undefined
      ? [
          violation(
            object,
            gpuField,
            "names a GPU that no table knows, so nothing can be told of its memory",
          ),
        ]
      : []),
  ];
}

/** Checkpoints of these methods also multiply in FP8, where their weights are FP8. */
const computing = new Set(["compressed-tensors", "quark"]);

function checkRules(object: KubeObject, fit: EngineFit): readonly Violation[] {
  const { weights, tensorParallel, context, cache, quantization, gpu, modelField, path } = fit;
  const gpus = tensorParallel.value ?? 1;
  const told = (field: Field, faults: readonly RuleFault[]) =>
    faults.map(({ message }) => violation(object, field, `cannot run: ${message}`));
  const inFp8 = weights?.precision === "fp8" || /fp8/i.test(path);
  const computes = computesInFp8(path) || (inFp8 && computing.has(quantization.value ?? ""));
  return [
    ...(weights === undefined
      ? []
      : [
          ...told(modelField, architectureFaults(weights.id, weights.shape)),
          ...told(tensorParallel.field, splitFaults(weights.id, weights.shape, gpus)),
          ...told(
            tensorParallel.field,
            groupFaults(weights.id, weights.shape, weights.precision, gpus),
          ),
          ...told(
            context.field,
            contextFaults({
              model: weights.id,
              shape: weights.shape,
              contextTokens: context.value ?? 0,
            }),
          ),
        ]),
    ...(gpu === undefined
      ? []
      : [
          ...told(
            cache.field,
            cacheFaults(cache.value?.startsWith("fp8") === true ? "fp8" : "bf16", gpu),
          ),
          ...told(
            quantization.given ? quantization.field : modelField,
            computeFaults(computes, gpu),
          ),
        ]),
  ];
}

/** The load that the stack declares; of any other engine, one sequence of the longest context. */
function checkMemory(object: KubeObject, fit: EngineFit): readonly Violation[] {
  const { weights, gpu, tensorParallel, context, cache, utilization, offloads, stackModel, path } =
    fit;
  const contextTokens = context.value;
  if (weights === undefined || gpu === undefined || contextTokens === undefined || offloads) {
    return [];
  }
  const gpus = tensorParallel.value ?? 1;
  const question: FitQuestion = {
    model: weights.id,
    shape: weights.shape,
    precision: weights.precision,
    checkpoints: { [weights.precision]: path },
    cachePrecision: cache.value?.startsWith("fp8") === true ? "fp8" : "bf16",
    utilization: utilization.value ?? 1,
    gpu,
    gpus,
    gpusPerNode: Math.max(gpus, 8),
    contextTokens,
    load: stackModel?.load ?? { concurrency: 1, inputTokens: contextTokens - 1, outputTokens: 1 },
  };
  const shortage = shortageOf(question);
  if (shortage === undefined) return [];
  return [
    violation(
      object,
      context.field,
      `asks for more than there is: ${shortage.problem}`,
      shortage.remedy,
    ),
  ];
}
