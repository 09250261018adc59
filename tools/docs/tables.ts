import { gpuFacts } from "../../components/lib/gpus.ts";
import { gpuInstanceTypes } from "../../components/lib/instance-types.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import { checkpointOf } from "../../components/lib/models/checkpoint.ts";
import { type Licence, licences } from "../../components/lib/models/licence.ts";
import { benchmarks } from "../../components/lib/models/scores.ts";
import { precisionSchema } from "../../components/lib/stack/serving.ts";
import { fitHead, fitRows } from "./fit-table.ts";

/** Tables of the documentation that follow from data, by the name in their marks. */
export const tables: Readonly<Record<string, () => string>> = {
  models: modelTable,
  checkpoints: checkpointTable,
  licences: licenceTable,
  scores: scoreTable,
  gpus: gpuTable,
  machines: machineTable,
  fit: () => table(fitHead, fitRows()),
};

/** Pages with such tables. */
export const tablePages = ["docs/models.md", "docs/fit.md"] as const;

const none = "–";

function modelTable(): string {
  return table(
    ["model", "parameters", "context, tokens", "licence", "function calls", "fine-tuned from"],
    Object.entries(catalogue).map(([id, { shape, licence, toolParser, base }]) => [
      code(id),
      parameters(shape.parametersBillion, shape.activeParametersBillion),
      thousands(shape.nativeContextTokens),
      licence.name,
      toolParser === undefined ? "no" : code(toolParser),
      base === undefined ? none : code(base),
    ]),
  );
}

function checkpointTable(): string {
  const precisions = precisionSchema.options;
  return table(
    ["model", ...precisions],
    Object.entries(catalogue).map(([id, model]) => [
      code(id),
      ...precisions.map((precision) => {
        const repository = checkpointOf(model, precision);
        return repository === undefined ? none : code(repository);
      }),
    ]),
  );
}

function licenceTable(): string {
  const known: readonly Licence[] = Object.values(licences);
  return table(
    ["licence", "conditions, in our words"],
    known.map(({ name, url, conditions }) => [
      url === undefined ? name : `[${name}](${url})`,
      conditions.length === 0 ? "keep the notices" : conditions.join("; "),
    ]),
  );
}

function scoreTable(): string {
  return table(
    ["model", "measured", ...benchmarks, "how", "source", "read"],
    Object.entries(catalogue).flatMap(([id, { scores }]) =>
      scores.map(({ values, measured, method, source, asOf }) => [
        code(id),
        measured,
        ...benchmarks.map((benchmark) => values[benchmark]?.toFixed(1) ?? none),
        method,
        source,
        asOf,
      ]),
    ),
  );
}

function gpuTable(): string {
  return table(
    [
      "GPU",
      "memory, GB",
      "visible, GiB",
      "bandwidth, TB/s",
      "BF16, TFLOP/s",
      "INT8, TOP/s",
      "FP8, TFLOP/s",
      "capability",
      "NVLink, GB/s",
      "label",
    ],
    Object.entries(gpuFacts).map(([id, gpu]) => [
      code(id),
      String(gpu.memoryGb),
      String(gpu.visibleGib),
      String(gpu.bandwidthTbPerSecond),
      String(gpu.peak.bf16),
      String(gpu.peak.int8),
      gpu.peak.fp8 === undefined ? "no" : String(gpu.peak.fp8),
      `${gpu.computeCapability} (${gpu.architecture})`,
      gpu.nvlinkGbPerSecond === undefined ? "no" : String(gpu.nvlinkGbPerSecond),
      code(gpu.product),
    ]),
  );
}

function machineTable(): string {
  return table(
    ["machine", "GPUs", "vCPU", "memory, GiB", "NVMe, GB", "EFA", "USD per hour", "where, when"],
    Object.entries(gpuInstanceTypes).map(([type, machine]) => [
      code(type),
      `${machine.gpus} × ${code(machine.gpu)}`,
      String(machine.vcpus),
      thousands(machine.memoryGib),
      `${machine.nvme.disks} × ${thousands(machine.nvme.gbPerDisk)}`,
      String(machine.efaInterfaces),
      machine.onDemand.usdPerHour.toFixed(2),
      `${machine.onDemand.region}, ${machine.onDemand.asOf}`,
    ]),
  );
}

function parameters(all: number, active: number): string {
  const total = `${all.toFixed(1)} B`;
  return active === all ? total : `${total}, ${active.toFixed(1)} B of them per token`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function thousands(number: number): string {
  return number.toLocaleString("en-US");
}
