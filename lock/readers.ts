import { mirroredRepository, type Registry } from "../components/lib/images.ts";
import type { ChartVersion, ImageVersion } from "../infra/versions.ts";
import { readArchiveDigest } from "./chart-digest.ts";
import { readTagDigest } from "./image-digest.ts";
import { type Hub, readModelRevision } from "./model-revision.ts";
import type { Resolved } from "./outcome.ts";
import { ReadError } from "./read-error.ts";
import type { Subject } from "./subjects.ts";

/** What is known about a name now. @throws ReadError, or the signal's reason */
export type Reader = (subject: Subject, signal: AbortSignal) => Promise<Resolved>;

/** Path of a program, or why it cannot be had. */
export type ToolPath = string | Error;

export interface Sources {
  readonly crane: ToolPath;
  readonly helm: ToolPath;
  readonly hub: Hub;
  /** Registry to read images from; charts and models are read where they are published. */
  readonly mirror?: Registry | undefined;
  /** For a mirror on this machine only. */
  readonly insecure: boolean;
  readonly env: NodeJS.ProcessEnv;
}

export function readerOf(sources: Sources): Reader {
  // The hub's token is no business of other programs.
  const { HF_TOKEN: _, ...env } = sources.env;
  const crane = () => ({ program: available("crane", sources.crane), env });
  const helm = () => ({ program: available("helm", sources.helm), env });
  const { mirror, insecure, hub } = sources;
  return async (subject, signal) => {
    const { kind, key } = subject;
    switch (kind) {
      case "images": {
        const from = imageReference(subject.image, mirror);
        return { kind, key, digest: await readTagDigest(crane(), from, insecure, signal) };
      }
      case "charts": {
        const from = ociReference(subject.chart);
        const digest =
          from === undefined
            ? await readArchiveDigest(helm(), subject.chart, signal)
            : await readTagDigest(crane(), from, false, signal);
        return { kind, key, digest };
      }
      case "models":
        return { kind, key, revision: await readModelRevision(hub, subject.repository, signal) };
      default:
        subject satisfies never;
        throw new Error("unreachable");
    }
  };
}

/**
 * Where an image's tag is read.
 * @throws ReadError for an image that is built from this repository, unless a registry is named: without
 *   one its name would be looked up in a public registry, where anybody could have taken it
 */
export function imageReference(image: ImageVersion, mirror: Registry | undefined): string {
  if (image.builtFrom !== undefined && mirror === undefined) {
    throw new ReadError(
      `${image.repository}:${image.tag} is built from ${image.builtFrom} and published nowhere`,
      `build it (${image.builtFrom}/Dockerfile), push it into your registry and run with --mirror`,
    );
  }
  const repository = mirror === undefined ? image.repository : mirroredRepository(image, mirror);
  return `${repository}:${image.tag}`;
}

/** Reference of a chart in a registry; undefined for a chart repository behind HTTP. */
export function ociReference(chart: ChartVersion): string | undefined {
  if (!chart.repository.startsWith("oci://")) return undefined;
  // Helm writes + as _ in tags, where + is not allowed.
  const tag = chart.version.replaceAll("+", "_");
  return `${chart.repository.slice("oci://".length)}/${chart.chart}:${tag}`;
}

function available(name: string, tool: ToolPath): string {
  if (typeof tool === "string") return tool;
  throw new ReadError(`${name} cannot be had: ${tool.message}`, `provide ${name} and run again`);
}
