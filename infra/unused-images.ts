import { engineNames, readsWeights } from "../components/engines/engines.ts";
import type { StackConfig } from "./config/parse.ts";
import { engineImages, type ImageVersion, images } from "./versions.ts";

/**
 * Images that only an option of the stack would pull, and that a site need not have. The egress probe and the
 * route controller are built by the site itself; one that runs neither should not have to build them.
 */
export function unusedImages(stack: StackConfig): readonly ImageVersion[] {
  const platform = stack.layer === "platform" ? stack : undefined;
  const served = new Set(platform?.models.map(({ engine }) => engine) ?? ["vllm"]);
  return [
    ...engineNames.filter((name) => !served.has(name)).map((name) => images[engineImages[name]]),
    ...(platform?.models.some(({ engine }) => readsWeights(engine)) === true
      ? []
      : [images.weights]),
    ...(platform?.probe === undefined ? [images.egressProbe] : []),
    ...(platform?.gateway === undefined ? [images.envoy, images.routeController] : []),
    ...(platform?.gateway?.limits === undefined ? [images.rateLimitService, images.redis] : []),
  ];
}
