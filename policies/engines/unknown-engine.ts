import { type EngineProfile, harmlessFlags, riskyFlags } from "./facts.ts";

/**
 * For an engine without tables: the flags by which engines commonly name what they load, so that at
 * least a name of a hub is seen. Nothing is known to be harmless.
 */
export const unknownEngine: EngineProfile = {
  name: "the engine",
  source: "common names of flags, 2026-11",
  id: "",
  launchers: [[]],
  hasEntryPoint: true,
  positional: "ignored",
  modelFlags: new Set(),
  port: 0,
  fileFlags: new Set(),
  aliases: new Map([
    ["-m", "--model"],
    ["-mu", "--model-url"],
    ["-hf", "--hf-repo"],
  ]),
  flags: new Map([
    ...riskyFlags(
      "artefact",
      "value",
      `hf-config-path hf-repo hf-repo-draft lora lora-adapters model model-draft model-id
      model-path model-url mmproj-url speculative-model tokenizer tokenizer-path`,
      "names what is loaded",
    ),
    ...harmlessFlags("value", "served-model-name"),
  ]),
  variables: new Map(),
};
