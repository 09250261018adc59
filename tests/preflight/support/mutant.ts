import type { RecordingName } from "../../../preflight/recordings.ts";

/** One change of the sound recordings, and what has to be said of it. */
export interface Mutant {
  readonly title: string;
  readonly recording: RecordingName;
  readonly from: string | RegExp;
  readonly to: string;
  readonly complaint: RegExp;
}
