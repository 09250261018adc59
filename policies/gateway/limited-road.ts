import {
  descriptorKeys,
  externalRoadValue,
  limitsDomain,
} from "../../components/gateway/limits/descriptors.ts";
import { limitsService } from "../../components/gateway/names.ts";
import { configTexts, objectsBelow } from "../kubernetes/config-texts.ts";
import { containersOf, podTemplate } from "../kubernetes/pod-templates.ts";
import { elements, type Field, get, isEmpty, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { isPart } from "./parts.ts";

/** Whether the rate-limit service is told a budget of the external road. */
export function limitsRoad(object: KubeObject): boolean {
  return documents(object).some(
    (document) =>
      textOf(get(document, "domain")) === limitsDomain &&
      elements(get(document, "descriptors")).some(
        (entry) =>
          textOf(get(entry, "key")) === descriptorKeys.road &&
          textOf(get(entry, "value")) === externalRoadValue &&
          elements(get(entry, "descriptors")).some(
            (month) => textOf(get(month, "key")) === descriptorKeys.month,
          ),
      ),
  );
}

function documents(object: KubeObject): readonly Field[] {
  return configTexts(object).flatMap((text) => text.documents ?? []);
}

/** By these an entry lets everything pass, whatever it counts. */
const softModes = ["shadow_mode", "quota_mode", "unlimited"];

/** Limits that are none, or that no rule can read. */
export function softLimits(object: KubeObject): readonly Violation[] {
  return configTexts(object).flatMap(({ field, documents: read }) =>
    read === undefined
      ? [violation(object, field, "is no YAML, so the service limits nothing by it")]
      : read
          .flatMap((document) => [...objectsBelow(document)])
          .flatMap((each) => softModes.map((mode) => get(each, mode)))
          .filter(({ value }) => value !== undefined && value !== false)
          .map((mode) => violation(object, mode, "lets pass what is above its limit")),
  );
}

const softVariables = new Set(["SHADOW_MODE", "QUOTA_MODE"]);

function isSoft(entry: Field): boolean {
  return isUnreadable(entry) || softVariables.has(textOf(get(entry, "name")) ?? "");
}

/** Switches of the service itself that turn every limit off. */
export function softService(object: KubeObject): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined || !isPart(object, limitsService)) return [];
  return containersOf(template).flatMap(({ field }) => [
    ...elements(get(field, "env"))
      .filter(isSoft)
      .map((entry) => violation(object, entry, "lets pass what is above its limit")),
    // Where it looks for limits and numbers.
    ...elements(get(field, "env"))
      .flatMap((entry) => [get(entry, "name"), get(entry, "value")])
      .filter(isUnreadable)
      .map((value) => unreadable(object, value)),
    ...(isEmpty(get(field, "envFrom"))
      ? []
      : [
          violation(
            object,
            get(field, "envFrom"),
            "may hold a variable that lets pass what is above its limit",
          ),
        ]),
  ]);
}
