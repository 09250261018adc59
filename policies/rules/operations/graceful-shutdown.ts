import type { Engine } from "../../kubernetes/engine-settings.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { flagValue, servedEngines } from "../../kubernetes/served-engines.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

/** What Kubernetes gives a pod that states nothing, seconds. */
const defaultGrace = 30;

const flag = "--shutdown-timeout";

export const gracefulShutdown: ResourceRule = {
  id: "O02",
  name: "graceful-shutdown",
  level: "resource",
  description:
    "A stopping engine finishes the requests it holds: it drains for a stated time, and the pod lives longer than hook and drain together.",
  severity: "medium",
  enforcement: "mandatory",
  mapping: {},
  remedy: `set ${flag} above 0, and terminationGracePeriodSeconds above the preStop hook and ${flag} together`,
  check: (object, settings) =>
    servedEngines(object, settings).flatMap((engine) => checkEngine(object, engine)),
};

function checkEngine(object: KubeObject, engine: Engine): readonly Violation[] {
  const spec = podTemplate(object)?.spec;
  if (spec === undefined) return [];
  const drain = drainSeconds(engine);
  const hook = hookSeconds(get(engine.container.field, "lifecycle", "preStop"));
  const grace = get(spec, "terminationGracePeriodSeconds");
  if (isUnreadable(grace)) return [unreadable(object, grace)];
  const faults = [drain, hook].flatMap((each) => ("fault" in each ? [each.fault] : []));
  if (faults.length > 0 || "fault" in drain || "fault" in hook) {
    return faults.map(({ field, problem }) =>
      isUnreadable(field) ? unreadable(object, field) : violation(object, field, problem),
    );
  }
  const given = grace.value === undefined ? defaultGrace : grace.value;
  const needed = drain.seconds + hook.seconds;
  if (typeof given === "number" && given > needed) return [];
  const what = typeof given === "number" ? `${given} s` : "no number of seconds";
  const problem = `is ${what}, and the preStop hook and ${flag} take ${needed} s together`;
  return [violation(object, grace, problem)];
}

type Seconds =
  | { readonly seconds: number }
  | { readonly fault: { readonly field: Field; readonly problem: string } };

/** How long the engine drains; only vLLM is known well enough to be asked for it. */
function drainSeconds({ engine, container, words }: Engine): Seconds {
  if (engine !== "vllm") return { seconds: 0 };
  const field = get(
    container.field,
    get(container.field, "args").value === undefined ? "command" : "args",
  );
  const value = flagValue(words, flag);
  if (value === undefined) {
    return { fault: { field, problem: `lacks ${flag}, so requests in flight are cut off` } };
  }
  const seconds = Number(value ?? Number.NaN);
  if (value !== "" && seconds > 0) return { seconds };
  return { fault: { field, problem: `holds ${flag} without a number of seconds above 0` } };
}

function hookSeconds(hook: Field): Seconds {
  const sleep = get(hook, "sleep", "seconds");
  const exec = get(hook, "exec", "command");
  const others = ["httpGet", "tcpSocket"].map((name) => get(hook, name));
  const open = [...(exec.value === undefined ? [] : [exec]), ...others].find(
    ({ value }) => value !== undefined,
  );
  if (open !== undefined) return execSeconds(open);
  if (sleep.value === undefined) return { seconds: 0 };
  if (typeof sleep.value === "number") return { seconds: sleep.value };
  return { fault: { field: sleep, problem: "is no number of seconds" } };
}

/** Only `sleep N` says how long it takes. */
function execSeconds(command: Field): Seconds {
  const words = elements(command).map((word) => textOf(word) ?? "");
  const [program = "", time = "", ...more] = words;
  if (/^(?:\/(?:usr\/)?bin\/)?sleep$/.test(program) && /^\d+s?$/.test(time) && more.length === 0) {
    return { seconds: Number(time.replace("s", "")) };
  }
  return { fault: { field: command, problem: "takes a time that nobody can tell" } };
}
