import type { DocumentOptions, ParseOptions, SchemaOptions } from "yaml";

/**
 * YAML as the API server reads it: version 1.1, where `yes` and `on` are booleans, without its times
 * and base-60 numbers, which the API server reads as text.
 */
export const apiServerYaml: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  merge: true,
  customTags: (tags) =>
    tags.filter(
      (tag) =>
        typeof tag === "string" ||
        (tag.tag !== "tag:yaml.org,2002:timestamp" && tag.format !== "TIME"),
    ),
};
