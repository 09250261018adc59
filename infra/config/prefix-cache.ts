import { gatewayShape } from "../../components/lib/stack/gateway.ts";
import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";

/**
 * Models that keep beginnings of prompts where nothing tells their tenants apart. The gateway salts requests, and
 * cannot take a salt out again: where some class has a provider, it would go there.
 */
export function prefixCacheFaults(models: readonly ModelConfig[], gateway: unknown): Fault[] {
  const reason = gateway === undefined ? noGateway : withProvider(gateway);
  if (reason === undefined) return [];
  return models.flatMap(({ prefixCache }, index) =>
    prefixCache ? [{ path: ["models", index, "prefixCache"], message: `true: ${reason}` }] : [],
  );
}

const noGateway =
  "answer times would tell one tenant how another's prompts begin, and without a gateway nobody gives requests a salt of their team; remove it, or describe a gateway";

function withProvider(gateway: unknown): string | undefined {
  const parsed = gatewayShape.safeParse(gateway);
  if (!parsed.success) return undefined;
  const { name } =
    parsed.data.taskClasses.find(({ backends }) =>
      backends.some(({ kind }) => kind === "external"),
    ) ?? {};
  if (name === undefined) return undefined;
  return `the salt that keeps teams apart is part of a request, and requests of task class ${name} may go to a provider, with it; remove it until no class has an external backend`;
}
