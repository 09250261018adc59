import { recordings } from "./recordings.ts";

const places = {
  host: "On the host, as root",
  driver: "Where the driver is: the host, or the driver's container where the operator installs it",
  nccl: "In a container with nccl-tests and all GPUs of the host; GPUS is their number",
} as const;

/** What to record of a host, as commands that write the files `judge` reads. */
export function commandsText(): string {
  return Object.entries(places)
    .flatMap(([where, title]) => [
      `# ${title}`,
      ...Object.values(recordings)
        .filter((recording) => recording.where === where)
        .map(({ command, file }) =>
          command.includes(";") ? `{ ${command}; } > ${file}` : `${command} > ${file}`,
        ),
      "",
    ])
    .join("\n");
}
