import type { StackConfig } from "./config/parse.ts";
import { type ImageVersion, images } from "./versions.ts";

/**
 * Images that only an option of the stack would pull, and that a site need not have. The egress probe is
 * built by the site itself; one that runs no probe should not have to build it.
 */
export function unusedImages(stack: StackConfig): readonly ImageVersion[] {
  return stack.layer === "platform" && stack.probe !== undefined ? [] : [images.egressProbe];
}
