import { groupOf } from "../../kubernetes/api-groups.ts";
import { configData, documentsOf } from "../../kubernetes/config-data.ts";
import { insideOf } from "../../kubernetes/hosts.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";
import type { Destinations } from "../../observability/addresses.ts";
import {
  checkDiscovery,
  checkDriver,
  checkOperands,
  configMapsByName,
} from "../../observability/gpu-operator.ts";
import { mountedFiles } from "../../observability/mounted-files.ts";
import { programs } from "../../observability/phone-home.ts";
import { checkProgram, isOff, programsOf } from "../../observability/program-switches.ts";
import { type Files, filesOf } from "../../observability/secret-keys.ts";

export const noPhoneHome: StackRule = {
  id: "M02",
  name: "no-phone-home",
  level: "stack",
  description:
    "No program of the platform reports usage, looks for updates or downloads code or packages from its maker.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["25"] },
  remedy: "turn the program's usage reports, update checks and downloads off",
  check: (graph, settings) => {
    const files = filesOf(graph);
    const destinations: Destinations = {
      inside: insideOf(graph, settings),
      hosts: settings.policies.packageHosts,
      setting: "policies.packageHosts",
    };
    const maps = configMapsByName(graph.objects);
    return graph.objects.flatMap((object) => [
      ...checkPods(object, files),
      ...checkResource(object, maps, destinations),
      ...checkDiscoveryFile(object),
    ]);
  },
};

function checkPods(object: KubeObject, files: Files): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  return containersOf(template).flatMap(({ field: container }) => {
    const found = programsOf(container);
    if (found.length === 0) return [];
    const mounted = mountedFiles(files, object, template, container);
    return found.flatMap((program) => checkProgram(object, container, program, mounted));
  });
}

function checkResource(
  object: KubeObject,
  maps: ReadonlyMap<string, readonly KubeObject[]>,
  destinations: Destinations,
): readonly Violation[] {
  const spec = get(rootField(object.body), "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "nvidia.com/ClusterPolicy": {
      const driver = get(spec, "driver");
      // Another resource then says what the driver is.
      const elsewhere = get(driver, "useNvidiaDriverCRD").value === true;
      const repository = get(driver, "repoConfig", "configMapName");
      return [
        ...(elsewhere ? [] : checkDriver(object, driver, repository, maps, destinations)),
        ...checkOperands(object),
      ];
    }
    case "nvidia.com/NVIDIADriver":
      return checkDriver(object, spec, get(spec, "repoConfig", "name"), maps, destinations);
    case "grafana.integreatly.org/Grafana":
      return checkGrafana(object);
    default:
      return [];
  }
}

/** The operator's resource holds grafana.ini as an object of sections. */
function checkGrafana(object: KubeObject): readonly Violation[] {
  const config = get(rootField(object.body), "spec", "config");
  if (isUnreadable(config)) return [unreadable(object, config)];
  const grafana = programs.find(({ name }) => name.test("grafana"));
  return (grafana?.switches ?? []).flatMap(({ file = [], off }) => {
    const field = get(config, ...file);
    if (isUnreadable(field)) return [unreadable(object, field)];
    if (isOff(field.value, off)) return [];
    return [violation(object, field, "is not off", `set it to "${off[0]}"`)];
  });
}

function checkDiscoveryFile(object: KubeObject): readonly Violation[] {
  return configData(object)
    .texts.filter(({ text }) => text.includes("hooksEnabled"))
    .flatMap(documentsOf)
    .flatMap((document) => checkDiscovery(object, document));
}
