import test from "ava";
import fc from "fast-check";
import { phaseNames } from "../../components/lib/migration/phases.ts";
import type { ChangeRequest } from "../../migration/change-request.ts";
import { effectiveRoutes } from "../../migration/effective-routes.ts";
import type { Situation } from "../../migration/plan-change.ts";
import { verifyChain } from "../../migration/verify-chain.ts";
import { after, plan, situationOf } from "./support/changes.ts";
import { desiredOf } from "./support/desired.ts";

const names = [...desiredOf().classes.map(({ name }) => name), "unknown"];
const some = fc.subarray(names);
const weights = fc.oneof(
  fc.nat({ max: 100 }).map((share) => ({ "self-hosted": share, "gpt-4-turbo": 100 - share })),
  fc.dictionary(
    fc.constantFrom("self-hosted", "gpt-4-turbo", "other"),
    fc.integer({ min: -5, max: 120 }),
  ),
);
const request: fc.Arbitrary<ChangeRequest> = fc.oneof(
  fc.record({ action: fc.constant("set"), class: fc.constantFrom(...names), weights }),
  fc.record({
    action: fc.constant("promote"),
    phase: fc.constantFrom(...phaseNames, "unknown"),
    classes: some,
  }),
  fc.record({
    action: fc.constant("rollback"),
    classes: fc.oneof(some, fc.constant("all" as const)),
  }),
  fc.record({ action: fc.constant("clear"), classes: some }),
);

test("whatever is asked, shares add up to 100, closed classes stay, and the chain holds", (t) => {
  const own = situationOf();
  const closed = own.desired.classes.filter(({ dataClass }) => dataClass !== "public");
  fc.assert(
    fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
      let now: Situation = own;
      for (const one of requests) {
        const planned = plan(now, one);
        if (planned.kind === "change") now = after(now, planned);
        const { classes, override } = effectiveRoutes(now.desired, now.override, now.records);
        if (override.state === "void") return false;
        for (const { weights: shares, desired } of classes) {
          const list = Object.values(shares);
          if (list.reduce((sum, share) => sum + share, 0) !== 100) return false;
          if (list.some((share) => share < 0 || !Number.isInteger(share))) return false;
          if (list.length !== desired.backends.length) return false;
        }
        const moved = classes.filter(
          ({ desired, overridden }) => closed.includes(desired) && overridden,
        );
        if (moved.length > 0) return false;
      }
      return verifyChain(now.records).length === 0;
    }),
    { numRuns: 300 },
  );
  t.pass();
});
