import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

export const usage = `usage: verify --manifest FILE --folder DIR
       stage  --manifest FILE --source URL --into ROOT --folder NAME [--token-file FILE] [--host HOST ...]
              [--proxy http://ADDRESS:PORT] [--ca-file FILE]
  verify      compare a folder with its manifest, to the last byte
  stage       download what is missing into ROOT/NAME/REVISION; nothing stands there before all of it is verified
  --source    where a file's path is put after; {repository} and {revision} are those of the manifest
  --host      a host that the source may redirect to, with its port if it has one; may be given several times
  --token-file  sent to the host of the source alone
  --proxy     for every connection
  --ca-file   authorities to trust beside those that Node knows, PEM
exit:  0 done, 1 the weights are wrong or not to be had, 2 usage error`;

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** @throws UsageError */
export function options<const T extends ParseArgsOptionsConfig>(args: readonly string[], known: T) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError where an option that is needed was not given */
export function needed(value: string | undefined, name: string): string {
  if (value !== undefined && value !== "") return value;
  throw new UsageError(`--${name} is missing`);
}
