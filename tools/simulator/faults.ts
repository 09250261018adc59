import { isRecord } from "./values.ts";

/** What the simulator does wrong, on request. */
export type Fault =
  | { readonly kind: "none" }
  /** Accepts and never answers. `headers`: a stream still gets its status line, as from the engine. */
  | { readonly kind: "wedge"; readonly headers: boolean }
  | { readonly kind: "slow"; readonly factor: number }
  | { readonly kind: "status"; readonly status: FaultStatus; readonly rate: number }
  | { readonly kind: "reset" }
  | { readonly kind: "reset-mid-stream"; readonly afterChunks: number }
  | { readonly kind: "refuse" }
  | { readonly kind: "full" };

export type FaultStatus = 429 | 500 | 503;

export type ParsedFault =
  | { readonly ok: true; readonly fault: Fault }
  | { readonly ok: false; readonly message: string };

const kinds = "none, wedge, slow, status, reset, reset-mid-stream, refuse, full";

export function parseFault(body: unknown): ParsedFault {
  if (!isRecord(body)) return wrong(`the body is no object; send {"kind": …} with ${kinds}`);
  switch (body["kind"]) {
    case "none":
      return { ok: true, fault: { kind: "none" } };
    case "reset":
      return { ok: true, fault: { kind: "reset" } };
    case "refuse":
      return { ok: true, fault: { kind: "refuse" } };
    case "full":
      return { ok: true, fault: { kind: "full" } };
    case "wedge":
      return { ok: true, fault: { kind: "wedge", headers: body["headers"] === true } };
    case "slow":
      return slow(body["factor"] ?? 10);
    case "status":
      return status(body["status"], body["rate"] ?? 1);
    case "reset-mid-stream":
      return midStream(body["afterChunks"] ?? 3);
    default:
      return wrong(`kind is ${JSON.stringify(body["kind"])}; send one of ${kinds}`);
  }
}

function slow(factor: unknown): ParsedFault {
  if (typeof factor === "number" && factor >= 1 && factor <= 10_000)
    return { ok: true, fault: { kind: "slow", factor } };
  return wrong(`factor is ${JSON.stringify(factor)}; send a number from 1 to 10000`);
}

function status(value: unknown, rate: unknown): ParsedFault {
  if (value !== 429 && value !== 500 && value !== 503)
    return wrong(`status is ${JSON.stringify(value)}; send 429, 500 or 503`);
  if (typeof rate !== "number" || rate < 0 || rate > 1)
    return wrong(`rate is ${JSON.stringify(rate)}; send a number from 0 to 1`);
  return { ok: true, fault: { kind: "status", status: value, rate } };
}

function midStream(afterChunks: unknown): ParsedFault {
  if (typeof afterChunks === "number" && Number.isInteger(afterChunks) && afterChunks >= 1)
    return { ok: true, fault: { kind: "reset-mid-stream", afterChunks } };
  return wrong(`afterChunks is ${JSON.stringify(afterChunks)}; send a whole number from 1`);
}

function wrong(message: string): ParsedFault {
  return { ok: false, message };
}
