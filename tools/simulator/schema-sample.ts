import { isRecord } from "./values.ts";

/** Deeper schemas are cut off: one that refers to itself would have no end. */
const deepest = 16;

/** A value that fits a JSON schema's types; formats, patterns and bounds are not looked at. */
export function sample(schema: unknown, depth = 0): unknown {
  if (!isRecord(schema) || depth > deepest) return {};
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  if ("const" in schema) return schema["const"];
  const either = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(either)) return sample(either[0], depth + 1);
  const type: unknown = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "string":
      return "simulated";
    case "number":
    case "integer":
      return 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return schema["minItems"] === undefined ? [] : [sample(schema["items"], depth + 1)];
    default:
      return properties(schema["properties"], depth);
  }
}

function properties(value: unknown, depth: number): unknown {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, sample(child, depth + 1)]),
  );
}
