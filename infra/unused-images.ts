import type { StackConfig } from "./config/parse.ts";
import { type ImageVersion, images } from "./versions.ts";

/**
 * Images that only an option of the stack would pull, and that a site need not have. The egress probe and the
 * route controller are built by the site itself; one that runs neither should not have to build them.
 */
export function unusedImages(stack: StackConfig): readonly ImageVersion[] {
  const platform = stack.layer === "platform" ? stack : undefined;
  return [
    ...(platform?.probe === undefined ? [images.egressProbe] : []),
    ...(platform?.gateway === undefined ? [images.envoy, images.routeController] : []),
    ...(platform?.gateway?.limits === undefined ? [images.rateLimitService, images.redis] : []),
  ];
}
