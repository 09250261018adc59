import { type ConfigText, configData } from "../kubernetes/config-data.ts";
import type { PodTemplate } from "../kubernetes/pod-templates.ts";
import { elements, type Field, get, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Files } from "./secret-keys.ts";

/** The files of ConfigMaps and Secrets of the graph that a container finds in its file system. */
export function mountedFiles(
  files: Files,
  object: KubeObject,
  template: PodTemplate,
  container: Field,
): readonly ConfigText[] {
  const volumes = new Map(
    elements(get(template.spec, "volumes")).map((volume) => [get(volume, "name").value, volume]),
  );
  return elements(get(container, "volumeMounts")).flatMap((mount) => {
    const volume = volumes.get(get(mount, "name").value);
    if (volume === undefined) return [];
    const only = get(mount, "subPath").value;
    return sourcesOf(volume)
      .flatMap(({ kind, name }) => {
        const sources = files.find(kind, String(object.namespace), name);
        return sources.flatMap((source) => configData(source).texts);
      })
      .filter(({ key }) => only === undefined || only === key);
  });
}

function sourcesOf(volume: Field) {
  const projected = elements(get(volume, "projected", "sources")).flatMap((source) => [
    { kind: "ConfigMap", field: get(source, "configMap", "name") },
    { kind: "Secret", field: get(source, "secret", "name") },
  ]);
  return [
    { kind: "ConfigMap", field: get(volume, "configMap", "name") },
    { kind: "Secret", field: get(volume, "secret", "secretName") },
    ...projected,
  ].flatMap(({ kind, field }) => {
    const name = textOf(field);
    return name === undefined ? [] : [{ kind, name }];
  });
}
